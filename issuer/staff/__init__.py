"""The people who work here: what they may do, and how they get in."""
