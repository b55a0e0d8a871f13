"""The parts of an Excel workbook: a ZIP archive that is looked over before anything in it is unpacked."""

import io
import posixpath
import re
import zipfile
import zlib
from pyexpat import ExpatError
from typing import Any
from xml.parsers.expat import ParserCreate

from issuer.errors import ClassListRefused

MAX_ENTRIES = 2_000
MAX_UNPACKED = 48 * 1024 * 1024  # bytes of all parts that are read
MAX_TAGS = 2_500_000  # 20,000 rows of 30 cells
_UNPREFIXED = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?[^>]{0,200}>\s*)?<\w+[\s/>]")
_DAMAGED = "The workbook is damaged or was not sent whole. Open it, save it again and hand that in."
_SAVE_AS = "Open it in your spreadsheet program, save it as “Excel Workbook (.xlsx)” and hand that in."


class Archive:
    """The named parts of a workbook, unpacked one by one within limits."""

    def __init__(self, data: bytes) -> None:
        """Open a workbook; raises ClassListRefused for what is none, is encrypted or too large."""
        if data.count(b"PK\x01\x02") > MAX_ENTRIES:
            raise ClassListRefused("too_large", f"The workbook has more than {MAX_ENTRIES} parts. {_SAVE_AS}")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
            raise damaged() from error
        self._entries = {entry.filename.lstrip("/").casefold(): entry for entry in self._zip.infolist()}
        self._left = MAX_UNPACKED
        self._tags = MAX_TAGS
        _check_kind(set(self._entries))

    def has(self, name: str) -> bool:
        """Tell whether there is a part of that name; names have no capitals (ECMA-376, part 2, 6.2.2.3)."""
        return name.casefold() in self._entries

    def part(self, name: str) -> bytes:
        """Unpack a part; raises ClassListRefused if it is missing, damaged, or too large."""
        entry = self._entries.get(name.casefold())
        if entry is None:
            raise damaged()
        if entry.flag_bits & 1:
            raise locked()
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise damaged()
        if entry.file_size > self._left:
            raise too_large()
        try:
            with self._zip.open(entry) as stream:
                data = stream.read(self._left + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
            raise damaged() from error
        self._left -= len(data)
        self._tags -= data.count(b"<")
        if self._left < 0 or self._tags < 0:
            raise too_large()
        return data


def parse(data: bytes, handler: Any) -> None:
    """Give the elements of a part to `handler.start(name, attributes)`, `.end(name)` and `.text(characters)`.

    Elements lose the prefix that the outermost one has. A document type is refused, so that there are no
    entities to expand.
    """
    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = handler.start, handler.end
    if not _UNPREFIXED.match(data):
        parser.StartElementHandler = lambda name, given: handler.start(name.rpartition(":")[2], given)
        parser.EndElementHandler = lambda name: handler.end(name.rpartition(":")[2])
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse_document_type
    try:
        parser.Parse(data, True)  # in one piece: expat before 2.6 reads a token again for every further piece
    except (ExpatError, UnicodeError, ValueError, LookupError) as error:
        raise damaged() from error


def _refuse_document_type(*_: object) -> None:
    raise ClassListRefused("damaged", f"The workbook has a part that no spreadsheet writes. {_SAVE_AS}")


def resolved(part: str, target: str) -> str:
    """Give the name of the part that a relationship of `part` points to."""
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


def refuse_other_kinds(data: bytes, file_name: str) -> None:
    """Raise ClassListRefused for bytes that are neither text nor a ZIP archive, with a way to save them."""
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):  # OLE compound file
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise locked()
        raise ClassListRefused("kind", f"This is a workbook of the old kind (.xls). {_SAVE_AS}")
    if data.startswith(b"%PDF"):
        raise ClassListRefused("kind", "This is a PDF. Hand in the spreadsheet that it was made from.")
    start = data[:2_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if re.match(rb"<(!doctype html|html|table|\?xml|meta|head|style)", start):
        raise ClassListRefused("kind", f"This is a web page or XML, whatever its name says. {_SAVE_AS}")
    if start.startswith((b"\x89png", b"\xff\xd8\xff", b"gif8", b"{\\rtf", b"rar!", b"7z\xbc\xaf")):
        raise ClassListRefused("kind", f"This is not a spreadsheet. {_SAVE_AS}")
    if file_name.casefold().endswith((".xlsx", ".xlsm")):
        raise ClassListRefused("kind", f"The name says Excel workbook, but it is none. {_SAVE_AS}")


def damaged() -> ClassListRefused:
    """Say that the workbook cannot be read."""
    return ClassListRefused("damaged", _DAMAGED)


def locked() -> ClassListRefused:
    """Say that the workbook is encrypted."""
    return ClassListRefused(
        "password", "The workbook is protected by a password. Save it without one and hand that in."
    )


def too_large() -> ClassListRefused:
    """Say that what is packed in the workbook is too large."""
    return ClassListRefused(
        "too_large",
        "The workbook holds more than is read at once. Copy the class list alone into a new workbook.",
    )


def _check_kind(names: set[str]) -> None:
    if any(name.startswith("xl/") and name.endswith(".xml") for name in names):
        return
    if "content.xml" in names and "mimetype" in names:
        raise ClassListRefused("kind", f"This is an OpenDocument file (.ods). {_SAVE_AS}")
    if "xl/workbook.bin" in names:
        raise ClassListRefused("kind", f"This is a binary workbook (.xlsb). {_SAVE_AS}")
    if any(name.startswith("word/") for name in names):
        raise ClassListRefused("kind", "This is a Word document. Copy its table into a spreadsheet.")
    if any(name.startswith("index/") and name.endswith(".iwa") for name in names):
        raise ClassListRefused("kind", "This is a Numbers file. Export it as an Excel workbook (.xlsx).")
    raise ClassListRefused("kind", "This is a ZIP archive, not a workbook. Unpack it and hand in the list.")
