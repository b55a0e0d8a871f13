"""The ways to secure a document, one module for each family; `ob3.cryptosuite` lists those that are read."""
