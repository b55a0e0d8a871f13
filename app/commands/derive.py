"""`testamur derive`: show a part of a credential, without a data folder."""

from typing import Any

import click

from app.commands.inputs import read_input
from microcredential import accepted_context_digests
from ob3.selective import derive as derive_from
from ob3.strict_json import dump, parse
from verifier.containers import INPUT_BYTES, ContainerKind, credential_from
from verifier.contexts import check_contexts


@click.command()
@click.option(
    "--pointers",
    multiple=True,
    metavar="POINTER",
    help="JSON Pointer to what is to be shown. May be given several times.",
)
@click.argument("file", metavar="FILE")
def derive(pointers: tuple[str, ...], file: str) -> None:
    """Show a part of a credential: what its issuer made mandatory, and what you choose.

    FILE is your own copy of a credential that was issued for this (cryptosuite ecdsa-sd-2023), or - for
    standard input; the credential with the chosen part goes to standard output. Keep your own copy to
    yourself: whoever has it can show everything in it.

    A pointer such as /credentialSubject/result/0/value names the members on the way to a value; items of a
    list are counted from 0. What is not chosen is hidden, but not every trace of it:
    docs/selective-disclosure.md.
    """
    credential = _credential(read_input(file, limit=INPUT_BYTES))
    extra = check_contexts(credential, accepted=accepted_context_digests()).extra
    contexts = {url: dict(document) for url, document in extra.items()}
    click.echo(dump(derive_from(credential, selective_pointers=pointers, extra_contexts=contexts)))


def _credential(data: bytes) -> dict[str, Any]:
    found = credential_from(data)
    if found.kind is ContainerKind.JWT:
        raise click.ClickException("This credential is a signed token, of which no part can be shown alone.")
    credential = parse(found.text)
    if not isinstance(credential, dict):
        raise click.ClickException("The file holds no credential.")
    return credential
