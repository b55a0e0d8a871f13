"""Drafts of definitions: written by authors, reviewed by others, published as versions that never change."""
