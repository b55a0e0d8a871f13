"""Draw what a learner gets: the certificate as PDF, the badge as PNG with the credential in it, a QR code."""

from benchmarks.credential import Sample, in_turn
from benchmarks.interleaved import Contender, cpu
from issuer.badge_image import BadgeInput, badge_png, baked_png
from issuer.certificate import certificate_data, render_certificate
from issuer.documents import certificate_input
from issuer.qr import qr_svg
from ob3 import bake

PDF = "certificate as PDF/A-3 with the credential in it"
BAKED = "badge as PNG, drawn and baked"
BAKE = "bake alone, into a badge that is drawn"
QR = "QR code as SVG"


def drawing(sample: Sample) -> list[Contender]:
    """Make what draws, each time for another learner."""
    records = in_turn(sample.records)
    badge = BadgeInput.of(certificate_input(sample.records[0], sample.deployment))
    image = badge_png(badge)

    def pdf() -> object:
        record = next(records)
        return render_certificate(certificate_data(certificate_input(record, sample.deployment)), record.text)

    def baked() -> object:
        record = next(records)
        return baked_png(BadgeInput.of(certificate_input(record, sample.deployment)), record.text)

    return [
        Contender(PDF, cpu(pdf)),
        Contender(BAKED, cpu(baked)),
        Contender(BAKE, cpu(lambda: bake(image, next(records).text))),
        Contender(QR, cpu(lambda: qr_svg(next(records).url))),
    ]
