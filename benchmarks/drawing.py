"""Draw what a learner gets: the certificate as PDF, the badge as PNG with the credential in it, a QR code."""

from benchmarks import drawing_peers
from benchmarks.credential import Sample, in_turn
from benchmarks.goals import BAKE, PDF
from benchmarks.interleaved import Contender, cpu
from issuer.badge_image import BadgeInput, badge_png, baked_png
from issuer.certificate import certificate_data, render_certificate
from issuer.documents import certificate_input
from issuer.qr import certificate_qr_svg
from ob3 import bake

BAKED = "badge as PNG, drawn and baked"
BAKE_DRAWN = "bake alone, into the badge that was drawn"
QR = "QR code of a certificate as SVG"


def drawing(sample: Sample) -> list[Contender]:
    """Make what draws, each time for another learner, and the peers that draw the same."""
    records = in_turn(sample.records)
    badge = BadgeInput.of(certificate_input(sample.records[0], sample.deployment))
    image = badge_png(badge)
    large = drawing_peers.picture()

    def pdf() -> object:
        record = next(records)
        return render_certificate(certificate_data(certificate_input(record, sample.deployment)), record.text)

    def baked() -> object:
        record = next(records)
        return baked_png(BadgeInput.of(certificate_input(record, sample.deployment)), record.text)

    def their_pdf() -> object:
        record = next(records)
        return drawing_peers.certificate(certificate_input(record, sample.deployment), record.text)

    theirs = [] if drawing_peers.missing() else [Contender(drawing_peers.PDF, cpu(their_pdf))]
    return [
        *theirs,
        Contender(drawing_peers.BAKE, cpu(lambda: drawing_peers.bake(large, next(records).text))),
        Contender(PDF, cpu(pdf)),
        Contender(BAKED, cpu(baked)),
        Contender(BAKE, cpu(lambda: bake(large, next(records).text))),
        Contender(BAKE_DRAWN, cpu(lambda: bake(image, next(records).text))),
        Contender(QR, cpu(lambda: certificate_qr_svg(next(records).url))),
    ]
