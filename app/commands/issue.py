"""`testamur issue`: a class list goes in, credentials come out; done by the worker, or here in its place."""

import logging
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path

import click
import structlog

from app.commands import class_lists
from app.commands.class_lists import Given, Outlook
from app.commands.options import WrongUsage, data_folder, done_by, read_office_settings
from app.commands.progress import progress
from app.settings import Settings
from app.signing import mail_sender, open_reading_office, open_signing_office
from app.worker import make_queue, work_off, worker_alive, worker_lock
from issuer import BatchResult, Issuer, IssuerError, MailState
from issuer.class_list import CellFinding
from issuer.figures import figures
from issuer.outbox import Delivery, Send

WriteRejects = Callable[[Outlook], Path | None]
_SHOWN_FINDINGS = 20
_LOOK_EVERY = 0.2  # seconds between two looks at the rows
_LOOK_FOR_WORKER = 5  # every so many looks


@click.command()
@click.argument("class_list", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--institution", "slug", required=True, help="Short name of the institution that awards.")
@click.option("--definition", required=True, metavar="FILE|CODE[@VERSION]", help="What is awarded.")
@click.option("--run", required=True, help="Which delivery of the course, for example 2026-spring.")
@click.option(
    "--awarded",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Date of award for rows that have none.",
)
@click.option(
    "--rejects",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where rows that cannot be issued go. Default: beside CLASS_LIST, ending in .rejects.csv.",
)
@click.option(
    "--criteria-public",
    "criteria",
    default="",
    metavar="TEXT",
    help="Where the criteria could be read, if learning began before the version was published.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be issued; store and sign nothing.")
@done_by
@data_folder
def issue(
    class_list: Path,
    slug: str,
    definition: str,
    run: str,
    awarded: datetime | None,
    rejects: Path | None,
    criteria: str,
    dry_run: bool,
    by: str,
    folder: Path | None,
) -> int:
    """Issue a credential for every good row of CLASS_LIST (CSV or XLSX); bad rows go to a rejects file.

    A definition file is published first. The same class list again issues nothing twice, and finishes what
    was interrupted. Exit status: 0 every row is issued, 1 some are not, 64 wrong usage.
    """
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    logging.getLogger("huey").setLevel(logging.CRITICAL)  # what a task refuses is told by its rows
    if rejects is not None and rejects.resolve() == class_list.resolve():
        raise WrongUsage("--rejects names the class list itself; name another file.")
    settings = read_office_settings(folder)
    day = awarded.date() if awarded else None
    given = Given(slug, definition, run, class_list.read_bytes(), day, criteria)
    if dry_run:
        outlook = class_lists.dry_run(open_reading_office(settings), given)
        _say_outlook(outlook)
        _say_rejects(_write_rejects(outlook, rejects, class_list) if rejects else None)
        click.echo("Dry run: nothing was stored, nothing was signed.")
        return 1 if outlook.class_list.rejected or not _criteria_in_time(outlook, given) else 0
    return _issue(settings, given, lambda outlook: _write_rejects(outlook, rejects, class_list), by=by)


def _issue(settings: Settings, given: Given, write_rejects: WriteRejects, *, by: str) -> int:
    sender = mail_sender(settings)
    issuer = open_signing_office(settings)
    published = class_lists.publish(issuer, given, by=by)
    with _being_the_worker(settings.dir) as alone:
        if alone:
            _finish_left_behind(issuer)
        preview = class_lists.preview(issuer, given, published)
        outlook = Outlook.of(preview)
        _say_outlook(outlook)
        written = write_rejects(outlook)
        if not outlook.class_list.rows:
            _say_rejects(written)
            return 1
        if not _criteria_in_time(outlook, given):
            return 1
        batch_id = issuer.start_batch(preview, by=by, criteria=given.criteria)
        make_queue(settings.dir).issue_batch(batch_id)
        with _told_if_interrupted(issuer, batch_id):
            do = _work_here if alone else _follow
            result = do(settings.dir, issuer, batch_id)
        _say_result(result)
        _say_rejects(written)
        if alone and sender is not None:
            _send(issuer, sender)
    return 1 if result.failed or result.waiting or outlook.class_list.rejected else 0


def _criteria_in_time(outlook: Outlook, given: Given) -> bool:
    """Say whether learners could read the criteria before the start; tell what to do where they could not."""
    if outlook.began is None or given.criteria.strip():
        return True
    click.echo(
        f"QC-21, block: learning began on {outlook.began}, before the version was published. Choose the "
        "version that was published then, or say with --criteria-public where the criteria could be read.",
        err=True,
    )
    return False


@contextmanager
def _told_if_interrupted(issuer: Issuer, batch_id: str) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        result = issuer.batch_result(batch_id)
        click.echo(
            f"{result.total - result.waiting} of {result.total} rows are done. Nothing is lost: the same "
            "command again, or `testamur worker`, does the rest.",
            err=True,
        )
        raise


@contextmanager
def _being_the_worker(folder: Path) -> Iterator[bool]:
    """Take the worker's place while no other process has it; say whether that is so."""
    with ExitStack() as held:
        try:
            held.enter_context(worker_lock(folder))
        except IssuerError as error:
            if error.code != "worker_running":
                raise
            alone = False
        else:
            alone = True
        yield alone


def _finish_left_behind(issuer: Issuer) -> None:
    finished = sum(result.issued for result in issuer.resume())
    if finished:
        click.echo(f"An interrupted run was finished first; it has {finished} credentials.")


def _work_here(folder: Path, issuer: Issuer, batch_id: str) -> BatchResult:
    """Do the batch in this process, and then whatever else was entered for the worker."""
    with progress("Issuing") as advance:
        result = issuer.issue_batch(batch_id, progress=advance)
    work_off(make_queue(folder, issuer=issuer))
    return result


def _follow(folder: Path, issuer: Issuer, batch_id: str) -> BatchResult:
    """Show how far the worker is; if it dies, take its place."""
    click.echo("A worker is at work in this data folder; it issues them.", err=True)
    while True:
        result = _watched(folder, issuer, batch_id)
        if result.finished:
            return result
        with _being_the_worker(folder) as alone:
            if alone:
                click.echo("The worker has stopped; its work is finished here.", err=True)
                return _work_here(folder, issuer, batch_id)


def _watched(folder: Path, issuer: Issuer, batch_id: str) -> BatchResult:
    """Look at the rows until they are done, or until no worker is alive any more."""
    with progress("Issuing") as advance:
        for look in count():
            result = issuer.batch_result(batch_id)
            advance(result.total - result.waiting, result.total)
            if result.finished or (look % _LOOK_FOR_WORKER == 0 and not worker_alive(folder)):
                break
            time.sleep(_LOOK_EVERY)
    return result


def _send(issuer: Issuer, sender: Send) -> None:
    """Send the mails that are due, since no worker does."""
    sent = failed = 0
    while (round_ := issuer.deliver(sender)) != Delivery():
        sent, failed = sent + round_.sent, failed + round_.failed
    waiting = figures(issuer.deployment).mails.get(MailState.QUEUED.value, 0)  # an outage tries one, not all
    click.echo(f"{sent} mails sent, {waiting} to be tried again by `testamur worker`, {failed} refused.")


def _say_outlook(outlook: Outlook) -> None:
    listed = outlook.class_list
    click.echo(
        f"{outlook.code}, version {outlook.version}, run {outlook.run}: {outlook.new} to issue, "
        f"{len(listed.rows) - outlook.new} issued before, {len(listed.rejected)} rejected."
    )
    if listed.unknown_columns:
        click.echo(f"Columns without meaning here, left out: {', '.join(listed.unknown_columns)}.")
    for note in listed.notes:
        click.echo(note)
    _say_findings(listed.findings, "and {} more, which the rejects file names.")
    if listed.warnings:
        click.echo("To look at, though nothing keeps these rows from being issued:")
        _say_findings(listed.warnings, "and {} more.")


def _say_findings(findings: Sequence[CellFinding], rest: str) -> None:
    for finding in findings[:_SHOWN_FINDINGS]:
        where = f"line {finding.line}" + (f", {finding.column}" if finding.column else "")
        click.echo(f"  {where}: {finding.reason} {finding.fix}")
    if (more := len(findings) - _SHOWN_FINDINGS) > 0:
        click.echo(f"  {rest.format(more)}")


def _rejects_beside(class_list: Path, contents: bytes) -> Path:
    """Name a file that is not there yet, or says the same: somebody may be mending the one of last time."""
    stem = class_list.with_suffix("").name
    for number in count(1):
        path = class_list.with_name(f"{stem}.rejects{'' if number == 1 else f'-{number}'}.csv")
        if not path.exists() or (path.is_file() and path.read_bytes() == contents):
            break
    return path


def _write_rejects(outlook: Outlook, given: Path | None, class_list: Path) -> Path | None:
    if not outlook.class_list.rejected:
        return None
    contents = outlook.class_list.rejects_csv()
    path = given or _rejects_beside(class_list, contents)
    path.write_bytes(contents)
    return path


def _say_result(result: BatchResult) -> None:
    click.echo(f"{result.issued} issued, {result.already} issued before, {len(result.failed)} failed.")
    for row in result.failed:
        click.echo(f"  line {row.line}, {row.name}: {row.reason}")


def _say_rejects(path: Path | None) -> None:
    if path:
        click.echo(f"Rejected rows are in {path}: mend them there and issue that file.")
