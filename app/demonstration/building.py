"""Build the demonstration in a data folder: institutions, definitions, classes, states and files."""

import csv
import io
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from app.demonstration.people import make_people
from app.demonstration.register import fill_register
from app.demonstration.work import AT, lay_out_work
from app.deployment_file import remembered
from app.institution_file import read_institutions
from app.setting_values import SettingsError
from app.settings import Settings
from app.signing import make_passphrase, open_signing_office
from issuer import CredentialRecord, DefinitionVersion, Issuer, IssuerError, Status
from issuer.register.searching import entry_of
from issuer.trust_files import TrustFiles
from microcredential import load_definition

HERE = Path(__file__).parent
TRUST_FILE = "trust.txt"
# The day for which the class lists were written: on later days all their dates move along, by whole weeks.
_WRITTEN_FOR = date(2026, 11, 21)
_QUALITY_YEAR = re.compile(r"((?:dateIssued|expiryDate|reviewDate): )(\d{4})")
_DATE_COLUMNS = ("awarded_date", "start_date", "end_date")
_BY = "Registrar of the demonstration"
_CRITERIA = "the course page, before the term"  # of invented courses, published here only now


@dataclass(frozen=True)
class _Class:
    """A class list, what it earns, and how long ago it was issued; `version` is one before the file's."""

    institution: str
    definition: str
    class_list: str
    run: str
    issued_before: timedelta = timedelta(0)
    version: str = ""


# The first one ran out: its credentials are good for two years, and were issued more than two years ago.
_CLASSES = (
    _Class(
        "nam-khan",
        "water-management.yaml",
        "class-water-management-2024.csv",
        "first run",
        timedelta(days=796),
        version="1",
    ),
    _Class("vltavska", "open-data.yaml", "class-open-data.csv", "spring"),
    _Class("dong-xanh", "credit-risk.yaml", "class-credit-risk.csv", "spring"),
    _Class("nam-khan", "water-management.yaml", "class-water-management.csv", "summer"),
)
_PUBLISHED_BEFORE = timedelta(days=280)  # before the first day of learning of any class
_SUSPENDED_AT = "vltavska"
_APPROVED = "climate-risk.yaml"  # is published by whoever tries the demonstration
_TO_APPROVE = "class-credit-risk-autumn.csv"  # with an address, a grade and a number that cannot stand
Say = Callable[[str], None]
Advance = Callable[[int, int], None]


@dataclass(frozen=True)
class Shown:
    """One credential of the demonstration and the files written for it."""

    record: CredentialRecord
    state: str
    json: Path
    png: Path
    svg: Path
    pdf: Path


