"""`testamur trust`: the list of institutions that this deployment vouches for, and the lists of others."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import click

from app.clock import utc_now
from app.commands.json_lines import json_line
from app.commands.options import WrongUsage, data_folder, done_by, read_office_settings
from app.signing import open_audit, open_reading_office, open_signing_office
from app.trust_file import MAX_BYTES, TrustFile, publisher, read_trust_file
from app.trust_lists import Standing, TrustLists
from app.trust_rounds import list_fetcher
from issuer.errors import IssuerError
from issuer.trust_files import TrustFiles
from issuer.trust_publication import PATH, readmit, unsigned_list, withdraw
from ob3 import Ob3Error
from ob3.trust_list import InstitutionList, is_trust_list, parse_list, read_trust_list
from verifier.dates import day_text
from verifier.errors import TrustListRefused
from verifier.fetch import Fetcher
from verifier.trust import TrustEntry


@click.group()
def trust() -> None:
    """Publish the list of our institutions, look at lists of others."""


@trust.command(short_help="Print the list as it would be signed now.")
@data_folder
def make(folder: Path | None) -> None:
    """Print the list of institutions as it would be signed now, without a signature."""
    settings = read_office_settings(folder)
    office = open_reading_office(settings)
    click.echo(json_line(unsigned_list(office.deployment, TrustFiles(settings.dir), name=settings.site_name)))


@trust.command(short_help="Sign the list where it changed or would run out.")
@data_folder
def publish(folder: Path | None) -> None:
    """Sign the list of institutions if it has changed or has less than a week left.

    The worker does the same once a minute. The first time makes the key of the consortium.
    """
    settings = read_office_settings(folder)
    files = TrustFiles(settings.dir)
    made = open_signing_office(settings).publish_trust_list(files, name=settings.site_name)
    if made is None and files.text() is None:
        raise WrongUsage("No institution has a key yet, so there is nothing to publish.")
    if made is None:
        click.echo("The published list says all of it; nothing was signed.")
    _say_ours(files, settings.link(PATH))


@trust.command(short_help="Make a new key that signs the list.")
@data_folder
def rotate(folder: Path | None) -> None:
    """Make a new key that signs the list from now on, and sign it at once.

    Who has named the DID of this deployment need do nothing. Refused on a loopback address, where the key is
    the publisher.
    """
    settings = read_office_settings(folder)
    files, office = TrustFiles(settings.dir), open_signing_office(settings)
    click.echo(office.replace_trust_key(files))
    office.publish_trust_list(files, name=settings.site_name)
    _say_ours(files, settings.link(PATH))


@trust.command(short_help="Show our list and where the lists of others stand.")
@data_folder
def show(folder: Path | None) -> int:
    """Show the list that is published here, and where the lists of others stand that the settings name.

    Exit status: 0 ours can be read; 1 the note of who was withdrawn is damaged, and no institution of ours
    counts as known.
    """
    settings = read_office_settings(folder)
    files = TrustFiles(settings.dir)
    _say_ours(files, settings.link(PATH))
    damaged = _damage(files)
    if damaged is not None:
        click.echo(f"  {_printable(damaged)} Until then no institution of ours counts as known here.")
    others = TrustLists(settings.dir, settings.trust_lists, settings.trust_publishers)
    _say_standings(others.standings(utc_now()))
    return 0 if damaged is None else 1


@trust.command(short_help="Read the lists of others now.")
@data_folder
def load(folder: Path | None) -> int:
    """Read the lists of others that the settings name, as the worker does once an hour.

    Exit status: 0 all were read; 1 some were not.
    """
    settings = read_office_settings(folder)
    others = TrustLists(settings.dir, settings.trust_lists, settings.trust_publishers)
    if not settings.trust_lists:
        raise WrongUsage("TESTAMUR_TRUST_LISTS names no list (docs/trust.md).")
    looked = others.refresh(fetcher=list_fetcher(settings), now=utc_now(), only_due=False)
    _say_standings(looked)
    return 1 if any(one.code for one in looked) else 0


@trust.command(short_help="Check a list in a file.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option(
    "--trust-key",
    "publishers",
    multiple=True,
    metavar="DID|MULTIKEY",
    help="Who signs the lists that you believe. May be given several times.",
)
def check(file: Path, publishers: tuple[str, ...]) -> int:
    """Check the list in FILE as `verify --trust` would, and print who is on it.

    Needs no data folder. Exit status: 0 it is believed; 1 it is not.
    """
    try:
        named = tuple(publisher(each) for each in publishers)
    except ValueError as error:
        raise click.UsageError(f"--trust-key: {error}") from error
    with file.open("rb") as opened:
        data = opened.read(MAX_BYTES + 1)
    try:
        found = read_trust_file(data, now=utc_now(), publishers=named, fetcher=Fetcher())
    except ValueError as error:
        return _refuse(str(error), data)
    except TrustListRefused as error:
        return _refuse(error.message, data)
    for line in _described(found):
        click.echo(_printable(line))
    return 0


@trust.command("withdraw", short_help="Vouch for an institution no longer.")
@click.argument("slug")
@click.option("--reason", default="", help="Why; readers of the list and of its certificates are told.")
@done_by
@data_folder
def withdraw_institution(slug: str, reason: str, by: str, folder: Path | None) -> None:
    """Vouch for SLUG no longer, from today on; it stays on the list with the day."""
    settings = read_office_settings(folder)
    withdraw(open_audit(settings), TrustFiles(settings.dir), slug, reason=reason, by=by)
    click.echo(f"{slug} is withdrawn. The worker signs the list anew within a minute.")


@trust.command("readmit", short_help="Vouch for an institution again.")
@click.argument("slug")
@done_by
@data_folder
def readmit_institution(slug: str, by: str, folder: Path | None) -> None:
    """Vouch for SLUG again, as if it had never been withdrawn."""
    settings = read_office_settings(folder)
    readmit(open_audit(settings), TrustFiles(settings.dir), slug, by=by)
    click.echo(f"{slug} is listed again. The worker signs the list anew within a minute.")


def _damage(files: TrustFiles) -> str | None:
    """Say that the note of who was withdrawn cannot be read, None where it can."""
    try:
        files.withdrawals()
    except IssuerError as damaged:
        return damaged.message
    return None


def _say_ours(files: TrustFiles, address: str) -> None:
    listing = files.published()
    if listing is None:
        click.echo("Nothing is published here yet.")
        return
    click.echo(f"Ours: {address}")
    for line in _summary(listing):
        click.echo(f"  {_printable(line)}")


def _say_standings(standings: list[Standing]) -> None:
    for one in standings:
        click.echo(f"{_printable(one.source)}: {'used' if one.in_use else 'not used'}")
        if one.checked:
            click.echo(f"  looked at {one.checked:%Y-%m-%d %H:%M} UTC, {one.entries} entries")
        for line in _summary(one.listing) if one.listing else ():
            click.echo(f"  {_printable(line)}")
        if one.fault:
            click.echo(f"  {_printable(one.fault)}")


def _summary(listing: InstitutionList) -> Iterator[str]:
    withdrawn = sum(1 for one in listing.institutions if one.until)
    yield f"{listing.name}, published by {listing.publisher_name} ({listing.publisher_id})"
    yield (
        f"number {listing.sequence}, in force from {day_text(listing.valid_from)} to "
        f"{day_text(listing.valid_until)}"
    )
    yield f"{len(listing.institutions)} institutions, {withdrawn} of them withdrawn"


def _described(found: TrustFile) -> Iterator[str]:
    if found.listing is None:
        yield f"{len(found.entries)} entries; the list is not signed: it counts as your own word."
    else:
        yield from _summary(found.listing)
        vouched = f"Signed by {found.vouched_by}." if found.vouched_by else "Not signed: it is your own word."
        yield vouched
    yield from map(_line, found.entries)


def _line(entry: TrustEntry) -> str:
    until = f", withdrawn on {entry.until.isoformat()}" if entry.until else ""
    odd = " (host name in other letters)" if _is_international(entry.issuer_id) else ""
    return f"  {entry.issuer_id}{odd}: {entry.name}{until}"


def _is_international(issuer_id: str) -> bool:
    """Tell a host name that stands for one in other letters, which may look like a well-known one (W10)."""
    host = issuer_id.removeprefix("did:web:") if issuer_id.startswith("did:") else ""
    host = host or urlsplit(issuer_id).hostname or ""
    return any(label.startswith("xn--") for label in host.lower().replace(":", ".").split("."))


def _refuse(why: str, data: bytes) -> int:
    click.echo(f"Not believed: {_printable(why)}")
    try:
        document = parse_list(data)
        listing = read_trust_list(document) if is_trust_list(document) else None
    except Ob3Error:
        listing = None
    if listing is not None:
        click.echo("It says of itself:")
        for line in _summary(listing):
            click.echo(f"  {_printable(line)}")
    return 1


def _printable(line: str) -> str:
    """Leave nothing in a line that could move the cursor or turn the reading direction."""
    return "".join(each if each.isprintable() else "\ufffd" for each in line)
