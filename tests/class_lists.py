"""A small class list and the definition it is read against."""

from datetime import date
from decimal import Decimal

from issuer.class_list import read_class_list
from issuer.scales import scales

ACHIEVEMENT = {
    "resultDescription": [
        {"id": "urn:a#exam", "type": ["ResultDescription", "AssessmentDescription"], "name": "Exam",
         "valueMin": "0", "valueMax": "10", "requiredValue": "5", "weightPercent": 40},
        {"id": "urn:a#project", "type": ["ResultDescription", "AssessmentDescription"], "name": "Project",
         "valueMin": "0", "valueMax": "10", "requiredValue": "5", "weightPercent": 60},
        {"id": "urn:a#final", "type": ["ResultDescription"], "name": "Final grade", "resultType": "Result",
         "valueMin": "0", "valueMax": "10", "requiredValue": "5"},
    ]
}  # fmt: skip
TODAY = date(2026, 7, 3)
HEADER = "name,student_number,email,awarded_date"
GOOD = "Nguyễn Thị Minh Anh,U-1,anh@example.edu,2026-06-30"


def read(text, **changes):
    data = text if isinstance(text, bytes) else text.encode()
    asked = {"known_scales": scales(ACHIEVEMENT), "credits_available": Decimal(3), "today": TODAY} | changes
    return read_class_list(data, **asked)
