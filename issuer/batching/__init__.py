"""Batches in the console: a file taken in, mended, approved by a second person, issued, reported, undone.

Every function takes the office as somebody uses it (`deployment.acting(actor)`) first.
"""
