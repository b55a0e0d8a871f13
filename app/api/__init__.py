"""The interface for programs: JSON under /api/v1, with a token in place of a session."""
