"""Sign credentials that differ in values only: what they have in common is worked out once.

The first documents of a shape take the ordinary way. Where two of them differ, only in texts, a template is
made from one: each such text is marked, and the direct path shows where the marks land among the statements.
A further document that is equal everywhere else fills its texts in; only the blank nodes that a text touches
are hashed again, all labels follow from that, and the lines are sorted. Whatever is not certain to give the
same bytes is no match, and takes the ordinary way.

`look` tells whether a document is of a shape and takes its texts out, `slots` says what may stand for a text,
`template` makes the canonical form, `shapes` remembers and learns, `signer` signs.
"""
