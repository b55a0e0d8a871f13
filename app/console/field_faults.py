"""Faults at a field: which field of a form a refusal belongs to, and what may not stay empty."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from app.words import gettext as _
from issuer.errors import IssuerError

PASSWORD_FIELDS = {
    "passwords_differ": "again",
    "short_password": "pw",
    "long_password": "pw",
    "known_password": "pw",
    "password": "pw",
    "present_password": "present",
}


@dataclass(frozen=True)
class FieldFault:
    """What was refused, with the id of the field; an id that the form lacks stands on top of it only."""

    field: str
    message: str


def fault_of(refused: IssuerError, places: Mapping[str, str] | None = None) -> FieldFault:
    """Find the field of a refusal: `places` gives ids for its codes, other codes are the ids themselves."""
    return FieldFault((places or {}).get(refused.code, refused.code), refused.message)


def filled(name: str, label: str) -> str:
    """Read a field that may not be empty, without spaces around it; raises IssuerError, which names it."""
    typed = request.form.get(name, "").strip()
    if not typed:
        raise IssuerError(name, _("“{label}” is empty. Fill it in.").format(label=label))
    return typed
