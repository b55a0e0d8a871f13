"""The whole way by HTTP: an author's words at one university become credits that another one recognises.

Two deployments are served over TLS. Everything is done on their pages by people who sign in, each with a
role of their own, and by their workers. An employer reads the end of it on the page to which the paper's code
leads.
"""

import re

import pytest
from batch_desks import need_approval
from issuing_office import class_list
from served_universities import two_universities

from issuer.staff.roles import Role

TITLE = "Green Bonds and Transition Finance"
CODE = "MC-GBF-2026"
NS = "https://w3id.org/testamur/ns/v1#"
SNB = "http://data.europa.eu/snb"
WORDS = {  # what the author types and chooses, by the names of the form's fields
    "definition.code": CODE,
    "definition.version": "2026-1",
    "achievement.title.en": TITLE,
    "achievement.summary.en": "Assess green bonds: read their documents and test them against a taxonomy.",
    "achievement.learningOutcome.0.title.en": "Judge whether a bond meets the taxonomy, giving reasons.",
    "achievement.learningOutcome.1.title.en": "Compare the value of a green bond with that of its twin.",
    "working.hours.contact": "24",
    "working.hours.self_study": "60",
    "working.hours.assessment": "6",
    "achievement.volumeOfLearning": "90",
    "achievement.creditPoint.0.point": "3",
    "achievement.mode": f"{SNB}/learning-assessment/920fbb3cbe",
    "achievement.entryRequirement.en": "None",
    "achievement.alignment.0.targetUrl": f"{SNB}/eqf/6",
    "achievement.alignment.0.referencingBasis": f"{NS}indicative",
    "achievement.criteria.narrative": "Examination passed with at least 5 of 10 points.",
    "achievement.resultDescription.0.name": "Written examination",
    "achievement.resultDescription.0.id": "exam",
    "achievement.resultDescription.0.assessmentType": f"{SNB}/assessment/6e6cb2cc78",
    "achievement.resultDescription.0.supervision": f"{SNB}/supervision-verification/70be69aaf9",
    "achievement.resultDescription.0.weightPercent": "100",
    "achievement.resultDescription.0.valueMin": "0",
    "achievement.resultDescription.0.valueMax": "10",
    "achievement.resultDescription.0.requiredValue": "5",
    "achievement.qualityAssurance.0.title.en": "Approval by the Academic Board",
    "achievement.qualityAssurance.0.qaType": f"{NS}internalQA",
    "achievement.qualityAssurance.0.accreditingAgent.name": "Academic Board",
    "achievement.qualityAssurance.0.accreditingAgent.url": "https://www.example.edu.vn",
    "achievement.stackability": f"{NS}standalone",
}
GRADE = {
    "achievement.resultDescription.1.name": "Final grade",
    "achievement.resultDescription.1.id": "final",
    "achievement.resultDescription.1.valueMin": "0",
    "achievement.resultDescription.1.valueMax": "10",
}
_VERIFIED = "The signature is verified, and it is not withdrawn."
RECOGNISED = (
    "Recognised by Example University of Zagreb : 3 ECTS, Credit transfer / exemption in a programme, "
    f"MSc Finance . {_VERIFIED}"
)
REVIEWED = f"Example University of Zagreb has reviewed the quality of this course. {_VERIFIED}"


@pytest.fixture
def pair(tmp_path):
    with two_universities(tmp_path) as both:
        yield both


def test_from_an_authors_words_to_what_an_employer_reads(pair):
    awarding, receiving = pair
    draft = write(awarding)
    course = publish(awarding, draft)
    paper = issue(awarding)
    assert "Recognised" not in read(awarding, paper)

    officer = receiving.person("Ivana Horvat", Role.RECOGNITION_OFFICER)
    state(receiving, officer, course, "Q")
    standing = state(receiving, officer, course, "R1")
    assert listed(awarding, course) == []
    hand_in(awarding, receiving, officer, course, standing)
    assert listed(awarding, course) == ["R1"]
    awarding.recognition_rounds.once()  # its worker asks the other service what else it states
    assert listed(awarding, course) == ["Q", "R1"]

    words = read(awarding, paper)
    assert "This certificate is good" in words
    assert "EQF level 6 Only indicative: not referenced to the EQF" in words
    assert RECOGNISED in words
    assert REVIEWED in words

    withdraw(receiving, officer, standing)
    awarding.clock.forward(hours=1, minutes=1)
    for university in pair:
        university.work()
    awarding.recognition_rounds.once()
    words = read(awarding, paper)
    assert "This certificate is good" in words
    assert "Recognised by" not in words
    assert REVIEWED in words
    assert listed(awarding, course) == ["Q"]


