"""`testamur elm`: a badge as a document of the European Learning Model, and a definition out of one."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import yaml

from app.commands.asking import fetcher_for
from app.commands.inputs import read_file, read_input
from app.commands.json_lines import json_line, printable
from app.commands.options import WrongUsage, data_folder
from keys.certificates import LARGEST_PEM, CertificateChain, read_chain, read_seal_key
from keys.private_file import read_private
from keys.signer import Signer
from microcredential import load_definition
from microcredential.elm import (
    ElmExport,
    Loss,
    elm_definition,
    elm_document,
    read_elm,
    seal,
    with_legal_identifier,
)
from microcredential.elm.display import LARGEST_PICTURE
from microcredential.elm.reading import LIMITS
from ob3.jws import credential_of, read_jws
from ob3.strict_json import dump, parse
from verifier import Verdict, Verifier
from verifier.containers import INPUT_BYTES, ContainerKind, credential_from

_PASSPHRASE_BYTES = 1024
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def elm() -> None:
    """Exchange with the European Learning Model: badges out, definitions in."""


@elm.command(short_help="Write a badge as a European Digital Credential.")
@click.option(
    "--seal-key",
    envvar="TESTAMUR_SEAL_KEY_FILE",
    type=_FILE,
    help="Key of the seal, P-256 or RSA, as PEM; only its owner may read the file. Default: "
    "TESTAMUR_SEAL_KEY_FILE.",
)
@click.option(
    "--seal-certificate",
    envvar="TESTAMUR_SEAL_CERTIFICATE_FILE",
    type=_FILE,
    help="Certificate of the key and those above it, as PEM. Default: TESTAMUR_SEAL_CERTIFICATE_FILE.",
)
@click.option(
    "--seal-passphrase",
    envvar="TESTAMUR_SEAL_PASSPHRASE_FILE",
    type=_FILE,
    help="File with the passphrase of the key, if it has one. Default: TESTAMUR_SEAL_PASSPHRASE_FILE.",
)
@click.option("--unverified", is_flag=True, help="Seal it although nothing of it was checked.")
@click.option("--picture", type=_FILE, help="PNG or JPEG that viewers show, for example of the certificate.")
@click.option("--out", type=_FILE, help="Write the document to this file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: document, losses, missing.")
@data_folder
@click.argument("file", metavar="CREDENTIAL_FILE")
def export(
    seal_key: Path | None,
    seal_certificate: Path | None,
    seal_passphrase: Path | None,
    unverified: bool,
    picture: Path | None,
    out: Path | None,
    as_json: bool,
    folder: Path | None,
    file: str,
) -> None:
    """Write a badge as a European Digital Credential (European Learning Model 3).

    CREDENTIAL_FILE is JSON, PNG, SVG, PDF or a signed token; - is standard input. What the document does not
    carry of the badge goes to standard error, as does what its application profile asks for and no badge
    says. Without a seal nothing is checked, and nobody can check the document.

    With a key and a certificate the document is sealed (JAdES, baseline B). A credential is sealed only if
    `testamur verify` finds it valid; seal none but those of your own institution.
    """
    tools = _seal_tools(seal_key, seal_certificate, seal_passphrase)
    data = read_input(file, limit=INPUT_BYTES)
    credential = _credential(data) if tools is None or unverified else _valid_credential(data, folder)
    exported = elm_document(
        credential, picture=read_file(picture, limit=LARGEST_PICTURE) if picture else None
    )
    document = _sealed(exported.document, *tools) if tools else exported.document
    if as_json:
        _write(json_line(_report(exported, document)), out)
    else:
        _write(dump(document), out)
        _tell(exported.losses, exported.missing)


@elm.command("import", short_help="Read a micro-credential as the draft of a definition.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON in place of YAML.")
@click.argument("file", metavar="FILE")
def import_(as_json: bool, file: str) -> None:
    """Read a micro-credential of the European Learning Model as the draft of a definition.

    FILE is JSON-LD in the compact form of European Digital Credentials: a Qualification, or an award that has
    one, of which nothing about the learner is taken; - is standard input. A seal is not checked. The
    definition goes to standard output, what it does not carry to standard error. Go on with `testamur check`.
    """
    definition, losses = elm_definition(read_elm(read_input(file, limit=LIMITS.size)))
    text = dump(definition)
    load_definition(text.encode(), kind="json")
    click.echo(text if as_json else _as_yaml(definition).rstrip("\n"))
    _tell(losses, ())


class _WithoutAliases(yaml.SafeDumper):
    """Write everything out: a definition file may have no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _as_yaml(definition: dict[str, Any]) -> str:
    text: str = yaml.dump(definition, Dumper=_WithoutAliases, allow_unicode=True, sort_keys=False, width=100)
    return text


def _credential(data: bytes) -> dict[str, Any]:
    found = credential_from(data)
    if found.kind is ContainerKind.JWT:
        return credential_of(read_jws(str(found.text)))
    credential = parse(found.text)
    if not isinstance(credential, dict):
        raise click.ClickException("The file holds no credential.")
    return credential


def _seal_tools(
    key: Path | None, certificate: Path | None, passphrase: Path | None
) -> tuple[Signer, CertificateChain] | None:
    """Read what seals; nothing where neither key nor certificate is named."""
    if key is None and certificate is None:
        return None
    if key is None or certificate is None:
        raise WrongUsage("A seal needs both a key (--seal-key) and its certificate (--seal-certificate).")
    word = read_private(passphrase, what="passphrase file", limit=_PASSPHRASE_BYTES) if passphrase else None
    secret = read_seal_key(
        read_private(key, what="key of the seal", limit=LARGEST_PEM),
        passphrase=word.rstrip(b"\r\n") if word is not None else None,
    )
    return secret.signer(), read_chain(read_file(certificate, limit=LARGEST_PEM) if certificate else b"")


def _valid_credential(data: bytes, folder: Path | None) -> dict[str, Any]:
    """Give the credential whose signature was verified: nothing else is sealed, nor what was taken back."""
    verifier = Verifier(fetcher=fetcher_for(folder), clock=lambda: datetime.now(UTC))
    report = verifier.verify(data)
    if report.verdict is not Verdict.valid or report.credential is None:
        raise click.ClickException(
            f"The credential is {report.verdict.value}, so it was not sealed. `testamur verify` says why."
        )
    return dict(report.credential)


def _sealed(document: dict[str, Any], signer: Signer, chain: CertificateChain) -> dict[str, Any]:
    return seal(
        with_legal_identifier(document, chain),
        signer=signer,
        certificate_chain=chain,
        signed_at=datetime.now(UTC),
    )


def _report(exported: ElmExport, document: dict[str, Any]) -> dict[str, Any]:
    return {
        "sealed": document is not exported.document,
        "document": document,
        "losses": [asdict(loss) for loss in exported.losses],
        "missing": list(exported.missing),
    }


def _write(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text)
    else:
        out.write_text(f"{text}\n", encoding="utf-8")


def _tell(losses: Iterable[Loss], missing: Iterable[str]) -> None:
    for loss in losses:
        mark = "changed" if loss.changed else "lost"
        click.echo(printable(f"{mark}: {loss.path}: {loss.what}: {loss.why}"), err=True)
    for path in missing:
        said = "the application profile asks for it, and the badge does not say it."
        click.echo(printable(f"missing: {path}: {said}"), err=True)
