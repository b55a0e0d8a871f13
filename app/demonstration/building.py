"""Build the demonstration in a data folder: institutions, definitions, classes, states and files."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from app.institution_file import read_institutions
from app.settings import Settings
from app.signing import make_passphrase, open_signing_office
from issuer import CredentialRecord, Issuer, IssuerError, Status
from microcredential import load_definition

HERE = Path(__file__).parent
# The day for which the class lists were written: on later days all their dates move along, by whole weeks.
_WRITTEN_FOR = date(2026, 11, 21)
_DATE_COLUMNS = ("awarded_date", "start_date", "end_date")
_BY = "Registrar of the demonstration"


@dataclass(frozen=True)
class _Class:
    """A class list, what it earns, and how long ago it was issued."""

    institution: str
    definition: str
    class_list: str
    run: str
    issued_before: timedelta = timedelta(0)


# The last one ran out: its credentials are good for two years, and were issued more than two years ago.
_CLASSES = (
    _Class(
        "nam-khan",
        "water-management.yaml",
        "class-water-management-2024.csv",
        "first run",
        timedelta(days=796),
    ),
    _Class("vltavska", "open-data.yaml", "class-open-data.csv", "spring"),
    _Class("dong-xanh", "credit-risk.yaml", "class-credit-risk.csv", "spring"),
    _Class("nam-khan", "water-management.yaml", "class-water-management.csv", "summer"),
)
_SUSPENDED_AT = "vltavska"


@dataclass(frozen=True)
class Shown:
    """One credential of the demonstration and the files written for it."""

    record: CredentialRecord
    state: str
    json: Path
    png: Path
    svg: Path
    pdf: Path


def build_demonstration(
    settings: Settings, *, clock: Callable[[], datetime], say: Callable[[str], None]
) -> list[Shown]:
    """Make what is not there yet and write the files of every credential; twice makes nothing twice."""
    make_passphrase(settings.passphrase_file)
    now = clock()
    _register(_office(settings, now - max(each.issued_before for each in _CLASSES) - timedelta(days=7)))
    for each in _CLASSES:
        office = _office(settings, now - each.issued_before)
        say(
            f"{each.class_list}: {_issue_class(office, each, settings.dir / 'class-lists', now.date())} issued"
        )
    office = _office(settings, now)
    _change_states(office)
    office.sign_status_lists(only_due=False)
    return [
        shown for record in _all(office) for shown in [_write(office, record, settings.dir / "issued", now)]
    ]


def _office(settings: Settings, moment: datetime) -> Issuer:
    return open_signing_office(settings, clock=lambda: moment)


def _register(office: Issuer) -> None:
    there = {each.slug for each in office.institutions()}
    for given in read_institutions(HERE / "institutions.yaml"):
        if given.slug not in there:
            office.register_institution(given)
        office.create_key(given.slug)


def _issue_class(office: Issuer, taught: _Class, folder: Path, today: date) -> int:
    definition = load_definition((HERE / taught.definition).read_bytes(), kind="yaml")
    version = office.publish_definition(taught.institution, definition)
    data = _on_this_day((HERE / taught.class_list).read_text(encoding="utf-8"), today)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / taught.class_list).write_bytes(data)
    preview = office.import_class_list(
        taught.institution, f"{version.code}@{version.version}", taught.run, data
    )
    if preview.class_list.findings:
        first = preview.class_list.findings[0]
        raise IssuerError("demonstration", f"{taught.class_list}, line {first.line}: {first.reason}")
    result = office.issue_batch(office.start_batch(preview, by=_BY))
    if result.failed:
        raise IssuerError("demonstration", f"{taught.class_list}: {result.failed[0].reason}")
    return result.issued


def _on_this_day(text: str, today: date) -> bytes:
    """Move the dates of a class list, so that a demonstration looks the same in any year."""
    moved = timedelta(weeks=(today - _WRITTEN_FOR).days // 7)
    rows = list(csv.DictReader(io.StringIO(text)))
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        dates = {
            name: (date.fromisoformat(row[name]) + moved).isoformat()
            for name in _DATE_COLUMNS
            if row.get(name)
        }
        writer.writerow({**row, **dates})
    return out.getvalue().encode("utf-8")


def _change_states(office: Issuer) -> None:
    """Revoke one and suspend one, unless that was done before."""
    records = office.credentials(_SUSPENDED_AT)
    if all(each.status is Status.GOOD for each in records):
        office.revoke(records[-1].urn, reason="error", by=_BY)
        office.suspend(records[-2].urn, by=_BY)


def _all(office: Issuer) -> list[CredentialRecord]:
    return [record for each in office.institutions() for record in office.credentials(each.slug)]


def _state(record: CredentialRecord, now: datetime) -> str:
    if record.status is not Status.GOOD:
        return record.status.value
    return "expired" if record.valid_until is not None and record.valid_until <= now else "issued"


def _write(office: Issuer, record: CredentialRecord, folder: Path, now: datetime) -> Shown:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    base = folder / f"{record.definition.code.lower()}-{record.short_code.lower()}"
    shown = Shown(
        record, _state(record, now), *(base.with_suffix(f".{kind}") for kind in ("json", "png", "svg", "pdf"))
    )
    shown.json.write_text(record.text, encoding="utf-8")
    shown.png.write_bytes(office.documents.baked_png(record))
    shown.svg.write_bytes(office.documents.baked_svg(record))
    shown.pdf.write_bytes(office.documents.pdf(record))
    return shown
