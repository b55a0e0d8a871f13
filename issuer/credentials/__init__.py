"""Credentials that were issued: finding them, what became of each, acts on one or on many."""
