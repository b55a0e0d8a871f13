"""The demonstration: an invented consortium of ten universities, its micro-credentials and classes."""
