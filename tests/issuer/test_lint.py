"""The lint: whatever is missing or broken in a document, it never reaches the real key (THREATS I3)."""

import copy
import importlib
import json

import pytest
from issuing_office import CODE, class_list
from sqlmodel import select

from issuer.lint import Lint, LintRefused, own_verifier
from issuer.plan import plan_rows
from issuer.proof_forms import ProofForm
from issuer.tables import CredentialRow
from issuer.transactions import reading
from ob3 import canonical
from ob3.strict_json import parse
from verifier import Verifier

SUBJECT = ("credentialSubject",)
ACHIEVEMENT = (*SUBJECT, "achievement")


@pytest.fixture
def planned(office):
    """Give a lint and the arguments with which a planned credential passes it."""
    office.ready()
    preview = office.issuer.import_class_list("uef", CODE, "r", class_list(1))
    plan_rows(office.issuer.deployment, office.links, office.issuer.start_batch(preview, by="x"), at_most=1)
    with reading(office.engine) as session:
        row = session.exec(select(CredentialRow)).one()
    key = office.issuer.keys_of("uef")[0]
    lint = Lint(
        base_url=office.base_url,
        issuer_id=key.verification_method.partition("#")[0],
        method=key.verification_method,
        country="VN",
        verifier_factory=own_verifier,
    )
    lists = {f"{office.base_url}/status/uef-revocation-1": "revocation"}
    return lint, parse(row.unsigned), {"valid_from": row.valid_from, "lists": lists}


def written(document):
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def parent_of(document, path):
    for step in path[:-1]:
        document = document[step]
    return document


def test_a_sound_plan_passes(planned):
    lint, document, arguments = planned
    assert lint.check(written(document), **arguments) == document


@pytest.mark.parametrize("form", [ProofForm.EDDSA_RDFC_2022, ProofForm.JWT_EDDSA])
@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-1],
        lambda text: f"[{text}]",
        lambda text: '{"name":"Other",' + text[1:],
        lambda text: text.replace('"id":"urn:', '"id":"\\ud800urn:', 1),
    ],
    ids=["cut off", "in a list", "a member twice", "half of a pair"],
)
def test_a_text_without_one_reading_is_refused(planned, form, spoil):
    lint, document, arguments = planned
    lint = in_form(lint, form)
    text = written(document)
    if form.is_token:
        text = written({**document, "credentialSubject": {"id": "urn:x:1", **document["credentialSubject"]}})
    lint.check(text, **arguments)
    for known in (True, False):  # whether the shape of the text was met before
        with pytest.raises(LintRefused):
            (lint if known else in_form(lint, form)).check(spoil(text), **arguments)


def in_form(lint, form):
    terms = {name: value for name, value in lint.terms.items() if name not in ("form", "kid")}
    return Lint(**terms, form=form, verifier_factory=own_verifier)


def test_its_verifier_reads_by_the_direct_path_and_learns_no_shapes(planned, monkeypatch):
    lint, document, arguments = planned
    learned, read = [], canonical.shapes_of
    monkeypatch.setattr(
        canonical, "shapes_of", lambda given: (learned.append(given) if read(given) else None, read(given))[1]
    )
    lint.check(written(document), **arguments)
    assert learned  # the status list, which names no context of ours, is read as anybody's
    assert not any(map(len, learned))


@pytest.mark.parametrize(
    "path",
    [
        ("@context",),
        ("id",),
        ("type",),
        ("name",),
        ("issuer",),
        ("issuer", "id"),
        ("issuer", "type"),
        ("issuer", "address"),
        ("validFrom",),
        ("awardedDate",),
        ("relatedResource",),
        ("credentialStatus", "statusListCredential"),
        ("credentialStatus", "statusListIndex"),
        ("credentialStatus", "statusPurpose"),
        SUBJECT,
        (*SUBJECT, "type"),
        (*SUBJECT, "identifier"),
        ACHIEVEMENT,
        *((*ACHIEVEMENT, term) for term in ("id", "type", "name", "criteria", "description", "title")),
        *((*ACHIEVEMENT, term) for term in ("learningOutcome", "volumeOfLearning", "creditPoint", "mode")),
        *((*ACHIEVEMENT, term) for term in ("resultDescription", "qualityAssurance", "achievementType")),
    ],
    ids=".".join,
)
def test_a_document_that_lacks_a_part_is_refused(planned, path):
    lint, document, arguments = planned
    del parent_of(document, path)[path[-1]]
    with pytest.raises(LintRefused):
        lint.check(written(document), **arguments)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("issuer", "address", "addressCountryCode"), "CZ"),
        (("issuer", "id"), "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"),
        (("awardedDate",), "2027-01-01T00:00:00Z"),
        (("validFrom",), "2027-01-01T00:00:00Z"),
        (("validUntil",), "2020-01-01T00:00:00Z"),
        (("id",), "relative"),
        (("id",), "urn:uuid: with space"),
        (("credentialStatus", "statusListIndex"), "131072"),
        (("credentialStatus", "statusListIndex"), "x"),
        (("credentialStatus", "statusPurpose"), "suspension"),
        (("credentialStatus", "statusListCredential"), "https://elsewhere.example/list"),
        ((*SUBJECT, "name"), "A\x0bnh"),
        ((*SUBJECT, "undefinedTerm"), "x"),
        ((*SUBJECT, "creditsEarned"), 99),
        ((*ACHIEVEMENT, "type"), ["Achievement", "UndefinedType"]),
        ((*ACHIEVEMENT, "volumeOfLearning"), "PT9H"),
        ((*SUBJECT, "result"), [{"type": ["Result"], "resultDescription": "urn:other", "value": "8"}]),
    ],
)
def test_a_document_that_says_something_wrong_is_refused(planned, path, value):
    lint, document, arguments = planned
    broken = copy.deepcopy(document)
    parent_of(broken, path)[path[-1]] = value
    with pytest.raises(LintRefused):
        lint.check(written(broken), **arguments)


def test_a_list_that_is_not_ours_leaves_the_question_open_and_is_refused(planned):
    lint, document, arguments = planned
    with pytest.raises(LintRefused) as refused:
        lint.check(written(document), **(arguments | {"lists": {}}))
    assert "undetermined" in refused.value.message


def test_the_rules_of_the_profile_are_applied_once_and_where_they_block(planned, monkeypatch):
    lint, document, arguments = planned
    asked = []
    for where in ("issuer.lint", "verifier.profile"):
        real = importlib.import_module(where).check_credential

        def counted(*given, where=where, real=real, **named):
            asked.append(where)
            return real(*given, **named)

        monkeypatch.setattr(f"{where}.check_credential", counted)
    lint.check(written(document), **arguments)
    assert asked == ["issuer.lint"]
    lint._verifier_factory = usual_verifier
    lint._of_moment = None
    lint.check(written(document), **arguments)
    assert asked == ["issuer.lint"] * 2 + ["verifier.profile"]


def usual_verifier(**given):
    return Verifier(fetcher=None, **given)
