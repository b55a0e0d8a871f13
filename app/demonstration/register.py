"""The catalogue beside what is offered: one version approved, one retired, one recognised elsewhere."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from app.demonstration.people import StaffMember, desk_of
from issuer import DefinitionVersion, Issuer
from issuer.deployment import Deployment
from issuer.drafts.catalogue import import_draft, published_versions
from issuer.drafts.drafts import list_drafts
from issuer.drafts.review import approve_for_later, send_for_review
from issuer.recognition.making import Order, make_statement
from issuer.recognition.standing import statements
from issuer.register.records import VersionState
from issuer.register.retiring import retire_version
from microcredential.expansion import ECTS
from microcredential.recognition import Basis, Credits, Programme, Purpose, StandingRecognition

CODE_APPROVED = "MC-GCR-2026"
_REASON = "It is taught with new field work since 2026. Version 2 describes that."


def fill_register(
    office: Issuer, members: list[StaffMember], *, recognised: DefinitionVersion, approved: bytes, today: date
) -> None:
    """Approve the definition in `approved`, retire what was replaced, recognise a version, if not done."""

    def at(name: str) -> Deployment:
        return desk_of(office, members, f"{name}.example")

    _approve(at, approved)
    _retire(at("reviewer@nam-khan"))
    _recognise(at("recognition@vltavska"), recognised, today)
    office.sign_statements()


def _approve(at: Callable[[str], Deployment], definition: bytes) -> None:
    """Write, send and approve a draft, once; an interrupted beginning is not continued."""
    author, reviewer = at("author@dong-xanh"), at("reviewer@dong-xanh")
    known = {each.code for each in list_drafts(author)}
    if CODE_APPROVED in known:
        return
    draft, _notes = import_draft(author, definition)
    sent = send_for_review(author, draft.public_id, revision=draft.revision)
    approve_for_later(reviewer, sent.public_id, revision=sent.revision)


def _retire(desk: Deployment) -> None:
    for each in published_versions(desk):
        if each.state is VersionState.REPLACED:
            retire_version(desk, each.version.public_id, reason=_REASON)


def _recognise(desk: Deployment, version: DefinitionVersion, today: date) -> None:
    if statements(desk):
        return
    content = StandingRecognition(
        title="Free elective in the Master of Economics",
        achievement_id=version.achievement_id,
        purpose=Purpose.CREDIT_TRANSFER,
        bases=[Basis.CONSORTIUM_AGREEMENT],
        credits=[Credits(ECTS, Decimal(3))],
        towards=[
            Programme(
                {
                    "en": "Master of Economics: free elective",
                    "cs": "Ekonomie, magisterské studium: volitelný předmět",
                },
                id="https://www.vltavska.example/programmes/msc-economics",
            )
        ],
        conditions="The holder asks for it before the end of the second semester.",
        reference="FE-2026-031",
    )
    make_statement(desk, Order(content=content, decided=today))
