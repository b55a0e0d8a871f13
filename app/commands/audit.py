"""`testamur audit`: check and export what was done here."""

from collections.abc import Iterable
from pathlib import Path

import click

from app.audit_anchor import read_anchor
from app.commands.options import data_folder, read_office_settings
from app.signing import open_audit
from issuer.audit.entries import entries_of, exported_entry
from issuer.audit.record import CONSORTIUM
from issuer.audit.verify import ChainReport, verify_audit, verify_export


@click.group()
def audit() -> None:
    """Check and export what was done here."""


@audit.command(short_help="Find entries that were removed or edited.")
@click.option(
    "--file",
    "export_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Check an export in place of the data folder: links and hashes, without seals.",
)
@data_folder
@click.pass_context
def verify(context: click.Context, export_file: Path | None, folder: Path | None) -> None:
    """Check every chain of the audit and name each entry that was removed, added, moved or edited.

    Ends with 0 if everything is intact, with 1 if anything was found.
    """
    reports = list(_of_file(export_file) if export_file else _of_folder(folder))
    for report in reports:
        _tell(report)
    if not reports:
        click.echo("Nothing was written into the audit yet.")
    context.exit(0 if all(report.intact for report in reports) else 1)


@audit.command(short_help="Write the audit as one JSON object a line.")
@click.argument("institution", required=False)
@data_folder
def export(institution: str | None, folder: Path | None) -> None:
    """Write the chain of INSTITUTION, or of the consortium, as one JSON object a line."""
    office = open_audit(read_office_settings(folder))
    with office.reading() as session:
        for entry in entries_of(session, institution or CONSORTIUM):
            click.echo(entry.line())


def _of_folder(folder: Path | None) -> Iterable[ChainReport]:
    settings = read_office_settings(folder)
    return verify_audit(open_audit(settings), anchors=read_anchor(settings.dir))


def _of_file(path: Path) -> Iterable[ChainReport]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        return verify_export(exported_entry(line) for line in lines if line.strip())


def _tell(report: ChainReport) -> None:
    name = report.chain or "the consortium"
    if report.intact:
        click.echo(f"{name}: {report.entries} entries, intact, ends with {report.end[:16]}.")
        return
    click.echo(f"{name}: {report.entries} entries, NOT intact:")
    for fault in report.faults:
        click.echo(f"  {fault.message} ({fault.code})")
