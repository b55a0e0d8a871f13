"""Forms of the console that are refused: what a recognition officer states."""

from datetime import date

from console_office import ConsoleOffice
from recognition_statements import standing
from refused_forms import OFFICE, Refused

from issuer.recognition.making import Order, make_statement

_PLACE = f"{OFFICE}/recognition"


def _signed_statement(house: ConsoleOffice) -> str:
    desk = house.desk(house.staff["officer"])
    made = make_statement(desk, Order(content=standing(), decided=date(2026, 6, 1)))
    house.issuer.sign_statements()
    return f"{_PLACE}/{made.urn.removeprefix('urn:uuid:')}"


RECOGNITION = {
    "recognition of a course": Refused(
        "staff_recognition.new",
        "officer",
        f"{_PLACE}/new?kind=R1",
        "Have 1 statement signed",
        ("about",),
        {"title": "Elective", "about": ""},
    ),
    "recognition with credits in words": Refused(
        "staff_recognition.new",
        "officer",
        f"{_PLACE}/new?kind=R1",
        "Have 1 statement signed",
        ("credits",),
        {"title": "Elective", "about": "https://badges.elsewhere.example/1", "credits": "three"},
    ),
    "quality of a course": Refused(
        "staff_recognition.new",
        "officer",
        f"{_PLACE}/new?kind=Q",
        "Have 1 statement signed",
        ("title",),
        {"title": "", "about": "https://badges.elsewhere.example/1"},
    ),
    "decision about no certificate": Refused(
        "staff_recognition.decide",
        "officer",
        f"{_PLACE}/decide",
        "Check it",
        (),
        {"file": b"no certificate", "applicant": "Anh"},
        200,
    ),
    "refusal without a reason": Refused(
        "staff_recognition.refuse",
        "officer",
        f"{_PLACE}/refuse",
        "Write 1 letter",
        ("course",),
        {"course": "", "reference": "REC-1", "appeal": "By letter"},
    ),
    "hours of a credit": Refused(
        "staff_recognition.hours",
        "officer",
        _PLACE,
        "Keep the hours",
        ("hours",),
        {"hours": "many", "rule": "Decree 1"},
    ),
    "withdrawal of a statement without a reason": Refused(
        "staff_recognition.taken_back",
        "officer",
        _signed_statement,
        "Withdraw 1 statement",
        ("reason",),
        {"reason": ""},
    ),
}
