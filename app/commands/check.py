"""`testamur check`: what a definition, an Achievement or a credential lacks, without a data folder."""

import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import click

from app.commands.json_lines import json_line, printable
from app.commands.options import clock_of
from microcredential import Finding, Severity
from microcredential.document_check import DocumentCheck, Kind, check_document
from microcredential.vocabulary import countries

_MARKS = {Severity.BLOCK: "x", Severity.WARN: "!", Severity.INFO: "-"}
_READ_AT_MOST = 2 * 1024 * 1024  # what is larger than 1 MiB is refused, in the words of the check
_MOST_SHOWN = 200


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each file, a line each.")
@click.option("--now", metavar="T", help="Check as if it were this time, for example 2026-06-30T12:00:00Z.")
@click.option(
    "--country",
    metavar="CC",
    help="Country of the institution, in two letters such as VN: levels and the issuer are held against it.",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def check(as_json: bool, now: str | None, country: str | None, files: tuple[str, ...]) -> int:
    """Say what a micro-credential lacks: its elements and the indicators of its quality.

    Each FILE is a definition (JSON or YAML), an Achievement of the profile, a whole credential or a statement
    of recognition as JSON, signed or not; - is standard input. Signatures are not looked at: `testamur
    verify` does that. Needs no data folder and asks nobody.

    Exit status: 0 nothing blocks; 1 something does; 2 a file could not be read and in no other does anything
    block; 64 wrong usage.
    """
    _refuse_missing(files)
    if country is not None and country not in countries():
        raise click.UsageError("--country wants the two letters of ISO 3166-1, such as VN or CZ.")
    moment = clock_of(now)()
    checked = []
    for given in files:
        done = _check(given, country, moment)
        checked.append(done)
        click.echo(_as_json(given, done) if as_json else _as_text(given, done))
    return _exit_status(checked)


def _exit_status(checked: Iterable[DocumentCheck]) -> int:
    stopped = {done.kind is Kind.UNREADABLE for done in checked if done.counts[Severity.BLOCK]}
    if not stopped:
        return 0
    return 1 if False in stopped else 2


def _refuse_missing(files: tuple[str, ...]) -> None:
    """Refuse a mistyped name before anything is checked."""
    for given in files:
        if given != "-" and (not Path(given).exists() or Path(given).is_dir()):
            raise click.UsageError(f"{given} is not a file.")
    if files.count("-") > 1:
        raise click.UsageError("Standard input (-) can be read only once.")


def _check(given: str, country: str | None, now: datetime) -> DocumentCheck:
    if given == "-":
        return check_document(_read(sys.stdin.buffer), country=country, now=now)
    try:
        with Path(given).open("rb") as file:
            data = _read(file)
    except OSError as error:
        raise click.UsageError(f"{given} cannot be read by this account.") from error
    return check_document(data, country=country, now=now)


def _read(stream: BinaryIO) -> bytes:
    return stream.read(_READ_AT_MOST)


def _as_json(given: str, done: DocumentCheck) -> str:
    line: dict[str, Any] = {
        "input": given,
        "kind": done.kind,
        "findings": [asdict(one) for one in done.findings[:_MOST_SHOWN]],
        "counts": done.counts,
        "not_judged": done.not_judged,
    }
    if done.indicators is not None:
        line["indicators"] = {"met": done.indicators.met, "unmet": done.indicators.unmet}
    return json_line(line)


def _as_text(given: str, done: DocumentCheck) -> str:
    if done.kind is Kind.UNREADABLE:
        lines = [f"{given}: cannot be read"]
    else:
        counts = done.counts
        found = f"{counts[Severity.BLOCK]} to mend, {counts[Severity.WARN]} to check"
        lines = [f"{given}: {done.kind.value}, {found if any(counts.values()) else 'nothing found'}"]
    for one in done.findings[:_MOST_SHOWN]:
        lines += [f"  {_MARKS[one.severity]} {_head(one)}: {one.message}", f"      {one.fix}"]
    if len(done.findings) > _MOST_SHOWN:
        lines.append(f"  and {len(done.findings) - _MOST_SHOWN} more")
    if done.not_judged:
        lines.append(f"  Not judged from such a document: {', '.join(done.not_judged)}.")
    return "\n".join(printable(line) for line in lines)


def _head(finding: Finding) -> str:
    answered = [one for one in finding.indicators if one != finding.id]
    name = f"{finding.id} ({', '.join(answered)})" if answered else finding.id
    return f"{name} {finding.path}".rstrip()
