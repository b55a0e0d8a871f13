"""An issuing office in a folder of its own: institution, definition, keys, a clock that the test moves."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from database import url_with_tables

from app.database import open_database, upgrade
from issuer import InstitutionInput, Issuer, LinkSecret, OfficeSecret
from keys import KeysError, SecretKey
from verifier import Policy, Verifier

BASE_URL = "http://127.0.0.1:8080"
HTTPS_BASE_URL = "https://badges.example.edu"
HEADER = "name,student_number,email,awarded_date,language,grade"
START = datetime(2026, 7, 3, 2, 0, tzinfo=UTC)


class FolderKeys:
    """Keys in plain files, so that a subprocess of a test need not pay for the key store's hashing."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(exist_ok=True)

    def add(self, verification_method, secret_key):
        path = self._path(verification_method)
        path.touch(mode=0o600)
        path.write_bytes(secret_key.reveal_seed())
        if secret_key.algorithm != "Ed25519":
            beside = path.with_suffix(".algorithm")
            beside.touch(mode=0o600)
            beside.write_text(secret_key.algorithm)

    def signer(self, verification_method):
        path = self._path(verification_method)
        if not path.exists():
            raise KeysError("unknown_key", "no such key")
        beside = path.with_suffix(".algorithm")
        algorithm = beside.read_text() if beside.exists() else "Ed25519"
        return SecretKey.from_seed(path.read_bytes(), algorithm).signer(verification_method)

    def _path(self, verification_method):
        return self.folder / verification_method.rpartition("#")[2]


_PATIENT = 60.0  # seconds: thousands of tests leave garbage, whose collection is no work of a verifier


@dataclass
class TestClock:
    """A clock that stands until it is moved."""

    __test__ = False
    now: datetime = START

    def __call__(self):
        return self.now

    def forward(self, **amount):
        self.now += timedelta(**amount)


@dataclass
class Office:
    """What a test works with."""

    folder: Path
    base_url: str = BASE_URL
    clock: TestClock = field(default_factory=TestClock)
    keys: object = None
    options: dict = field(default_factory=dict)

    def __post_init__(self):
        self.folder.mkdir(exist_ok=True)
        self.engine = open_database(url_with_tables(self.folder))
        upgrade(self.engine)
        self.keys = self.keys or FolderKeys(self.folder / "keys")
        self.links = LinkSecret.open(self.folder / "link-secret")
        self.issuer = self.another()

    def another(self, **changes):
        """Open the office a second time, as another process would."""
        options = {
            "base_url": self.base_url,
            "clock": self.clock,
            "keys": self.keys,
            "links": self.links,
            "secret": OfficeSecret.open(self.folder / "office-secret"),
            **self.options,
        }
        return Issuer(self.engine, **(options | changes))

    def ready(self, *, slug="uef", **options):
        """Register an institution with a key and a published definition; give the definition."""
        self.issuer.register_institution(institution(slug))
        self.issuer.create_key(slug)
        return self.issuer.publish_definition(slug, definition(**options))

    def issue(self, rows=1, *, slug="uef", run="Spring 2026", data=None, criteria=""):
        """Import a class list and issue it at once; give the result."""
        preview = self.issuer.import_class_list(slug, CODE, run, data or class_list(rows))
        batch = self.issuer.start_batch(preview, by="registrar", criteria=criteria)
        return self.issuer.issue_batch(batch)

    def one(self, **changes):
        """Issue a single credential and give its record."""
        (urn,) = self.issue(1, **changes).credentials
        return self.issuer.credential(urn)

    def verified(self, record):
        """Report on a record as a visitor of this deployment would see it."""
        verifier = Verifier(
            fetcher=None,
            clock=self.clock,
            trust=self.issuer.trust_entries(),
            local=self.issuer.local,
            policy=Policy(isolate=False, cpu_seconds=_PATIENT),
        )
        return verifier.verify(record.text.encode())

    def close(self):
        self.engine.dispose()


CODE = "MC-CRS-2026"


def institution(slug="uef", **changes):
    values = {
        "slug": slug,
        "name": "Example University of Economics and Finance",
        "names": {"vi": "Trường Đại học Kinh tế - Tài chính Ví dụ"},
        "country": "VN",
        "locality": "Hà Nội",
        "url": "https://www.example.edu.vn",
        "email": "microcredentials@example.edu.vn",
        "official": "Office of Academic Affairs",
        "signatory": {"name": "Trần Quốc Bảo", "role": "Vice-Rector for Academic Affairs"},
    }
    return InstitutionInput(**(values | changes))


def definition(*, suspension=False, refresh=False, valid_for=None, version="2026-1", **changes):
    """Load the definition that the tests use, with options changed."""
    from microcredential import load_definition

    options = {"code": CODE, "version": version, "language": "en", "suspension": suspension}
    if refresh:
        options["refresh"] = True
    if valid_for:
        options["valid_for"] = valid_for
    document = {"definition": options, "achievement": ACHIEVEMENT | changes}
    return load_definition(json.dumps(document).encode(), kind="json")


def class_list(rows, *, start=1):
    lines = [HEADER]
    for number in range(start, start + rows):
        name = f"Nguyễn Thị Minh {chr(64 + number % 26 + 1)}"
        lines.append(f"{name},UEF-{number:04},l{number}@example.edu,2026-06-30,vi,8.3")
    return ("\n".join(lines) + "\n").encode()


ACHIEVEMENT = {
    "title": {
        "en": "Credit Risk Analysis for Small-Business Lending",
        "vi": "Phân tích rủi ro tín dụng trong cho vay doanh nghiệp nhỏ",
    },
    "summary": {"en": "Assessing the credit risk of small enterprises."},
    "criteria": "Both assessments passed with at least 5 of 10 points each.",
    "volumeOfLearning": 90,
    "creditPoint": [{"framework": "http://data.europa.eu/snb/education-credit/6fcec5c5af", "point": "3"}],
    "learningOutcome": [
        {"id": "lo1", "title": {"en": "Interpret the financial statements of a small enterprise."}},
        {"id": "lo2", "title": {"en": "Apply a scoring model to a loan portfolio."}},
    ],
    "mode": ["http://data.europa.eu/snb/learning-assessment/e92d221e4d"],
    "thematicArea": ["http://data.europa.eu/snb/isced-f/0412"],
    "stackability": "https://w3id.org/testamur/ns/v1#standalone",
    "entryRequirement": {"en": "None"},
    "qualityAssurance": [
        {
            "title": {"en": "Internal approval by the Academic Board"},
            "qaType": "https://w3id.org/testamur/ns/v1#internalQA",
            "accreditingAgent": {"name": "Academic Board", "url": "https://www.example.edu.vn"},
        }
    ],
    "alignment": [
        {
            "targetUrl": "http://data.europa.eu/snb/eqf/6",
            "referencingBasis": "https://w3id.org/testamur/ns/v1#indicative",
        }
    ],
    "resultDescription": [
        {
            "id": "exam",
            "name": "Written examination",
            "resultType": "RawScore",
            "valueMin": "0",
            "valueMax": "10",
            "requiredValue": "5",
            "assessmentType": ["http://data.europa.eu/snb/assessment/6e6cb2cc78"],
            "supervision": "http://data.europa.eu/snb/supervision-verification/70be69aaf9",
            "weightPercent": 100,
        },
        {"id": "final", "name": "Final grade", "resultType": "Result", "valueMin": "0", "valueMax": "10"},
    ],
}
