"""`testamur keys`: institutions and their keys."""

from pathlib import Path

import click

from app.commands.options import WrongUsage, data_folder, read_office_settings, read_settings_without_web
from app.institution_file import read_institutions
from app.signing import open_reading_office, open_signing_office
from issuer import Issuer


@click.group()
def keys() -> None:
    """Register institutions, make and replace their keys, list them."""


@keys.command(short_help="Register institutions and make their first keys.")
@click.argument("institution", metavar="FILE|SLUG")
@data_folder
def create(institution: str, folder: Path | None) -> None:
    """Register the institutions that FILE describes and make the first key of each.

    FILE is YAML or JSON: slug, name, country (such as VN) and url, and as you like names, email, official,
    region, locality, initials, accent, logo (an SVG file beside it), signatory, other_identifiers,
    hashes_email. With a SLUG, the key of an institution that is registered. What is there already stays as
    it is.
    """
    path = Path(institution)
    if not path.is_file() and (path.suffix or path.parent != Path()):
        raise WrongUsage(f"There is no file {institution}.")
    given = read_institutions(path) if path.is_file() else []
    issuer = open_signing_office(read_settings_without_web(folder))
    there = {each.slug for each in issuer.institutions()}
    for each in given:
        if each.slug not in there:
            issuer.register_institution(each)
    for slug in [each.slug for each in given] or [institution]:
        _make_key(issuer, slug, registered_before=slug in there)


@keys.command(short_help="Make a new key and retire the one before.")
@click.argument("slug")
@data_folder
def rotate(slug: str, folder: Path | None) -> None:
    """Make a new key for SLUG; the old one stays published for what it signed.

    Refused on a loopback address, where an institution is known by its key.
    """
    made = open_signing_office(read_office_settings(folder)).rotate_key(slug)
    click.echo(f"{slug}: {made.verification_method}")


@keys.command("list", short_help="List institutions and their public keys.")
@data_folder
def list_keys(folder: Path | None) -> None:
    """List institutions and their public keys, the oldest first."""
    issuer = open_reading_office(read_office_settings(folder))
    for institution in issuer.institutions():
        click.echo(f"{institution.slug}: {institution.name}")
        for key in issuer.keys_of(institution.slug):
            until = f", retired {key.retired:%Y-%m-%d}" if key.retired else ""
            click.echo(f"  {key.verification_method} since {key.created:%Y-%m-%d}{until}")


def _make_key(issuer: Issuer, slug: str, *, registered_before: bool) -> None:
    before = {key.verification_method for key in issuer.keys_of(slug)}
    made = issuer.create_key(slug)
    note = " (registered before, left as it was)" if registered_before and before else ""
    click.echo(f"{slug}: {made.verification_method}{note}")
