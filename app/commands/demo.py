"""`testamur demo`: an invented consortium, issued for real, then served with a worker beside it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

import click

from app.commands.options import data_folder, read_settings
from app.demonstration.building import Shown, build_demonstration
from app.settings import Settings
from app.signing import open_signing_office, utc_now


@click.command()
@data_folder
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Port to serve on. Default: TESTAMUR_PORT, else 8080."
)
@click.option(
    "--no-serve", is_flag=True, help="Return when everything is signed; `testamur serve` can show it."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object that names every file.")
@click.option("--started", type=float, hidden=True, help="When the whole began, in seconds since 1970.")
def demo(folder: Path | None, port: int | None, no_serve: bool, as_json: bool, started: float | None) -> None:
    """Make a fictional consortium of ten universities, issue to its classes, and serve it."""
    began = started or time.time()
    settings = read_settings(folder, port=port, demo=1)
    if not no_serve:
        _refuse_taken(settings)
    shown = build_demonstration(settings, clock=utc_now, say=lambda line: click.echo(line, err=True))
    if as_json:
        click.echo(json.dumps(_described(settings, shown), ensure_ascii=False))
        sys.stdout.flush()
    else:
        _say(settings, shown)
    click.echo(
        f"Made in {time.time() - began:.0f} s, the installation included where there was one.", err=True
    )
    if not no_serve:
        _serve(settings)


def _described(settings: Settings, shown: list[Shown]) -> dict[str, Any]:
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
            for each in shown
        ],
    }


def _say(settings: Settings, shown: list[Shown]) -> None:
    issuer = open_signing_office(settings)
    first = {
        state: next(each for each in shown if each.state == state)
        for state in dict.fromkeys(e.state for e in shown)
    }
    click.echo(
        f"\nDemonstration: {len(shown)} credentials of {len(issuer.institutions())} invented universities."
    )
    click.echo(f"Files (JSON, PNG, SVG, PDF) are in {settings.dir / 'issued'}\n")
    for state, each in first.items():
        click.echo(f"  {state:<10} {each.record.url}")
    click.echo(f"  holder     {issuer.holder_url(first['issued'].record)}")
    click.echo(f"  check      {settings.base_url}/verify")
    click.echo(f"  outbox     {settings.base_url}/outbox\n")


def _refuse_taken(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise click.UsageError(f"Port {settings.port} is taken: choose another with --port.") from error


def _serve(settings: Settings) -> None:
    """Run the web process and the worker beside each other until one of them or the person stops."""
    environment = {**os.environ, "TESTAMUR_DEMO": "1", "TESTAMUR_DIR": str(settings.dir)}
    command = [sys.executable, "-m", "app.cli"]
    served = [*command, "serve", "--host", settings.host, "--port", str(settings.port)]
    signal.signal(signal.SIGTERM, _stop)
    running = [subprocess.Popen(each, env=environment) for each in (served, [*command, "worker"])]  # noqa: S603
    try:
        while all(process.poll() is None for process in running):
            time.sleep(0.3)
    except KeyboardInterrupt:
        pass
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=15)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
