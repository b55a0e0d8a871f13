"""`testamur keys`: institutions and their keys."""

from pathlib import Path

import click

from app.commands.options import data_folder, read_settings
from app.institution_file import read_institutions
from app.signing import open_signing_office
from issuer import Issuer


@click.group()
def keys() -> None:
    """Register institutions, make and replace their keys, list them."""


@keys.command()
@click.argument("institution", metavar="FILE|SLUG")
@data_folder
def create(institution: str, folder: Path | None) -> None:
    """Register the institutions in FILE (YAML or JSON) and make the first key of each, or make SLUG's."""
    issuer = open_signing_office(read_settings(folder))
    for slug in _registered(issuer, institution):
        made = issuer.create_key(slug)
        click.echo(f"{slug}: {made.verification_method}")


@keys.command()
@click.argument("slug")
@data_folder
def rotate(slug: str, folder: Path | None) -> None:
    """Make a new key; the old one stays published for what it signed."""
    made = open_signing_office(read_settings(folder)).rotate_key(slug)
    click.echo(f"{slug}: {made.verification_method}")


@keys.command("list")
@data_folder
def list_keys(folder: Path | None) -> None:
    """List institutions and their public keys, the oldest first."""
    issuer = open_signing_office(read_settings(folder))
    for institution in issuer.institutions():
        click.echo(f"{institution.slug}: {institution.name}")
        for key in issuer.keys_of(institution.slug):
            until = f", retired {key.retired:%Y-%m-%d}" if key.retired else ""
            click.echo(f"  {key.verification_method} since {key.created:%Y-%m-%d}{until}")


def _registered(issuer: Issuer, institution: str) -> list[str]:
    """Register what a file describes and is not there yet; give the short names."""
    path = Path(institution)
    if not path.is_file():
        return [institution]
    there = {each.slug for each in issuer.institutions()}
    given = read_institutions(path)
    for each in given:
        if each.slug not in there:
            issuer.register_institution(each)
    return [each.slug for each in given]
