"""Say what an absolute IRI looks like."""

from __future__ import annotations

import re

# A scheme, then nothing that RFC 3987 or the grammar of N-Quads keeps out: no white space of any script, no
# control characters, none of <>"{}|\^`. The rest of the grammar is left to whoever opens the address.
_ABSOLUTE = re.compile(
    '[A-Za-z][A-Za-z0-9+.-]*:[^\\s\x00-\x20\x7f-\x9f<>"{}|\\\\^`\ud800-\udfff\ufffe\uffff]+'
)


def is_absolute_iri(text: object) -> bool:
    """Tell whether a value is a text that may stand as an IRI, complete and without forbidden characters."""
    return isinstance(text, str) and _ABSOLUTE.fullmatch(text) is not None
