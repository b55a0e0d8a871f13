"""Recognition at work: statements are made by people, signed by the worker, withdrawn, and received."""
