"""The pages: one blueprint a resource, each made by a function that is given what it needs."""
