"""The same certificate by WeasyPrint, and the same badge by Pillow: what others would use."""

import html
import importlib
import io
import random
from importlib import metadata
from typing import Any

from PIL import Image, PngImagePlugin

from issuer.certificate import CertificateInput
from issuer.qr import qr_svg

PDF = "WeasyPrint, the same certificate"
BAKE = "Pillow, the same picture with the same text"
_STYLE = """
@page { size: A4 landscape; margin: 18mm }
body { font: 11pt 'Noto Sans', sans-serif } h1 { font-size: 26pt } h2 { font-size: 18pt }
table { border-collapse: collapse } td { padding: 1mm 4mm 1mm 0; vertical-align: top }
.qr { width: 30mm; float: right }
"""


def missing() -> str:
    """Say why WeasyPrint cannot run here; empty if it can."""
    try:
        _weasyprint()
    except ImportError:
        return "no WeasyPrint: it is not installed (`pip install weasyprint`)"
    except OSError as error:  # it loads Pango when it is imported
        return f"no WeasyPrint: a library of the system is not there ({str(error)[:80]})"
    return ""


def version() -> str:
    """Name the peers and their versions."""
    return f"WeasyPrint {metadata.version('weasyprint')}, Pillow {metadata.version('pillow')}"


def certificate(given: CertificateInput, credential: str) -> bytes:
    """Set the certificate as PDF/A-3 with the credential in it, as plain HTML says it."""
    weasyprint = _weasyprint()
    attached = weasyprint.Attachment(file_obj=io.BytesIO(credential.encode()), name="credential.json")
    page = weasyprint.HTML(string=_page(given))
    made: bytes = page.write_pdf(attachments=[attached], pdf_variant="pdf/a-3b")
    return made


def bake(image: bytes, credential: str) -> bytes:
    """Put a credential into a PNG: Pillow reads the picture and writes it anew."""
    picture = Image.open(io.BytesIO(image))
    information = PngImagePlugin.PngInfo()
    information.add_itxt("openbadgecredential", credential)
    out = io.BytesIO()
    picture.save(out, "PNG", pnginfo=information)
    return out.getvalue()


def _weasyprint() -> Any:
    return importlib.import_module("weasyprint")  # it may not be there, and has no types


def picture() -> bytes:
    """Give a PNG as an institution may upload it: 440 pixels square with soft colours, of some 270 kB."""
    chance = random.Random(3)  # noqa: S311  (the same picture each time)
    coarse = Image.frombytes("RGB", (32, 32), chance.randbytes(3 * 32 * 32))
    out = io.BytesIO()
    coarse.resize((440, 440), Image.Resampling.BICUBIC).save(out, "PNG")
    return out.getvalue()


def _page(given: CertificateInput) -> str:
    facts = [
        ("Student number", given.student_number),
        ("Workload", f"{given.ects} ECTS, {given.hours} hours"),
        *(("Level", f"{level}: {basis}") for level, basis in given.levels),
        *(("Assessment", one) for one in given.assessments),
        *(("Quality", one) for one in given.quality),
        ("Awarded", given.awarded.isoformat()),
    ]
    rows = "".join(f"<tr><td>{html.escape(name)}<td>{html.escape(text)}" for name, text in facts)
    outcomes = "".join(f"<li>{html.escape(one)}" for one in given.outcomes)
    institution, title = (next(iter(names.values())) for names in (given.institution_names, given.titles))
    return (
        f"<html lang='{given.language}'><title>{html.escape(title)}</title><style>{_STYLE}</style>"
        f"<div class=qr>{qr_svg(given.verify_url)}</div><p>{html.escape(institution)}"
        f"<h1>{html.escape(given.learner_name)}</h1><h2>{html.escape(title)}</h2>"
        f"<ul>{outcomes}</ul><table>{rows}</table><p>{html.escape(given.signatory_name)}"
        f"<p>{html.escape(given.shown_address)} {html.escape(given.short_code)}"
    )
