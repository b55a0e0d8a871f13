"""`testamur keys`: institutions and their keys."""

from collections.abc import Callable
from pathlib import Path

import click

from app.commands.keys_revoke import revoke
from app.commands.options import WrongUsage, data_folder, read_office_settings, read_settings_without_web
from app.institution_file import read_institutions
from app.signing import open_reading_office, open_signing_office
from issuer import Issuer
from issuer.institutions import FIRST_ALGORITHM
from issuer.proof_forms import ProofForm
from keys.algorithms import ALGORITHMS


@click.group()
def keys() -> None:
    """Register institutions, make, replace and revoke their keys, list them."""


keys.add_command(revoke)


def _of_algorithm(command: Callable[..., None]) -> Callable[..., None]:
    """Give a subcommand the option that says for what a key is."""
    return click.option(
        "--algorithm",
        type=click.Choice(sorted(ALGORITHMS)),
        default=FIRST_ALGORITHM,
        show_default=True,
        help="For what the key is. Other keys stand beside the one for Ed25519.",
    )(command)


@keys.command(short_help="Register institutions and make their first keys.")
@click.argument("institution", metavar="FILE|SLUG")
@_of_algorithm
@data_folder
def create(institution: str, algorithm: str, folder: Path | None) -> None:
    """Register the institutions that FILE describes and make the first key of each.

    FILE is YAML or JSON: slug, name, country (such as VN) and url, and as you like names, email, official,
    region, locality, initials, accent, logo (an SVG file beside it), signatory, other_identifiers,
    hashes_email, proof_form (docs/forms-of-proof.md), for which a key is made too. With a SLUG, the key of
    an institution that is registered. What is there already stays as it is.
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
        _make_key(issuer, slug, algorithm, registered_before=slug in there)
    for each in given:
        wanted = ProofForm(each.proof_form).algorithm
        if each.slug not in there and wanted not in (algorithm, FIRST_ALGORITHM):
            _make_key(issuer, each.slug, wanted, registered_before=False)


@keys.command(short_help="Make a new key and retire the one before.")
@click.argument("slug")
@_of_algorithm
@data_folder
def rotate(slug: str, algorithm: str, folder: Path | None) -> None:
    """Make a new key for SLUG in place of the one for the same algorithm.

    The old one stays published for what it signed.

    Refused on a loopback address, where an institution is known by its key.
    """
    made = open_signing_office(read_office_settings(folder)).rotate_key(slug, algorithm)
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
            until += f", revoked {key.revoked:%Y-%m-%d}" if key.revoked else ""
            since = f"since {key.created:%Y-%m-%d}"
            click.echo(f"  {key.verification_method} {key.algorithm} {since}{until}")


def _make_key(issuer: Issuer, slug: str, algorithm: str, *, registered_before: bool) -> None:
    before = {key.verification_method for key in issuer.keys_of(slug)}
    made = issuer.create_key(slug, algorithm)
    left = registered_before and made.verification_method in before
    note = " (registered before, left as it was)" if left else ""
    click.echo(f"{slug}: {made.verification_method}{note}")
