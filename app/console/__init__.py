"""The console: pages on which the staff of an institution describe, issue and answer for credentials."""