def write(university):
    """An author describes the course in the form and sends it for review; give the draft's address."""
    with university.at_desk(university.person("Đỗ Thị Hoa", Role.AUTHOR)) as author:
        author.open(f"/console/{university.slug}/definitions/new").press("Begin a draft")
        author.press("Save the draft", WORDS)
        author.press("Add the overall grade").press("Save the draft", GRADE)
        author.press("Send for review")
        assert "A reviewer has it now" in author.words
        return author.url


def publish(university, draft):
    """A reviewer reads it and publishes; give the public address of the version."""
    with university.at_desk(university.person("Rita Nováková", Role.REVIEWER)) as reviewer:
        reviewer.open(draft)
        assert TITLE in reviewer.words
        reviewer.press("Approve and publish version 2026-1")
        place = re.search(r'href="(/achievements/[\w-]+)"', reviewer.page)[1]
        return f"{university.base_url}{place}"


def issue(university):
    """One issuer takes a class list in, another one approves, the worker issues; give a paper's address."""
    need_approval(university.office, slug=university.slug)
    with university.at_desk(university.person("Lê Hoàng Nam", Role.ISSUER)) as registrar:
        registrar.open(f"/console/{university.slug}/batches/new")
        told = {"definition": f"{CODE}@2026-1", "run": "Spring 2026"}
        registrar.press("Read the file", told, files={"file": ("list.csv", class_list(2))})
        assert "Of the 2 rows in list.csv: 2 will be issued" in registrar.words
        registrar.press("Send 2 certificates for approval")
        batch = registrar.url
    with university.at_desk(university.person("Bùi Thu Trang", Role.ISSUER)) as second:
        second.open(batch).press("Approve and issue 2 certificates")
        university.work()
        assert "2 of 2 signed" in second.open(second.url).words
        second.open(f"/console/{university.slug}/credentials").follow("Nguyễn Thị Minh B")
        second.follow("What the public sees")
        return second.url


def state(university, officer, course, kind):
    """A recognition officer states something about the course, the worker signs; give its page's address."""
    told = {"title": "Green bonds in the MSc Finance", "about": course, "basis-consortiumAgreement": "1"}
    if kind == "R1":
        told |= {"credits": "3", "towards": "MSc Finance"}
    else:
        told |= {f"rating-{one}": "substantial" for one in ("quality", "assessment", "level")}
        told |= {"until": "2029-01-01"}
    with university.at_desk(officer) as page:
        page.open(f"/console/{university.slug}/recognition/new?kind={kind}")
        page.press("Have 1 statement signed", told)
        university.work()
        return page.url


def hand_in(awarding, receiving, officer, course, statement):
    """The officer takes the signed file and hands it in where the course is published."""
    with receiving.at_desk(officer) as page:
        file = page.open(statement).follow("The signed statement").page
    told = {"content": file, "headers": {"Content-Type": "application/json"}}
    with awarding.visitor() as sender:
        answer = sender.client.post(f"{course}/endorsements", **told)
    assert answer.status_code == 201, answer.text


def withdraw(university, officer, statement):
    """The officer takes the statement back, with a reason."""
    with university.at_desk(officer) as page:
        page.open(statement).press("Withdraw 1 statement", {"reason": "The programme has ended."})
        assert "The programme has ended." in page.words


def listed(university, course):
    """Give the kinds of what is published about a course."""
    with university.visitor() as program:
        answer = program.client.get(f"{course}/endorsements").json()
    return sorted(one["kind"] for one in answer["endorsements"])


def read(university, paper):
    """Give what somebody reads who scans the code on the paper."""
    with university.visitor() as employer:
        return employer.open(paper).words
