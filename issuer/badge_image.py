"""The pictures of an achievement: the badge, plain or with a credential in it, and the card of a link."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import ob3
from issuer.certificate import CertificateInput
from issuer.certificate_words import certificate_language, in_order, words, workload_in_words
from issuer.errors import IssuerError
from issuer.typesetter import typeset

# Pages are 300 pt square and 600 by 315 pt: two pixels a point.
_PPI = 144


@dataclass(frozen=True, kw_only=True)
class BadgeInput:
    """What the picture of an achievement shows; texts as in CertificateInput, `level` without its basis."""

    language: str
    institution_names: Mapping[str, str]
    titles: Mapping[str, str]
    accent: str = "#1f3f6b"
    ects: str | None = None
    hours: str | None = None
    level: str = ""
    demonstration: bool = False

    @classmethod
    def of(cls, certificate: CertificateInput) -> "BadgeInput":
        """Take from a certificate what its badge shows."""
        return cls(
            language=certificate.language,
            institution_names=certificate.institution_names,
            titles=certificate.titles,
            accent=certificate.accent,
            ects=certificate.ects,
            hours=certificate.hours,
            level=certificate.levels[0][0] if certificate.levels else "",
            demonstration=certificate.demonstration,
        )


def badge_png(badge: BadgeInput) -> bytes:
    """Draw the badge as a PNG of 600 by 600 pixels, the same bytes for the same badge."""
    return _drawn(json.dumps(_badge_data(badge), ensure_ascii=False), "png")


def badge_svg(badge: BadgeInput) -> bytes:
    """Draw the badge as an SVG whose letters are outlines: it needs no font and names no other file."""
    return _drawn(json.dumps(_badge_data(badge), ensure_ascii=False), "svg")


def baked_png(badge: BadgeInput, credential_text: str) -> bytes:
    """Draw the badge with `credential_text`, unchanged, in its iTXt chunk."""
    return baked(badge_png(badge), credential_text)


def baked_svg(badge: BadgeInput, credential_text: str) -> bytes:
    """Draw the badge with `credential_text`, unchanged, in its credential element."""
    return baked(badge_svg(badge), credential_text)


def share_card_png(badge: BadgeInput, *, holder_name: str, holder_language: str | None = None) -> bytes:
    """Draw the Open Graph picture, 1200 by 630 pixels: who, what and where, and no word on validity."""
    data = _badge_data(badge)
    holder = {"lang": holder_language or data["lang"], "text": holder_name}
    return typeset("card.typ", {**data, "holder": holder}, form="png", ppi=_PPI)


def baked(image: bytes, credential_text: str) -> bytes:
    """Put a credential, unchanged, into a PNG or SVG; raises IssuerError (`baking_refused`)."""
    try:
        return ob3.bake(image, credential_text)
    except ob3.Ob3Error as error:
        message = f"The credential cannot be put into the picture: {error.message}"
        raise IssuerError("baking_refused", message) from error


@lru_cache(maxsize=32)
def _drawn(data: str, form: Literal["png", "svg"]) -> bytes:
    """Draw a badge, the last few of them once: all learners of a class have the same."""
    return typeset("badge.typ", json.loads(data), form=form, ppi=_PPI if form == "png" else None)


def _badge_data(badge: BadgeInput) -> dict[str, Any]:
    language = certificate_language(badge.language)
    table = words(language)
    data = {
        "lang": language,
        "institution": in_order(badge.institution_names, language)[0],
        "title": in_order(badge.titles, language)[0],
        "accent": badge.accent,
        "kind": table["kind"],
        "workload": workload_in_words(badge.ects, badge.hours, language),
        "level": badge.level,
    }
    return data | ({"demonstration": table["demonstration"]} if badge.demonstration else {})
