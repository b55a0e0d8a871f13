"""Mails: what they say, in whose words, when they go out, and what became of each."""
