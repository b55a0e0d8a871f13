"""Reach, change and take away any part of a JSON document, by its path."""

import copy


def at(document, path):
    for step in path:
        document = document[step]
    return document


def changed(document, path, value):
    copied = copy.deepcopy(document)
    at(copied, path[:-1])[path[-1]] = value
    return copied


def without(document, path):
    copied = copy.deepcopy(document)
    del at(copied, path[:-1])[path[-1]]
    return copied
