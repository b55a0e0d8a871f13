"""The VC-API that public test suites drive: it signs and checks any W3C credential, with keys of its own that
live as long as the process. Off unless a setting asks for it."""
