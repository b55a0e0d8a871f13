"""What an institution's administrator may change of it, and what stays as it is once it has issued.

The short name and the DID stay for good: they stand in every credential. The country stays once something was
issued, for levels and recognition were judged by it. All else is taken up by future credentials; those that
were signed keep what they say.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlmodel import Session, func, select

from issuer.audit.record import AuditedAct, record
from issuer.badge_drawing import rebuilt_svg
from issuer.deployment import Deployment
from issuer.errors import Conflict, IssuerError
from issuer.inputs import InstitutionInput
from issuer.institutions import FIRST_ALGORITHM, current_key, described, descriptions, key_views
from issuer.logo import check_logo
from issuer.proof_forms import ProofForm
from issuer.records import KeyRecordView
from issuer.staff.roles import Act
from issuer.staff.within import must_within
from issuer.tables import CredentialRow, Institution

MOST_UNDO_HOURS = 168


@dataclass(frozen=True)
class InstitutionSettings:
    """An institution as its administrator sees it; `issued` counts its credentials."""

    given: InstitutionInput
    needs_approval: bool
    undo_hours: int
    did: str | None
    issued: int
    keys: tuple[KeyRecordView, ...]

    @property
    def revision(self) -> str:
        """Tell one state of the settings from another, so that no save overwrites an unseen one."""
        return _digest(_told(self))


def institution_settings(desk: Deployment) -> InstitutionSettings:
    """Give the settings of the institution. Raises NotAllowed."""
    must_within(desk.actor, Act.MANAGE_INSTITUTION, None)
    with desk.reading() as session:
        return _settings(session, _row(session, desk))


def change_institution(
    desk: Deployment, given: InstitutionInput, *, needs_approval: bool, undo_hours: int, seen: str
) -> None:
    """Store the settings in place of those whose revision was `seen`.

    Raises Conflict if there are others by now, IssuerError for what may not stand, and NotAllowed.
    """
    must_within(desk.actor, Act.MANAGE_INSTITUTION, None)
    given.check()
    if not 0 <= undo_hours <= MOST_UNDO_HOURS:
        raise IssuerError("undo_hours", f"Give whole hours from 0 to {MOST_UNDO_HOURS}.")
    with desk.writing() as session:
        row = _row(session, desk)
        before = _settings(session, row)
        if before.revision != seen:
            raise Conflict("changed_meanwhile", "Somebody has changed these settings meanwhile. Look again.")
        given = replace(given, slug=row.slug, logo_svg=_logo(given, before.given))
        if before.issued and given.country != row.country:
            raise IssuerError(
                "country",
                "The country stays as it is, for credentials were issued under it. "
                "Register another institution.",
            )
        if given.proof_form != row.proof_form:
            _check_key(session, desk, row, ProofForm(given.proof_form))
        _write(row, given, needs_approval=needs_approval, undo_hours=undo_hours)
        session.add(row)
        after = _settings(session, row)
        if after.revision != seen:
            session.flush()
            record(session, desk, _changed(row.slug, _told(before), _told(after)), institution=row)


def _check_key(session: Session, desk: Deployment, row: Institution, form: ProofForm) -> None:
    """Refuse a form for which the institution has no key; the first one, for Ed25519, comes by itself."""
    wanted = form.algorithm
    if wanted == FIRST_ALGORITHM or current_key(session, row, wanted) is not None:
        return
    if desk.is_loopback:
        raise IssuerError(
            "proof_form",
            f"{form} needs a key for {wanted}. On a loopback address an institution is known by did:key, "
            "which is its one key, for Ed25519. Choose a form for that one.",
        )
    raise IssuerError(
        "proof_form",
        f"{form} needs a key for {wanted}, and there is none yet. Whoever runs the service makes it: "
        f"`testamur keys create {row.slug} --algorithm {wanted}`. Then choose the form again.",
    )


def _logo(given: InstitutionInput, before: InstitutionInput) -> str | None:
    """Give the logo to store: the one there is, or a new one rebuilt from what drawings may hold."""
    if given.logo_svg is None or given.logo_svg == before.logo_svg:
        return given.logo_svg
    drawing, _width, _height = rebuilt_svg(given.logo_svg.encode(), embedded=_no_pixels)
    logo = drawing.decode()
    check_logo(logo)
    return logo


def _no_pixels(_picture: bytes) -> bytes:
    raise IssuerError("logo", "The logo holds a picture of pixels. Save it as a drawing without one.")


def _write(row: Institution, given: InstitutionInput, *, needs_approval: bool, undo_hours: int) -> None:
    row.name, row.country, row.hashes_email = given.name, given.country, given.hashes_email
    row.names, row.profile, row.presentation = descriptions(given)
    row.proof_form = given.proof_form
    row.needs_approval, row.undo_hours = needs_approval, undo_hours


def _row(session: Session, desk: Deployment) -> Institution:
    return session.get_one(Institution, desk.actor.institution_id)


def _settings(session: Session, row: Institution) -> InstitutionSettings:
    issued = session.exec(
        select(func.count()).select_from(CredentialRow).where(CredentialRow.state == "issued")
    ).one()
    return InstitutionSettings(
        given=described(row),
        needs_approval=row.needs_approval,
        undo_hours=row.undo_hours,
        did=row.did,
        issued=issued,
        keys=tuple(key_views(session, row)),
    )


def _told(settings: InstitutionSettings) -> dict[str, Any]:
    """Write the settings for the audit; the logo as the digest of its text."""
    told = asdict(settings.given)
    logo = told.pop("logo_svg")
    return {
        **told,
        "logo": _digest(logo)[:16] if logo else None,
        "needs_approval": settings.needs_approval,
        "undo_hours": settings.undo_hours,
    }


def _changed(slug: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> AuditedAct:
    names = [name for name in after if before[name] != after[name]]
    return AuditedAct(
        "institution.change",
        slug,
        {name: before[name] for name in names},
        {name: after[name] for name in names},
    )


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=list).encode()).hexdigest()
