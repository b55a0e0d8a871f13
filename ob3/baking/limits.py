"""How much of a picture is read before the reading stops."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class BakingLimits:
    """Set the sizes in bytes, and how many chunks of a PNG are walked."""

    image_bytes: int = 6 * 2**20
    svg_bytes: int = 2 * 2**20  # parsing takes some fifty times that in memory
    credential_bytes: int = 2**20
    png_chunks: int = 20_000


DEFAULT_LIMITS = BakingLimits()
