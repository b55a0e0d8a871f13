"""`testamur demo`: an invented consortium, issued for real, then served with a worker beside it."""

import shutil
import sys
import time
from pathlib import Path
from typing import Any

import click

from app.clock import utc_now
from app.commands.json_lines import json_line
from app.commands.options import data_folder, read_settings
from app.commands.progress import progress
from app.commands.side_by_side import running_side_by_side
from app.demonstration.building import TRUST_FILE, Demonstration, build_demonstration
from app.demonstration.people import STAFF_FILE
from app.serving import refuse_taken
from app.settings import Settings


@click.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    metavar="PORT",
    help="Port to serve on. Default: TESTAMUR_PORT, else as this folder had before, else 8080.",
)
@click.option(
    "--no-serve", is_flag=True, help="Return when everything is signed; `testamur serve` can show it."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object that names every file.")
@click.option("--started", type=float, hidden=True, help="When the whole began, in seconds since 1970.")
@data_folder
def demo(folder: Path | None, port: int | None, no_serve: bool, as_json: bool, started: float | None) -> None:
    """Make a fictional consortium of ten universities, issue to its classes, and serve it.

    Three micro-credentials, 54 learners; one credential is revoked, one suspended, one has expired. The JSON,
    PNG, SVG and PDF of each are written to the folder `issued`. A second time it makes only what is missing.
    No mail leaves: the outbox page shows them.
    """
    began = started or time.time()
    settings = read_settings(folder, port=port, demo=1)
    if not no_serve:
        refuse_taken(settings)
    with progress("Drawing certificates and badges") as advance:
        made = build_demonstration(
            settings, clock=utc_now, say=lambda line: click.echo(line, err=True), advance=advance
        )
    said = json_line(_described(settings, made)) if as_json else None
    if no_serve:
        click.echo(said or _guide(settings, made, began, served=False))
        return
    with running_side_by_side(settings) as stopped:
        click.echo(said or _guide(settings, made, began, served=True))
        stopped()


def _described(settings: Settings, made: Demonstration) -> dict[str, Any]:
    return {
        "base_url": settings.base_url,
        "data_dir": str(settings.dir),
        "credentials": [
            {
                "id": each.record.urn,
                "state": each.state,
                "json": str(each.json),
                "png": str(each.png),
                "svg": str(each.svg),
                "pdf": str(each.pdf),
                "url": each.record.url,
            }
            for each in made.shown
        ],
    }


def _guide(settings: Settings, made: Demonstration, began: float, *, served: bool) -> str:
    """Say what there is and what to open first."""
    good = made.first("issued")
    folder = _short(settings.dir)
    states = [(state, made.first(state).record.url) for state in ("revoked", "suspended", "expired")]
    lines = [
        "",
        f"{len(made.shown)} credentials of {len(made.office.institutions())} invented universities, "
        f"in {time.time() - began:.0f} s from start to end.",
        "",
        f"  open first   {good.record.url}   what the QR code on a certificate opens",
        f"  the holder   {made.office.holder_url(good.record)}   certificate, files, what others see",
        *(f"  {state:<12} {url}" for state, url in states),
        f"  check        {settings.base_url}/verify   any file of {folder / 'issued'}",
        f"  mails        {settings.base_url}/outbox   nothing is sent",
        f"  console      {settings.base_url}/console   {folder / STAFF_FILE} says who may sign in, and how",
        "",
        f"  {_program()} verify --dir {folder} --trust {folder / TRUST_FILE} {_short(good.pdf)}",
        "",
        "Stop with Ctrl-C." if served else f"Serve it with: {_program()} serve --dir {folder}",
    ]
    return "\n".join(lines)


def _program() -> str:
    """Name this program as the person can call it: after `make demo` it is not on the search path."""
    called = Path(sys.argv[0])
    return "testamur" if shutil.which("testamur") or not called.exists() else str(_short(called.absolute()))


def _short(path: Path) -> Path:
    """Give a path as a person in this folder would write it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
