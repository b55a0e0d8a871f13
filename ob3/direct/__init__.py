"""From a document straight to its statements, for documents of which every part is plain.

The general path expands a document into new objects and walks those. Here PyLD processes each combination of
contexts once, what it says about every member is written into tables, and a document is walked once along
them. What the tables do not cover is declined, never guessed and never refused: the general path then answers
or refuses, in its words. So this path has one duty: where it answers, its statements are those of the general
path, down to the labels of blank nodes.

`tables` keeps what was made for a set of contexts, `terms` reads one member's definition, `plans` puts the
definitions of one kind of object together, `walk` writes the statements.
"""

from ob3.direct.walk import direct_statements

__all__ = ["direct_statements"]
