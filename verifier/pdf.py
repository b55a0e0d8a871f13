"""Find the one credential attached to a PDF, without drawing a page or running an action (threat U3).

Only the last revision counts, and in it only the attachments: the tree of embedded files and the associated
files (AF) of the document and its pages (ISO 32000-2, 7.11.4 and 14.13). Every walk has a bound on depth and
number. Attachments are unpacked here, not by the PDF library, so that their size is bounded while they grow.

The PDF library still reads hostile structures: outside tests these functions run in a limited child only.
"""

import io
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf

from verifier.errors import ContainerRefused
from verifier.text_forms import looks_like_credential

ATTACHMENT_BYTES = 1024 * 1024
_MAX_DEPTH = 32
_MAX_NODES = 2000
_MAX_ATTACHMENTS = 64
# In pikepdf nearly every operation on a malformed object can fail in its own way.
_LIBRARY_ERRORS = (
    pikepdf.PdfError,
    pikepdf.PikepdfError,
    zlib.error,
    RuntimeError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    OSError,
)


def attached_credential(data: bytes) -> bytes:
    """Return the bytes of the only credential attached to the PDF `data`.

    Raise ContainerRefused if there is none or more than one, if the file is encrypted or damaged, or where a
    limit is met.
    """
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False, inherit_page_attributes=False) as pdf:
            if pdf.is_encrypted:
                raise _encrypted()
            found = {content for content in _attachments(pdf) if looks_like_credential(content)}
    except pikepdf.PasswordError:
        raise _encrypted() from None
    except RecursionError:
        raise _too_deep() from None
    except _LIBRARY_ERRORS as error:
        raise ContainerRefused(
            "pdf_damaged",
            "The PDF is damaged or was changed after it was made. "
            "Please use the file as it was first downloaded.",
        ) from error
    return _only(found)


def _only(found: set[bytes]) -> bytes:
    if len(found) > 1:
        raise ContainerRefused(
            "several_credentials",
            "The PDF has several credentials attached, so it is not clear which one counts.",
        )
    if not found:
        raise ContainerRefused(
            "no_credential",
            "The PDF has no credential attached. A printed, scanned or re-saved certificate loses it: "
            "please use the file as it was first downloaded, or the code printed on it.",
        )
    return found.pop()


def _attachments(pdf: pikepdf.Pdf) -> Iterator[bytes]:
    """Yield the unpacked content of every attachment once."""
    walk = _Walk()
    seen: set[tuple[int, int]] = set()
    for specification in _specifications(pdf, walk):
        for stream in _streams(specification):
            if stream.objgen in seen:
                continue
            seen.add(stream.objgen)
            if len(seen) > _MAX_ATTACHMENTS:
                raise _too_many(f"more than {_MAX_ATTACHMENTS} attachments")
            yield _unpacked(stream)


class _Walk:
    """Count the nodes of all trees together, and remember those that were visited."""

    def __init__(self) -> None:
        self._seen: set[tuple[int, int]] = set()
        self._count = 0

    def enter(self, node: Any, depth: int) -> bool:
        """Return False for a node that was visited before or is no dictionary."""
        self._count += 1
        if self._count > _MAX_NODES:
            raise _too_many(f"more than {_MAX_NODES} pages and entries")
        if depth > _MAX_DEPTH:
            raise _too_deep()
        if not isinstance(node, pikepdf.Dictionary):
            return False
        new = node.objgen == (0, 0) or node.objgen not in self._seen
        self._seen.add(node.objgen)
        return new


def _specifications(pdf: pikepdf.Pdf, walk: _Walk) -> Iterator[Any]:
    root = pdf.Root
    names = root.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        yield from _named(names.get("/EmbeddedFiles"), walk, 0)
    yield from _associated(root, walk)
    yield from _of_pages(root.get("/Pages"), walk, 0)


def _named(node: Any, walk: _Walk, depth: int) -> Iterator[Any]:
    """Yield the file specifications of a name tree."""
    if not walk.enter(node, depth):
        return
    names = _array(node.get("/Names"))
    for index in range(1, len(names), 2):
        if walk.enter(names[index], depth):
            yield names[index]
    for kid in _array(node.get("/Kids")):
        yield from _named(kid, walk, depth + 1)


def _of_pages(node: Any, walk: _Walk, depth: int) -> Iterator[Any]:
    """Yield the associated files of the pages under `node`."""
    if not walk.enter(node, depth):
        return
    yield from _associated(node, walk)
    for kid in _array(node.get("/Kids")):
        yield from _of_pages(kid, walk, depth + 1)


def _associated(node: Any, walk: _Walk) -> Iterator[Any]:
    files = node.get("/AF")
    for specification in [files] if isinstance(files, pikepdf.Dictionary) else _array(files):
        if walk.enter(specification, 0):
            yield specification


def _array(value: Any) -> list[Any]:
    """Return the members of a PDF array, or nothing for any other value."""
    if not isinstance(value, pikepdf.Array):
        return []
    if len(value) > 2 * _MAX_NODES:
        raise _too_many(f"more than {_MAX_NODES} entries in one list")
    return list(value)


def _streams(specification: Any) -> Iterator[pikepdf.Stream]:
    embedded = specification.get("/EF")
    if isinstance(embedded, pikepdf.Dictionary):
        for key in ("/F", "/UF", "/DOS", "/Mac", "/Unix"):
            stream = embedded.get(key)
            if isinstance(stream, pikepdf.Stream):
                yield stream


def _unpacked(stream: pikepdf.Stream) -> bytes:
    """Return the content of an embedded file: stored plainly, or deflated once."""
    raw = stream.read_raw_bytes()
    filters = stream.get("/Filter")
    names = list(filters) if isinstance(filters, pikepdf.Array) else [filters] if filters is not None else []
    if (
        "/F" in stream
        or len(names) > 1
        or (names and str(names[0]) != "/FlateDecode")
        or _has_predictor(stream)
    ):
        raise ContainerRefused(
            "pdf_filters", "The PDF stores an attachment in an unusual way (several or uncommon filters)."
        )
    if not names:
        return _bounded(raw)
    inflate = zlib.decompressobj()
    content = inflate.decompress(raw, ATTACHMENT_BYTES + 1)
    _bounded(content)
    if not inflate.eof:
        raise ValueError("the deflated data breaks off")
    return content


def _has_predictor(stream: pikepdf.Stream) -> bool:
    parameters = stream.get("/DecodeParms")
    if isinstance(parameters, pikepdf.Array):
        parameters = parameters[0] if len(parameters) else None
    return isinstance(parameters, pikepdf.Dictionary) and int(parameters.get("/Predictor", 1)) != 1


def _bounded(content: bytes) -> bytes:
    if len(content) > ATTACHMENT_BYTES:
        raise ContainerRefused(
            "too_large",
            "A file attached to the PDF is larger than 1 MiB, so the PDF was not read.",
            limit=True,
        )
    return content


def _too_many(what: str) -> ContainerRefused:
    return ContainerRefused("too_many_values", f"The PDF has {what}, so it was not read.", limit=True)


def _too_deep() -> ContainerRefused:
    return ContainerRefused("too_deep", "The PDF is nested too deeply, so it was not read.", limit=True)


def _encrypted() -> ContainerRefused:
    return ContainerRefused(
        "pdf_encrypted",
        "The PDF is protected with a password or permissions. Please use the file as it was issued.",
    )
