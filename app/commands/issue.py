"""`testamur issue`: a class list goes in, credentials come out; done by the worker, or here in its place."""

import getpass
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.commands.options import data_folder, read_settings
from app.settings import Settings
from app.signing import mail_sender, open_signing_office
from app.worker import Queue, make_queue, work_off, worker_lock
from issuer import BatchResult, Issuer, IssuerError
from issuer.batches import ImportPreview
from microcredential import load_definition

_SHOWN_FINDINGS = 20
_LOOK_EVERY = 0.2  # seconds between two looks at the rows


@click.command()
@click.argument("class_list", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--institution", "slug", required=True, help="Short name of the institution that awards.")
@click.option("--definition", required=True, metavar="FILE|CODE[@VERSION]", help="What is awarded.")
@click.option("--run", required=True, help="Which delivery of the course, for example 2026-spring.")
@click.option("--awarded", type=click.DateTime(["%Y-%m-%d"]), help="Date of award for rows that have none.")
@click.option(
    "--rejects",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where rows that cannot be issued go. Default: CLASS_LIST with .rejects.csv.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be issued; store and sign nothing.")
@click.option("--by", help="Who issues. Default: the name of this account.")
@data_folder
def issue(
    class_list: Path,
    slug: str,
    definition: str,
    run: str,
    awarded: datetime | None,
    rejects: Path | None,
    dry_run: bool,
    by: str | None,
    folder: Path | None,
) -> int:
    """Issue a credential for every good row of CLASS_LIST (CSV); bad rows go to a rejects file.

    The same file again issues nothing twice. Exit status: 0 every row issued, 1 some were not.
    """
    settings = read_settings(folder)
    issuer = open_signing_office(settings)
    name = _published(issuer, slug, definition)
    preview = issuer.import_class_list(
        slug, name, run, class_list.read_bytes(), awarded=awarded.date() if awarded else None
    )
    _say_preview(preview)
    written = _write_rejects(
        preview, rejects or class_list.with_suffix(".rejects.csv"), dry_run and not rejects
    )
    if dry_run:
        click.echo("Dry run: nothing was stored, nothing was signed.")
        return 1 if preview.class_list.rejected else 0
    result = _issue(settings, issuer, issuer.start_batch(preview, by=by or getpass.getuser()))
    _say_result(result, written)
    return 1 if result.failed or preview.class_list.rejected else 0


def _published(issuer: Issuer, slug: str, definition: str) -> str:
    """Publish what a definition file describes, unless it is there; give its name."""
    path = Path(definition)
    if not path.is_file():
        return definition
    kind = "yaml" if path.suffix in (".yaml", ".yml") else "json"
    version = issuer.publish_definition(slug, load_definition(path.read_bytes(), kind=kind))
    return f"{version.code}@{version.version}"


def _issue(settings: Settings, issuer: Issuer, batch_id: str) -> BatchResult:
    """Enter the task, and do it here if no worker is at work in this folder."""
    queue = make_queue(settings.dir, issuer=issuer, send=mail_sender(settings))
    queue.issue_batch(batch_id)
    try:
        with worker_lock(settings.dir):
            doing = threading.Thread(target=_work_here, args=(queue, issuer, batch_id), daemon=True)
            doing.start()
            result = _follow(issuer, batch_id, doing.is_alive)
            doing.join()
            return issuer.batch_result(batch_id) if not result.finished else result
    except IssuerError as error:
        if error.code != "worker_running":
            raise
    return _follow(issuer, batch_id, lambda: True)


def _work_here(queue: Queue, issuer: Issuer, batch_id: str) -> None:
    work_off(queue)
    if not issuer.batch_result(batch_id).finished:
        issuer.issue_batch(batch_id)  # the queue lost the task: the rows are the truth


def _follow(issuer: Issuer, batch_id: str, alive: Callable[[], bool]) -> BatchResult:
    """Show how many rows are done until the batch is finished."""
    columns = (TextColumn("Issuing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    pause = threading.Event()
    with Progress(*columns, console=Console(stderr=True), transient=False) as bar:
        task = bar.add_task("issue", total=None)
        while True:
            result = issuer.batch_result(batch_id)
            bar.update(task, total=result.total, completed=result.total - result.waiting)
            if result.finished or not alive():
                return result
            pause.wait(_LOOK_EVERY)


def _say_preview(preview: ImportPreview) -> None:
    rows = preview.class_list.rows
    click.echo(
        f"{preview.definition.code}, version {preview.definition.version}, run {preview.run}: "
        f"{len(preview.new_rows)} to issue, {len(rows) - len(preview.new_rows)} issued before, "
        f"{len(preview.class_list.rejected)} rejected."
    )
    findings = preview.class_list.findings
    for finding in findings[:_SHOWN_FINDINGS]:
        where = f"line {finding.line}" + (f", {finding.column}" if finding.column else "")
        click.echo(f"  {where}: {finding.reason} {finding.fix}")
    if len(findings) > _SHOWN_FINDINGS:
        click.echo(f"  and {len(findings) - _SHOWN_FINDINGS} more, all in the rejects file.")


def _write_rejects(preview: ImportPreview, path: Path, keep_back: bool) -> Path | None:
    if not preview.class_list.rejected or keep_back:
        return None
    path.write_bytes(preview.class_list.rejects_csv())
    return path


def _say_result(result: BatchResult, rejects: Path | None) -> None:
    click.echo(f"{result.issued} issued, {result.already} issued before, {len(result.failed)} failed.")
    for row in result.failed:
        click.echo(f"  line {row.line}, {row.name}: {row.reason}")
    if rejects:
        click.echo(f"Rejected rows are in {rejects}: mend them there and issue that file.")
