"""`testamur bench`: rates of signing and verifying as ratios, and a class list issued end to end."""

import os
import subprocess
import sys
from pathlib import Path

import click

import app

_TREE = Path(app.__file__).resolve().parent.parent


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
@click.option("--quick", is_flag=True, help="Do everything once or twice: shows that it runs, not how fast.")
@click.option(
    "--rows",
    type=click.IntRange(1, 1_000_000),
    multiple=True,
    help="How many rows to issue from a CSV file. Default: 500. May be given several times.",
)
@click.option(
    "--write",
    "page",
    type=click.Path(exists=True, dir_okay=False, writable=True, path_type=Path),
    help="Put the tables into this page, between its two marks, as docs/performance.md has them.",
)
@click.option(
    "--plot",
    "drawing",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Draw the ratios to the peers into this SVG file.",
)
def bench(as_json: bool, quick: bool, rows: tuple[int, ...], page: Path | None, drawing: Path | None) -> int:
    """Measure signing, verifying, drawing and issuing on this machine.

    Everything is measured in turns within one run; compare ratios, never rates of two runs. Issues into a
    temporary folder and touches no data of yours. docs/performance.md says how to read the tables.
    """
    if not (_TREE / "benchmarks" / "__main__.py").is_file():
        raise click.ClickException(
            f"The measuring code is not installed: there is no folder `benchmarks` in {_TREE}. "
            "Run this in a clone of the repository (`make bench`)."
        )
    options = [
        *(["--json"] if as_json else []),
        *(["--quick"] if quick else []),
        *(f"--rows={number}" for number in rows),
        *([f"--write={page}"] if page else []),
        *([f"--plot={drawing}"] if drawing else []),
    ]
    return subprocess.run(  # noqa: S603  (our own module, checked options)
        [sys.executable, "-m", "benchmarks", *options], env=_environment(), check=False
    ).returncode


def _environment() -> dict[str, str]:
    """Let the tree be found, and keep settings of a real deployment out of the measurement."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TESTAMUR_")}
    paths = [str(_TREE), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**kept, "PYTHONPATH": os.pathsep.join(paths)}
