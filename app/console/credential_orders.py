"""What a form asks to be done to credentials, read and checked."""

import uuid

from flask import request

from app.console.field_faults import FieldFault, fault_of
from issuer.errors import IssuerError
from issuer.records import RevocationReason
from issuer.status import StatusAct, StatusOrder


def asked_act(text: str) -> StatusAct | None:
    """Read an act; None for what is none."""
    return StatusAct(text) if text in set(StatusAct) else None


def asked_order(act: StatusAct, *, bulk: str | None = None) -> StatusOrder:
    """Read from the form what is to be done, and why. Raises IssuerError."""
    why = request.form.get("why", "")
    known = act is StatusAct.REVOKE and why in set(RevocationReason)
    note = " ".join(request.form.get("note", "").split())
    return StatusOrder(act, RevocationReason(why) if known else None, note or None, bulk)


def order_fault(refused: IssuerError) -> FieldFault:
    """Find the field of an order that was refused."""
    return fault_of(refused, {"note": "internal"})


def new_bulk() -> str:
    """Name an act on many credentials, so that a form that comes twice is done once."""
    return str(uuid.uuid4())
