"""The audit: every act with who, where, when, before and after, as a chain of hashes."""
