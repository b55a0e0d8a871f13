"""An issuing office of the demonstration in a temporary folder, with class lists of any length."""

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import app.demonstration
from app.institution_file import read_institutions
from app.settings import Settings
from app.signing import make_passphrase, open_signing_office
from benchmarks.running_clock import running_clock
from issuer import BatchResult, Issuer
from issuer.batches import ImportPreview
from issuer.sheets.table import MAX_ROWS
from microcredential import load_definition

INSTITUTION = "dong-xanh"
RUN = "benchmark"
_CRITERIA = "In the syllabus"  # learning in those lists began before the day on which they are issued
_DEMONSTRATION = Path(app.demonstration.__file__).parent
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Course:
    """A course to issue credentials of, and some of its learners."""

    name: str
    definition: Path
    class_list: Path


COURSES = {
    course.name: course
    for course in (
        Course("credit-risk", _DEMONSTRATION / "credit-risk.yaml", _DEMONSTRATION / "class-credit-risk.csv"),
        Course("short-course", _HERE / "short-course.yaml", _HERE / "class-short-course.csv"),
    )
}
RICH, SHORT = COURSES.values()


@dataclass(frozen=True)
class Office:
    """An office that has published one definition and may issue it."""

    issuer: Issuer
    definition: str
    settings: Settings

    def read(self, class_list: bytes) -> ImportPreview:
        """Read a class list; raises ValueError if a row of it cannot be issued."""
        preview = self.issuer.import_class_list(INSTITUTION, self.definition, RUN, class_list)
        if preview.class_list.findings:
            first = preview.class_list.findings[0]
            raise ValueError(f"line {first.line}, {first.column}: {first.reason}")
        return preview

    def issue(self, preview: ImportPreview) -> BatchResult:
        """Issue every row; raises ValueError if one fails."""
        batch = self.issuer.start_batch(preview, by="benchmark", criteria=_CRITERIA)
        del preview  # what was read is stored now, and no longer needed while it is issued
        result = self.issuer.issue_batch(batch)
        if result.failed:
            raise ValueError(f"line {result.failed[0].line}: {result.failed[0].reason}")
        return result


@contextmanager
def temporary_office(course: Course = RICH) -> Iterator[Office]:
    """Open an office as the worker would, with an encrypted key store and SQLite on disk, and remove it."""
    with tempfile.TemporaryDirectory(prefix="testamur-bench-") as folder:
        settings = Settings.from_env({}, dir=folder, demo="1")
        make_passphrase(settings.passphrase_file)
        issuer = open_signing_office(settings, clock=running_clock)
        listed = read_institutions(_DEMONSTRATION / "institutions.yaml")
        issuer.register_institution(next(each for each in listed if each.slug == INSTITUTION))
        issuer.create_key(INSTITUTION)
        definition = load_definition(course.definition.read_bytes(), kind="yaml")
        version = issuer.publish_definition(INSTITUTION, definition)
        yield Office(issuer, f"{version.code}@{version.version}", settings)
        issuer.deployment.engine.dispose()


def class_lists(rows: int, course: Course = RICH) -> Iterator[bytes]:
    """Write class lists of that many learners in all, each as long as a list may be."""
    for first in range(0, rows, MAX_ROWS):
        yield class_list(min(MAX_ROWS, rows - first), course, first=first)


def class_list(rows: int, course: Course = RICH, *, first: int = 0) -> bytes:
    """Write a class list of that many learners: the course's, again and again, with new numbers."""
    with course.class_list.open(encoding="utf-8", newline="") as file:
        known = list(csv.DictReader(file))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(known[0]))
    writer.writeheader()
    for number in range(first, first + rows):
        own = {
            "student_number": f"DX-{number:07}",
            "email": f"learner{number}@sv.dong-xanh.example",
            "certificate_number": f"DX-MC-2026-{number:07}",
        }
        writer.writerow({**known[number % len(known)], **own})
    return out.getvalue().encode()