@dataclass
class _Calendar:
    """A clock that is set to the day on which something is to have happened."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Demonstration:
    """A finished demonstration: its issuing office and its credentials with their files."""

    office: Issuer
    shown: list[Shown]

    def first(self, state: str) -> Shown:
        """Give the first credential in a state; the demonstration has one in each."""
        return next(each for each in self.shown if each.state == state)


def build_demonstration(
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    say: Say,
    advance: Advance = lambda _done, _all: None,
) -> Demonstration:
    """Make what is not there yet, and a file of each kind for every credential; twice makes nothing twice.

    `advance` is told how many credentials have their files. Raises SettingsError for a folder or a database
    that serves a real purpose.
    """
    _refuse_real(settings)
    make_passphrase(settings.passphrase_file)
    calendar = _Calendar(now := clock())
    office = open_signing_office(settings, clock=calendar)
    _refuse_strangers(office)
    calendar.now = now - max(each.issued_before for each in _CLASSES) - timedelta(days=7)
    _register(office)
    for each in _CLASSES:
        calendar.now = now - max(each.issued_before, _PUBLISHED_BEFORE)
        _published(office, each, now.date())
        calendar.now = now - each.issued_before
        count = _issue_class(office, each, settings.dir / "class-lists", now.date())
        say(f"{each.class_list}: {count} credentials")
    calendar.now = now
    _change_states(office)
    _put_people_to_work(office, settings.dir, now.date())
    office.sign_status_lists(only_due=False)
    _write_trust_file(office, settings.dir / TRUST_FILE)
    office.publish_trust_list(TrustFiles(settings.dir), name=settings.site_name)
    return Demonstration(office, list(_files(office, settings.dir / "issued", now, advance)))


def _put_people_to_work(office: Issuer, folder: Path, today: date) -> None:
    members = make_people(office, folder)
    taught = next(each for each in _CLASSES if each.institution == AT)
    class_list = _on_this_day((HERE / _TO_APPROVE).read_text(encoding="utf-8"), today)
    version = _published(office, taught, today)
    lay_out_work(office, members, version, class_list)
    approved = _in_this_year((HERE / _APPROVED).read_text(encoding="utf-8"), today).encode()
    fill_register(office, members, recognised=version, approved=approved, today=today)


def _refuse_real(settings: Settings) -> None:
    """Keep invented universities out of the folder of a real one, whose trust they would share."""
    if remembered(settings.dir).get("demo") == "0":
        raise SettingsError(
            "no_demonstration",
            f"{settings.dir} holds data that are no demonstration. Name another folder with --dir.",
        )


def _refuse_strangers(office: Issuer) -> None:
    invented = {each.slug for each in read_institutions(HERE / "institutions.yaml")}
    strangers = sorted(each.slug for each in office.institutions() if each.slug not in invented)
    if strangers:
        raise SettingsError(
            "no_demonstration",
            f"The database holds {strangers[0]}, which is not of the demonstration. Name another folder "
            "with --dir, and leave TESTAMUR_DATABASE_URL out.",
        )


def _register(office: Issuer) -> None:
    there = {each.slug for each in office.institutions()}
    for given in read_institutions(HERE / "institutions.yaml"):
        if given.slug not in there:
            office.register_institution(given)
        office.create_key(given.slug)


def _issue_class(office: Issuer, taught: _Class, folder: Path, today: date) -> int:
    version = _published(office, taught, today)
    data = _on_this_day((HERE / taught.class_list).read_text(encoding="utf-8"), today)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(folder / taught.class_list, data)
    office.resume()
    if entry_of(office.deployment, version.public_id).retired is not None:  # its class was issued before
        return len(data.splitlines()) - 1
    preview = office.import_class_list(
        taught.institution, f"{version.code}@{version.version}", taught.run, data
    )
    if preview.class_list.findings:
        first = preview.class_list.findings[0]
        raise IssuerError("demonstration", f"{taught.class_list}, line {first.line}: {first.reason}")
    if preview.new_rows:
        result = office.issue_batch(office.start_batch(preview, by=_BY, criteria=_CRITERIA))
        if result.failed:
            raise IssuerError("demonstration", f"{taught.class_list}: {result.failed[0].reason}")
    return len(preview.class_list.rows)


def _published(office: Issuer, taught: _Class, today: date) -> DefinitionVersion:
    """Publish what a class earns, unless that was done before, perhaps in another year."""
    text = _in_this_year((HERE / taught.definition).read_text(encoding="utf-8"), today)
    definition = load_definition(text.encode("utf-8"), kind="yaml")
    if taught.version:
        said = {**definition.achievement, "version": taught.version}
        definition = replace(definition, version=taught.version, achievement=said)
    for version in office.definitions(taught.institution):
        if (version.code, version.version) == (definition.code, definition.version):
            return version
    return office.publish_definition(taught.institution, definition)


def _in_this_year(text: str, today: date) -> str:
    """Move the years of quality assurance along: an accreditation that has ended covers no award."""
    years = max(0, (today - _WRITTEN_FOR).days // 365)
    return _QUALITY_YEAR.sub(lambda found: f"{found[1]}{int(found[2]) + years}", text)


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
    states = {each.status for each in records}
    if Status.REVOKED not in states:
        office.revoke(records[-1].urn, reason="error", by=_BY)
    if Status.SUSPENDED not in states and records[-2].status is Status.GOOD:
        office.suspend(records[-2].urn, by=_BY)


def _write_trust_file(office: Issuer, path: Path) -> None:
    """List the invented universities for `testamur verify --trust`."""
    lines = [f"{each.issuer_id} {each.name}" for each in office.trust_entries()]
    _write(path, "\n".join(["# The universities of this demonstration.", *lines, ""]).encode())


def _files(office: Issuer, folder: Path, now: datetime, advance: Advance) -> Iterator[Shown]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    records = [record for each in office.institutions() for record in office.credentials(each.slug)]
    for done, record in enumerate(records, start=1):
        yield _shown(office, record, folder, now)
        advance(done, len(records))


def _state(record: CredentialRecord, now: datetime) -> str:
    if record.status is not Status.GOOD:
        return record.status.value
    return "expired" if record.valid_until is not None and record.valid_until <= now else "issued"


def _shown(office: Issuer, record: CredentialRecord, folder: Path, now: datetime) -> Shown:
    """Write the files of a credential that are not there; what is signed in them never changes."""
    name = f"{record.definition.code}-{record.short_code}".lower()
    drawn: dict[str, Callable[[], bytes]] = {
        "json": lambda: record.text.encode("utf-8"),
        "png": lambda: office.documents.baked_png(record),
        "svg": lambda: office.documents.baked_svg(record),
        "pdf": lambda: office.documents.pdf(record),
    }
    paths = {kind: folder / f"{name}.{kind}" for kind in drawn}
    for kind, draw in drawn.items():
        if not paths[kind].exists():
            _write(paths[kind], draw())
    return Shown(record, _state(record, now), **paths)


def _write(path: Path, data: bytes) -> None:
    """Write a file that appears whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(data)
    temporary.replace(path)
