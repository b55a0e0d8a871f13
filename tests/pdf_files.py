"""PDFs for tests: with attachments in every place, and made to harm."""

import io
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String


def pdf(*attachments, build=None, **save):
    """Return a one-page PDF with (name, content) attachments; `build(document)` may add to it."""
    document = pikepdf.new()
    document.add_blank_page()
    for name, content in attachments:
        document.attachments[name] = pikepdf.AttachedFileSpec(document, content, filename=name)
    if build:
        build(document)
    output = io.BytesIO()
    document.save(output, **save)
    document.close()
    return output.getvalue()


def specification(document, content, **stream):
    """Return an indirect file specification that embeds `content`."""
    embedded = document.make_indirect(Stream(document, content, Type=Name.EmbeddedFile, **stream))
    return document.make_indirect(
        Dictionary(Type=Name.Filespec, F=String("credential.json"), EF=Dictionary(F=embedded))
    )


def raw_stream(document, raw, filters, **more):
    """Return an indirect specification with `raw` as it stands in the file under `filters`."""
    embedded = document.make_indirect(Stream(document, b"", Type=Name.EmbeddedFile))
    embedded.write(raw, filter=filters, type_check=False, **more)
    return document.make_indirect(Dictionary(Type=Name.Filespec, EF=Dictionary(F=embedded)))


def embed(document, *specifications):
    """Put specifications into the tree of embedded files."""
    names = Array([part for item in specifications for part in (String("x"), item)])
    document.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=names))


def looping_names(document):
    node = document.make_indirect(Dictionary(Names=Array([])))
    other = document.make_indirect(Dictionary(Kids=Array([node, node])))
    node.Kids = Array([other, node])
    document.Root.Names = Dictionary(EmbeddedFiles=node)


def deep_names(levels, content):
    def build(document):
        node = Dictionary(Names=Array([String("x"), specification(document, content)]))
        for _ in range(levels):
            node = document.make_indirect(Dictionary(Kids=Array([document.make_indirect(node)])))
        document.Root.Names = Dictionary(EmbeddedFiles=node)

    return build


def wide_names(document):
    """Let every node name the next level ten times: 10^9 paths in a few objects."""
    node = document.make_indirect(Dictionary(Names=Array([])))
    for _ in range(9):
        node = Dictionary(Kids=Array([node] * 10))
        node = document.make_indirect(node)
    document.Root.Names = Dictionary(EmbeddedFiles=node)


def wide_direct_names(document):
    """Name thousands of direct nodes, which have no identity to remember."""
    kids = Array([Dictionary(Kids=Array([Dictionary() for _ in range(100)])) for _ in range(100)])
    document.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Kids=kids))


def looping_pages(document):
    document.Root.Pages.Kids.append(document.Root.Pages)
    document.Root.Pages.Kids[0].Parent = document.Root.Pages


def xref_bomb(mebibytes):
    """Return a small PDF whose cross-reference stream unpacks to the given size."""
    packer = zlib.compressobj(9)
    zeros = b"\0" * 2**20
    first = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = first + again * (mebibytes - 1)
    head = b"%PDF-1.7\n"
    table = (
        b"2 0 obj\n<< /Type /XRef /Size 3 /W [1 2 1] /Root 1 0 R /Filter /FlateDecode /Length %d >>\n"
        % len(packed)
        + b"stream\n"
        + packed
        + b"\nendstream\nendobj\n"
    )
    return head + table + b"startxref\n%d\n%%%%EOF\n" % len(head)
