"""What the certificate of a line would look like: drawn as the real one, and marked as a sample."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time
from uuid import UUID

from issuer.batching.access import find_batch
from issuer.batching.reading import Listed, load_listed
from issuer.certificate import certificate_data, render_certificate_png
from issuer.certificate_words import certificate_language, words
from issuer.class_list import LearnerRow
from issuer.definitions import definition_record
from issuer.deployment import Deployment
from issuer.documents import certificate_input
from issuer.errors import ClassListRefused, IssuerError, NotFound
from issuer.institutions import issuer_profile
from issuer.records import CredentialRecord, DefinitionVersion, Status, Visibility
from issuer.staff.roles import Act
from microcredential.credential import Subject, build_credential
from microcredential.errors import MicroCredentialError

_NOBODY = f"urn:uuid:{UUID(int=0)}"


def sample_png(
    desk: Deployment, batch_id: str, line: int, *, demonstration: bool = False, ppi: float = 110
) -> bytes:
    """Draw the sample of a line as PNG.

    Raises NotFound, also for a line that would not be issued, and IssuerError for what cannot be set.
    """
    with desk.reading() as session:
        found = find_batch(session, desk, batch_id, Act.READ_BATCHES)
        version = definition_record(found.version, found.institution)
        profile = issuer_profile(found.institution)
        listed = load_listed(session, found)
    record = _record(desk, version, profile, _row(listed, line, desk.now().date()))
    said = certificate_input(record, desk, demonstration=demonstration)
    word = str(words(certificate_language(said.language))["sample"])
    said = replace(said, sample=True, verify_url=f"{desk.base_url}/c", short_code=word)
    return render_certificate_png(certificate_data(said), ppi=ppi)


def _row(listed: Listed, line: int, today: date) -> LearnerRow:
    try:
        rows = listed.read(today).rows
    except ClassListRefused:
        rows = ()
    row = next((each for each in rows if each.line == line), None)
    if row is None:
        raise NotFound("no_such_line", "No line with that number would be issued.")
    return row


def _record(
    desk: Deployment, version: DefinitionVersion, profile: dict[str, object], row: LearnerRow
) -> CredentialRecord:
    now = desk.now()
    try:
        document = build_credential(
            credential_id=_NOBODY,
            issuer_profile=profile,
            achievement=dict(version.achievement),
            subject=Subject(
                student_number=row.student_number,
                name=row.name,
                started=row.start,
                ended=row.end,
                certificate_number=row.certificate_number,
                results=row.results,
            ),
            awarded=row.awarded,
            valid_from=now,
            status_entries=(),
            base_url=desk.base_url,
        )
    except MicroCredentialError as refused:
        raise IssuerError(refused.code, refused.message) from refused
    return CredentialRecord(
        urn=_NOBODY,
        text=json.dumps(document),
        institution=version.institution,
        definition=version,
        learner_name=row.name,
        student_number=row.student_number,
        language=row.language or "",
        run="",
        awarded=datetime.combine(row.awarded, time(), tzinfo=UTC),
        valid_from=now,
        valid_until=None,
        issued_at=now,
        verification_method="",
        code="",
        short_code="",
        share_id="",
        url=desk.base_url,
        share_url="",
        status=Status.GOOD,
        status_since=None,
        status_reason=None,
        visibility=Visibility(),
    )
