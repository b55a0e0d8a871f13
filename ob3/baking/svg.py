"""Credentials in SVG pictures, read without entities, declarations or the network (THREATS U2)."""

import hashlib
import re

from lxml import etree

from ob3.baking.limits import BakingLimits
from ob3.baking.prolog import check_prolog
from ob3.baking.refusal import ImageRefused
from ob3.baking.text import extracted_text, is_compact_jws

_OPENBADGES = "https://purl.imsglobal.org/ob/v3p0"
_CREDENTIAL = f"{{{_OPENBADGES}}}credential"
_SVG_ROOT = "{http://www.w3.org/2000/svg}svg"
_SPACE = " \t\r\n"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_PREFIX = re.compile(rb"xmlns:([A-Za-z_][A-Za-z0-9_.-]*)")
# XML 1.0, section 2.2: the only characters that a document may hold, however they are written.
_RESOURCE_LIMIT = 114  # XML_ERR_RESOURCE_LIMIT of libxml2 2.14, which lxml does not name yet
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def is_svg(image: bytes) -> bool:
    """Say whether bytes start as an XML document does."""
    return image.removeprefix(_BYTE_ORDER_MARK).lstrip()[:1] == b"<"


def bake_svg(image: bytes, text: str, *, limits: BakingLimits) -> bytes:
    """Give the SVG with one `openbadges:credential` first in it: JSON in CDATA, a JWS in `verify`.

    Raises BakingRefused `malformed_svg`, `svg_doctype`, `svg_encoding`, `svg_character` or
    `svg_prefix_taken`.
    """
    if _NOT_IN_XML.search(text):
        raise ImageRefused("svg_character", "The credential holds a character that no SVG can carry.")
    root = _parsed(image, limits)
    for old in list(root.iter(_CREDENTIAL)):
        _remove(old)
    _declare_prefix(root, image)
    credential = etree.Element(_CREDENTIAL)
    credential.tail, root.text = root.text, None
    root.insert(0, credential)
    if is_compact_jws(text):
        credential.set("verify", text)
        return _serialised(root)
    # lxml refuses `]]>` in CDATA: the sections are put in place of a mark that occurs nowhere else
    mark = hashlib.sha256(image + b"\0" + text.encode("utf-8")).hexdigest()
    credential.text = mark
    before, _, after = _serialised(root).partition(mark.encode("ascii"))
    return before + _cdata(text).encode("utf-8") + after


def unbake_svg(image: bytes, *, limits: BakingLimits) -> str:
    """Give the credential of an SVG.

    Raises BakingRefused `malformed_svg`, `svg_doctype`, `svg_encoding`, `no_credential`, `two_credentials`,
    `credential_form`, `malformed_credential` or `credential_too_large`.
    """
    root = _parsed(image, limits)
    found = list(root.iter(_CREDENTIAL))
    if not found:
        raise ImageRefused("no_credential", "The SVG picture carries no Open Badges credential.")
    if len(found) > 1:
        raise ImageRefused("two_credentials", "The SVG picture carries more than one credential.")
    return extracted_text(_content(found[0], root).encode("utf-8"), limits=limits)


def _content(credential: etree._Element, root: etree._Element) -> str:
    body, verify = (credential.text or "").strip(_SPACE), credential.get("verify")
    if credential.getparent() is not root or len(credential):
        raise ImageRefused(
            "credential_form", "The credential does not stand directly inside the SVG, as text."
        )
    if verify is not None and body:
        raise ImageRefused("two_credentials", "The SVG picture has a credential as text and one in verify.")
    if verify is not None and not is_compact_jws(verify):
        raise ImageRefused(
            "malformed_credential", "The verify attribute of the SVG picture is not a compact JWS."
        )
    return body if verify is None else verify


def _parsed(image: bytes, limits: BakingLimits) -> etree._Element:
    if len(image) > limits.svg_bytes:
        raise ImageRefused(
            "image_too_large", f"The SVG picture has more than {limits.svg_bytes:,} bytes.", limit=True
        )
    check_prolog(image.removeprefix(_BYTE_ORDER_MARK))
    try:
        root = etree.fromstring(image, _parser())
    except etree.XMLSyntaxError as error:
        raise ImageRefused(
            "malformed_svg",
            "The SVG picture is not well-formed XML, or is nested too deep.",
            limit=getattr(error, "code", None) == _RESOURCE_LIMIT,
        ) from None  # the library's message quotes the hostile text
    if root.tag != _SVG_ROOT:
        raise ImageRefused("not_an_image", "The file is XML, but not an SVG picture.")
    return root


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",  # whatever the document declares: the prolog was checked as UTF-8
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        strip_cdata=False,
    )


def _remove(element: etree._Element) -> None:
    """Take an element out and leave the text after it where it was."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _declare_prefix(root: etree._Element, image: bytes) -> None:
    if root.nsmap.get("openbadges", _OPENBADGES) != _OPENBADGES:
        raise ImageRefused(
            "svg_prefix_taken", "The SVG picture uses the prefix openbadges for something else."
        )
    kept = [prefix.decode("ascii") for prefix in set(_PREFIX.findall(image))]
    etree.cleanup_namespaces(
        root, top_nsmap={"openbadges": _OPENBADGES}, keep_ns_prefixes=[*kept, "openbadges"]
    )


def _serialised(root: etree._Element) -> bytes:
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)


def _cdata(text: str) -> str:
    """Write text so that an XML parser gives it back unchanged.

    `]]>` would end the section, and a carriage return would be read as a line feed (XML 1.0, section 2.11).
    """
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>").replace("\r", "]]>&#13;<![CDATA[") + "]]>"
