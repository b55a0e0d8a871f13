"""Stands in for the issuing office, the verifier and the drawings, so that the pages are tested alone."""

import copy
import dataclasses
import json
from datetime import UTC, date, datetime

from werkzeug.test import encode_multipart

from app.factory import assemble
from app.pages.office import Services
from app.settings import Settings
from issuer.records import (
    CredentialRecord,
    DefinitionVersion,
    InstitutionRecord,
    MailState,
    OutboxMail,
    RevocationReason,
    Status,
    StoredStatusList,
    Visibility,
)
from verifier import Check, IssuerTrust, Outcome, TrustEntry, Verdict, VerificationReport
from verifier.wording import wording

NOW = datetime(2026, 11, 21, 14, 4, tzinfo=UTC)
DID = "did:web:badges.example.edu:institutions:uef"
CODE, SHORT, SHARE, TOKEN = (
    "9Qm4tXw2LrVbZ7kHsN3yDa",
    "7KQ2M9TX",
    "Kx81vQmTKx81vQmTKx81vQ",
    "pQ7w2LmXr9TbVz4KsHd8Ny",
)
SECRET = "a-secret-of-the-tests-that-is-long-enough-0123456789"
EVERY_CHECK = {
    "kind": ("kind_recognised", {"kind": "JSON"}),
    "container": ("container_read", {}),
    "parse": ("json_read", {}),
    "shape": ("complete", {}),
    "schema": ("schema_fits", {}),
    "context": ("contexts_known", {}),
    "canonical": ("every_term_known", {}),
    "issuer_key": ("key_published", {"host": "badges.example.edu"}),
    "signature": ("signature_fits", {"suite": "eddsa-rdfc-2022", "verification_method": DID + "#key-1"}),
    "dates": ("in_force_without_end", {"from_day": "3 July 2026"}),
    "status": ("not_withdrawn", {}),
    "refresh": ("no_refresh", {}),
    "endorsements": ("no_endorsements", {}),
    "profile": ("elements_complete", {}),
    "recipient": ("not_asked", {}),
    "trust": ("issuer_listed", {}),
}
_SKIPPED = {"refresh", "endorsements", "recipient"}
ENTRY = TrustEntry(
    issuer_id=DID,
    name="Example University of Economics and Finance",
    names={
        "en": "Example University of Economics and Finance",
        "vi": "Trường Đại học Kinh tế - Tài chính Ví dụ",
    },
    country="VN",
    since=date(2026, 3, 2),
    url="https://www.example.edu",
)
INSTITUTION = InstitutionRecord(
    slug="uef",
    did=DID,
    name=ENTRY.name,
    names=dict(ENTRY.names),
    country="VN",
    url="https://www.example.edu",
    email="office@example.edu",
    official=None,
    locality="Hà Nội",
    initials="UEF",
    accent="#54306e",
    logo_svg=None,
    signatory=None,
    created=NOW,
)


def checks(**changes: tuple[Outcome, str, dict[str, str]]) -> tuple[Check, ...]:
    """Give the checks of a good certificate with these changed: `status=(Outcome.failed, "revoked", {})`."""
    rows = []
    for name, (code, detail) in EVERY_CHECK.items():
        outcome, code, detail = changes.get(
            name, (Outcome.skipped if name in _SKIPPED else Outcome.passed, code, detail)
        )
        rows.append(Check(name, outcome, code, wording(code, detail), detail))
    return tuple(rows)


def report(
    verdict: Verdict = Verdict.valid,
    trust: IssuerTrust = IssuerTrust.trusted,
    *,
    credential: dict | None = None,
    issuer: str | None = DID,
    **changes: tuple[Outcome, str, dict[str, str]],
) -> VerificationReport:
    """Make a report as the verifier would."""
    if trust is IssuerTrust.unknown:
        changes.setdefault("trust", (Outcome.warning, "issuer_not_listed", {}))
    return VerificationReport(
        verdict=verdict,
        issuer_trust=trust,
        checks=checks(**changes),
        credential=credential,
        checked_at=NOW,
        kind="json",
        issuer_id=issuer,
        trust_entry=ENTRY if trust is IssuerTrust.trusted else None,
    )


def definition(achievement: dict) -> DefinitionVersion:
    """Make the published wording of an achievement."""
    return DefinitionVersion(
        public_id="0d6f2f0e-6f0e-4d52-8c0f-3f0c2b0d1e77",
        achievement_id=achievement["id"],
        code="MC-CRS-2026",
        version="2026-1",
        language="en",
        suspension=True,
        valid_for=None,
        signatory=None,
        text=json.dumps(achievement, ensure_ascii=False),
        achievement=achievement,
        institution=INSTITUTION,
        created=NOW,
    )


def record(credential: dict, **changes: object) -> CredentialRecord:
    """Make the stored record of a credential."""
    made = CredentialRecord(
        urn=credential["id"],
        text=json.dumps(credential, ensure_ascii=False),
        institution=INSTITUTION,
        definition=definition(credential["credentialSubject"]["achievement"]),
        learner_name=credential["credentialSubject"]["name"],
        student_number="UEF-2231-0457",
        language="vi",
        run="2026-spring",
        awarded=datetime(2026, 6, 30, tzinfo=UTC),
        valid_from=datetime(2026, 7, 3, tzinfo=UTC),
        valid_until=None,
        issued_at=NOW,
        verification_method=DID + "#key-1",
        code=CODE,
        short_code=SHORT,
        share_id=SHARE,
        url=f"https://badges.example.edu/c/{CODE}",
        share_url=f"https://badges.example.edu/s/{SHARE}",
        status=Status.GOOD,
        status_since=None,
        status_reason=None,
        visibility=Visibility(),
    )
    return dataclasses.replace(made, **changes)


