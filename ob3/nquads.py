"""N-Quads: the four terms of a statement, how they are written in canonical form, and how they are read.

A term is kept as it is written: an IRI in angle brackets, a literal in quotes, a blank node with its `_:` in
front, and an empty text for the default graph. So the first character tells what a term is, and writing a
quad is joining four texts.
Source: RDF 1.1 N-Quads; RDF Dataset Canonicalization (RDFC-1.0), section 5, "Canonical form of N-Quads".
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ob3.errors import MalformedIri
from ob3.written import is_printed

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


Statement = tuple[str, str, str, str]  # the terms of a Quad, where millions of them are made


class Quad(NamedTuple):
    """One statement, its terms as they are written."""

    subject: str
    predicate: str
    object: str
    graph: str = ""


_LONG = 1_000  # characters; of fewer Python's own look is the quicker one
_ESCAPES = {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)}
_ESCAPES |= {0x08: "\\b", 0x09: "\\t", 0x0A: "\\n", 0x0C: "\\f", 0x0D: "\\r", 0x22: '\\"', 0x5C: "\\\\"}

_IRI = r'<((?:[^\x00-\x20<>"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*)>'
_BLANK = r"(_:\w(?:[\w.·-]*[\w·-])?)"
_LITERAL = rf'"((?:[^"\\\n\r]|\\.)*)"(?:\^\^{_IRI}|@([a-zA-Z]+(?:-[a-zA-Z0-9]+)*))?'
_LINE = re.compile(
    rf"[ \t]*(?:{_IRI}|{_BLANK})[ \t]*{_IRI}[ \t]*(?:{_IRI}|{_BLANK}|{_LITERAL})"
    rf"[ \t]*(?:(?:{_IRI}|{_BLANK})[ \t]*)?\.[ \t]*(?:#.*)?"
)
_HALF_OF_A_PAIR = re.compile("[\ud800-\udfff]")  # no text, and no bytes in UTF-8 that could be hashed
_EMPTY = re.compile(r"[ \t]*(?:#.*)?")
_END_OF_LINE = re.compile(r"[\r\n]+")
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SHORT = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


def iri(text: str) -> str:
    """Write an IRI as a term."""
    return f"<{text}>"


def literal(value: str, *, datatype: str = "", language: str = "") -> str:
    """Write a literal as a term, with exactly the escapes of the canonical form."""
    written = quoted(value)
    if language:
        return f"{written}@{language}"
    if datatype and datatype != XSD + "string":
        return f"{written}^^<{datatype}>"
    return written


def quoted(text: str) -> str:
    """Write the text of a literal with its quotes."""
    return f'"{text if is_plain(text) else text.translate(_ESCAPES)}"'


def is_plain(text: str) -> bool:
    """Tell, as quickly as can be, whether a text stands in a literal as it is; so does nearly every text."""
    if len(text) > _LONG and is_printed(text):  # the list of a million statuses
        return True
    return text.isprintable() and '"' not in text and "\\" not in text


def write(quad: Quad) -> str:
    """Write a statement as one line with its line end."""
    return f"{quad.subject} {quad.predicate} {quad.object} {quad.graph}{' ' if quad.graph else ''}.\n"


def parse(text: str) -> list[Quad]:
    """Read N-Quads, each statement once, in the order they stand.

    Raises MalformedIri (`malformed_nquads`) with the number of the line that does not fit the grammar.
    """
    quads: dict[Quad, None] = {}
    for number, line in enumerate(_END_OF_LINE.split(text), start=1):
        if _EMPTY.fullmatch(line):
            continue
        match = _LINE.fullmatch(line)
        if match is None or _HALF_OF_A_PAIR.search(line):
            raise MalformedIri("malformed_nquads", f"Line {number} is not a statement in N-Quads.")
        quads[_quad(match, number)] = None
    return list(quads)


def _quad(match: re.Match[str], line: int) -> Quad:
    subject, subject_blank, predicate, thing, thing_blank, text, datatype, language, graph, graph_blank = (
        match.groups()
    )
    if text is not None:
        spoken = literal(
            _unescape(text, line), datatype=_unescape(datatype or "", line), language=language or ""
        )
    else:
        spoken = thing_blank or iri(_unescape(thing, line))
    return Quad(
        subject_blank or iri(_unescape(subject, line)),
        iri(_unescape(predicate, line)),
        spoken,
        graph_blank or (iri(_unescape(graph, line)) if graph is not None else ""),
    )


def _unescape(text: str, line: int) -> str:
    def plain(match: re.Match[str]) -> str:
        short, long, letter = match.groups()
        if letter is None:
            code = int(short or long, 16)
            if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
                return chr(code)
        elif letter in _SHORT:
            return _SHORT[letter]
        raise MalformedIri("malformed_nquads", f"Line {line} holds an escape that N-Quads does not know.")

    return _ESCAPED.sub(plain, text) if "\\" in text else text