def revoked(credential: dict) -> CredentialRecord:
    """Make the record of a revoked credential."""
    since = datetime(2026, 10, 12, 8, 41, tzinfo=UTC)
    return record(
        credential, status=Status.REVOKED, status_since=since, status_reason=RevocationReason.REPLACED
    )


class FakeOffice:
    """An office with one institution and one credential."""

    def __init__(self, kept: CredentialRecord) -> None:
        self.kept = kept

    def institutions(self):
        return [INSTITUTION]

    def institution(self, slug):
        return INSTITUTION if slug == "uef" else None

    def definitions(self):
        return [self.kept.definition]

    def credential_by_code(self, code):
        return self.kept if code == self.kept.code else None

    def credential(self, urn):
        return self.kept if urn == self.kept.urn else None

    def by_short_code(self, text):
        return self.kept if text.upper().replace("-", "") == self.kept.short_code else None

    def by_holder_token(self, token):
        return self.kept if token == TOKEN else None

    def by_share_id(self, share_id):
        return self.kept if share_id == self.kept.share_id else None

    def set_visibility(self, token, visibility):
        assert token == TOKEN
        self.kept = dataclasses.replace(self.kept, visibility=visibility)

    def status_list(self, public_id):
        if public_id != "uef/revocation/1":
            return None
        return StoredStatusList('{"list":1}', "abc", NOW, NOW, 60)

    def did_document(self, slug):
        return json.dumps({"id": DID}) if slug == "uef" else None

    def key_set(self):
        return json.dumps({"keys": [{"iss": DID}]})

    def public_jwk(self, slug, name):
        return json.dumps({"iss": DID}) if (slug, name) == ("uef", "abc.jwk") else None

    def achievement(self, public_id):
        return self.kept.definition if public_id == self.kept.definition.public_id else None

    def outbox(self):
        text = f"Your certificate is ready.\n\nhttps://badges.example.edu/h/{TOKEN}\nhttps://evil.example/x"
        return [
            OutboxMail(
                id=1,
                institution="uef",
                credential=self.kept.urn,
                message_id="<1@badges.example.edu>",
                recipient="minh.anh@example.edu",
                state=MailState.QUEUED,
                attempts=0,
                next_attempt=NOW,
                error=None,
                created=NOW,
                sent=None,
                subject="Your certificate is ready",
                text=text,
                html="",
            )
        ]


class FakeChecker:
    """Answers with the report it was given, and remembers what it was asked."""

    def __init__(self, answer: VerificationReport) -> None:
        self.answer = answer
        self.asked: list[object] = []

    def verify(self, data, *, recipient=None):
        self.asked.append((data, recipient))
        return self.answer

    def verify_url(self, url, *, recipient=None):
        self.asked.append((url, recipient))
        return self.answer


class FakePictures:
    """Draws nothing, quickly."""

    def pdf(self, record):
        return b"%PDF-1.7 fake"

    def png(self, record):
        return b"\x89PNG\r\n\x1a\n fake"

    def baked_png(self, record):
        return b"\x89PNG baked"

    def baked_svg(self, record):
        return b"<svg/>"

    def share_card(self, record):
        return b"\x89PNG card"

    def badge_png(self, definition):
        return b"\x89PNG badge"

    def badge_svg(self, definition):
        return b"<svg xmlns='http://www.w3.org/2000/svg'/>"


def settings(tmp_path, **environ: str) -> Settings:
    """Make the settings of a public service."""
    given = {
        "TESTAMUR_DIR": str(tmp_path),
        "TESTAMUR_BASE_URL": "https://badges.example.edu",
        "TESTAMUR_SECRET_KEY": SECRET,
        "TESTAMUR_LIMIT_VERIFY": "10000 per minute",
        "TESTAMUR_LIMIT_CODES": "10000 per minute",
    }
    return Settings.from_env({**given, **environ})


def multipart(**fields: object) -> dict[str, object]:
    """Encode a form beforehand: the test client itself would leave temporary files open."""
    boundary, body = encode_multipart(fields)
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


class World:
    """An application over fakes, with hands on all of them."""

    def __init__(self, tmp_path, credential: dict, **environ: str) -> None:
        self.credential = copy.deepcopy(credential)
        self.settings = settings(tmp_path, **environ)
        self.office = FakeOffice(record(self.credential))
        self.own = FakeChecker(report(credential=self.credential))
        self.outside = FakeChecker(report(credential=self.credential))
        self.services = Services(
            office=self.office,
            own=lambda: self.own,
            outside=lambda: self.outside,
            pictures=FakePictures(),
            clock=lambda: NOW,
            ready=lambda: None,
        )
        self.app = assemble(self.settings, self.services)
        self.web = self.app.test_client()

    def get(self, path: str, **headers: str):
        """Ask like a browser."""
        headers = {"Accept": "text/html,*/*;q=0.8"} | headers
        return self.web.get(path, base_url=self.settings.base_url, headers=headers, buffered=True)

    def post(self, path: str, **rest):
        """Send a form like a browser."""
        headers = {"Accept": "text/html,*/*;q=0.8"} | rest.pop("headers", {})
        return self.web.post(path, base_url=self.settings.base_url, headers=headers, **rest)
