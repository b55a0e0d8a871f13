"""Issuing: what is issued verifies, nothing is issued twice, nothing half, whatever fails in between."""

import json
import threading

import pytest
from issuing_office import CODE, HEADER, Office, class_list, definition, institution
from sqlalchemy import event
from sqlmodel import func, select

from app import postgresql
from issuer import IssuerError, NotFound
from issuer.errors import StorageFailed
from issuer.lint import LintRefused
from issuer.tables import BatchRow, CredentialRow, Learner, OutboxMailRow, StatusEntry, StatusList
from issuer.transactions import reading, writing
from microcredential import MicroCredentialError
from verifier import Outcome

CHUNK = 10  # fewer rows to a transaction than in earnest, so that some classes here take several


def count(office, table):
    with reading(office.engine) as session:
        return session.exec(select(func.count()).select_from(table)).one()


def rows(office, table):
    with reading(office.engine) as session:
        return session.exec(select(table)).all()


def assert_whole(office, expected):
    """Each row issued once, with its place, its mail and nothing left over."""
    issued = rows(office, CredentialRow)
    assert len(issued) == expected
    assert {row.state for row in issued} == {"issued"}
    assert all(row.unsigned is None and row.secured for row in issued)
    assert len({row.urn for row in issued}) == expected
    entries = rows(office, StatusEntry)
    assert len({(entry.status_list_id, entry.list_index) for entry in entries}) == len(entries) == expected
    mails = rows(office, OutboxMailRow)
    assert len(mails) == len({mail.message_id for mail in mails}) == expected
    assert {mail.credential_id for mail in mails} == {row.id for row in issued}


@pytest.mark.parametrize("suspension", [False, True])
def test_what_is_issued_is_valid_for_a_stranger_and_trusted_here(office, suspension):
    office.ready(suspension=suspension)
    record = office.one()
    report = office.verified(record)
    assert (report.verdict, report.issuer_trust) == ("valid", "trusted")
    assert [check.id for check in report.checks if check.outcome is Outcome.failed] == []


def test_an_institution_under_https_is_known_by_did_web(https_office):
    https_office.ready()
    record = https_office.one()
    assert record.institution.did == "did:web:badges.example.edu:institutions:uef"
    assert https_office.verified(record).verdict == "valid"


def test_the_credential_says_what_the_class_list_said(office):
    office.ready()
    data = (
        f"{HEADER},start_date,end_date,credits_earned,certificate_number,result:exam,evidence_url,evidence_name\n"
        "Nguyễn Thị Minh Anh,U-1,anh@example.edu,2026-06-30,vi,8.3,"
        "2026-04-06,2026-06-20,3,MC-457,8.3,https://example.edu/work,Report\n"
    ).encode()
    document = json.loads(office.one(data=data, criteria="The course page").text)
    subject = document["credentialSubject"]
    assert subject["name"] == "Nguyễn Thị Minh Anh"
    assert subject["identifier"][0]["identityHash"] == "U-1"
    assert (subject["activityStartDate"], subject["term"]) == ("2026-04-06T00:00:00Z", "Spring 2026")
    assert (subject["creditsEarned"], subject["licenseNumber"]) == (3, "MC-457")
    assert [result["value"] for result in subject["result"]] == ["8.3", "8.3"]
    assert document["evidence"][0] == {
        "id": "https://example.edu/work",
        "type": ["Evidence"],
        "name": "Report",
    }
    assert document["awardedDate"] == "2026-06-30T00:00:00Z"
    assert document["validFrom"] == document["proof"][0]["created"] == "2026-07-03T02:00:00Z"
    assert "anh@example.edu" not in json.dumps(document)


def test_the_address_is_hashed_only_where_the_institution_opts_in(office):
    office.issuer.register_institution(institution(hashes_email=True))
    office.issuer.create_key("uef")
    office.issuer.publish_definition("uef", definition())
    record = office.one()
    kinds = [each["identityType"] for each in json.loads(record.text)["credentialSubject"]["identifier"]]
    assert kinds == ["sisSourcedId", "emailAddress"]
    assert office.verified(record).verdict == "valid"
    office.ready(slug="other")
    plain = json.loads(office.one(slug="other").text)["credentialSubject"]["identifier"]
    assert [each["identityType"] for each in plain] == ["sisSourcedId"]


def test_a_credential_lapses_where_the_definition_says_so(office):
    office.ready(valid_for="P1Y")
    record = office.one()
    assert office.verified(record).verdict == "valid"
    office.clock.forward(days=366)
    office.issuer.sign_status_lists()
    assert office.verified(record).verdict == "expired"


def test_the_same_file_twice_issues_nothing_twice(office):
    office.ready()
    first = office.issue(3)
    again = office.issue(3)
    assert (first.issued, again.issued, again.already) == (3, 0, 3)
    assert_whole(office, 3)
    preview = office.issuer.import_class_list("uef", CODE, "Spring 2026", class_list(4))
    assert [row.student_number for row in preview.new_rows] == ["UEF-0004"]


def test_another_run_is_another_award(office):
    office.ready()
    assert office.issue(2, run="Spring 2026").issued == office.issue(2, run="Autumn 2026").issued == 2
    assert count(office, Learner) == 2


def test_good_rows_are_issued_and_bad_ones_are_told(office):
    office.ready()
    preview = office.issuer.import_class_list(
        "uef", CODE, "r", class_list(2) + b"Anh,,nobody,2026-06-30,vi,8\n"
    )
    assert [finding.line for finding in preview.class_list.findings] == [4, 4]
    assert office.issuer.issue_batch(office.issuer.start_batch(preview, by="registrar")).issued == 2


def test_a_preview_stores_nothing(office):
    office.ready()
    office.issuer.import_class_list("uef", CODE, "r", class_list(2))
    assert count(office, BatchRow) == count(office, Learner) == 0


def test_what_a_row_said_is_forgotten_once_it_is_issued(office):
    office.ready()
    office.issue(2)
    assert [row.input for row in rows(office, BatchRow)] == [None, None]


def test_progress_is_told(office, monkeypatch):
    monkeypatch.setattr("issuer.issuing.CHUNK", CHUNK)
    office.ready()
    preview = office.issuer.import_class_list("uef", CODE, "r", class_list(CHUNK + 2))
    told = []
    batch = office.issuer.start_batch(preview, by="registrar")
    office.issuer.issue_batch(batch, progress=lambda done, total: told.append((done, total)))
    assert told == [(CHUNK, CHUNK + 2), (CHUNK + 2, CHUNK + 2)]


def test_a_wish_to_stop_leaves_a_batch_that_is_resumed(office, monkeypatch):
    monkeypatch.setattr("issuer.issuing.CHUNK", CHUNK)
    office.ready()
    preview = office.issuer.import_class_list("uef", CODE, "r", class_list(CHUNK + 2))
    batch = office.issuer.start_batch(preview, by="registrar")
    stops = iter([False, True])
    assert office.issuer.issue_batch(batch, should_stop=lambda: next(stops)).waiting == 2
    (resumed,) = office.issuer.resume()
    assert resumed.finished
    assert office.issuer.resume() == []
    assert_whole(office, CHUNK + 2)


def test_a_batch_that_cannot_be_issued_does_not_hold_up_the_others(office):
    office.ready()
    office.ready(slug="other")
    batches = [
        office.issuer.start_batch(office.issuer.import_class_list(slug, CODE, "r", class_list(1)), by="x")
        for slug in ("uef", "other")
    ]
    method = office.issuer.keys_of("uef")[0].verification_method
    office.keys._path(method).unlink()
    with pytest.raises(IssuerError) as refused:
        office.issuer.resume()
    assert refused.value.code == "unknown_key"
    assert [office.issuer.batch_result(batch).issued for batch in batches] == [0, 1]


def test_a_database_in_use_is_told_in_our_own_words(office, monkeypatch):
    office.ready()
    monkeypatch.setattr("app.database.BUSY_MILLISECONDS", 1)
    monkeypatch.setattr("app.database.BEGIN_ATTEMPTS", 2)
    monkeypatch.setitem(postgresql._SESSION, "lock_timeout", 1)
    hurried = Office(office.folder)
    with writing(office.engine), pytest.raises(StorageFailed):
        hurried.issuer.register_institution(institution("another"))
    hurried.issuer.register_institution(institution("another"))
    hurried.close()


def test_a_process_without_keys_issues_nothing(office):
    office.ready()
    preview = office.issuer.import_class_list("uef", CODE, "r", class_list(1))
    batch = office.issuer.start_batch(preview, by="registrar")
    with pytest.raises(IssuerError) as refused:
        office.another(keys=None).issue_batch(batch)
    assert refused.value.code == "no_keys"
    assert count(office, CredentialRow) == 0


def test_lines_of_which_none_waits_are_passed_over(office, monkeypatch):
    """Many at the beginning were awarded before, one waits again behind those that are done."""
    monkeypatch.setattr("issuer.issuing.CHUNK", 2)
    office.ready()
    office.issue(7, run="r")
    preview = office.issuer.import_class_list("uef", CODE, "r", class_list(12))
    batch = office.issuer.start_batch(preview, by="registrar")
    stops = iter([False] * 5 + [True])
    told = []
    office.issuer.issue_batch(batch, should_stop=lambda: next(stops), progress=lambda *now: told.append(now))
    assert told == sorted(told)
    (resumed,) = office.issuer.resume()
    assert (resumed.already, resumed.issued, resumed.finished) == (7, 5, True)
    assert_whole(office, 12)


def test_a_bad_row_fails_alone_and_gives_its_place_back(office):
    office.ready()
    from microcredential.credential import build_credential as build

    def refuse_second(**parts):
        if parts["subject"].student_number == "UEF-0002":
            raise MicroCredentialError("no", "This row cannot be.", fix="Leave it out.")
        return build(**parts)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("issuer.plan.build_credential", refuse_second)
        result = office.issue(3)
    assert (result.issued, [(row.line, row.reason) for row in result.failed]) == (
        2,
        [(3, "This row cannot be.")],
    )
    assert_whole(office, 2)
    assert [each.used for each in rows(office, StatusList)] == [2]
    assert office.issue(3).issued == 1  # the refused row may come again


def test_unknown_names_are_told(office):
    office.ready()
    for slug, code in [("nobody", CODE), ("uef", "MC-NONE")]:
        with pytest.raises(NotFound):
            office.issuer.import_class_list(slug, code, "r", class_list(1))
    with pytest.raises(IssuerError):
        office.issuer.import_class_list("uef", CODE, " ", class_list(1))
    with pytest.raises(NotFound):
        office.issuer.issue_batch("no-such-batch")


def test_what_the_lint_refuses_is_never_signed_and_leaves_no_trace(office):
    office.ready()
    preview = office.issuer.import_class_list("uef", CODE, "r", class_list(2))
    batch = office.issuer.start_batch(preview, by="registrar")
    desk = office.another()

    def refuse_first(lint, unsigned, **_):
        document = json.loads(unsigned)
        if document["credentialSubject"]["identifier"][0]["identityHash"] == "UEF-0001":
            raise LintRefused("lint", "The template is broken.")
        return document

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("issuer.lint.Lint.check", refuse_first)
        result = desk.issue_batch(batch)
    assert (result.issued, result.finished) == (1, True)
    assert [(row.line, row.reason) for row in result.failed] == [(2, "The template is broken.")]
    assert_whole(office, 1)
    assert office.issue(2, run="r").issued == 1  # the refused row may come again


def test_the_lint_sees_a_broken_document(office):
    office.ready()

    def break_it(**parts):
        document = build(**parts)
        document["credentialSubject"]["achievement"]["undefinedTerm"] = "x"
        return document

    from microcredential.credential import build_credential as build

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("issuer.plan.build_credential", break_it)
        result = office.issue(1)
    assert result.issued == 0
    assert result.failed[0].reason


def test_a_revoked_template_key_cannot_slip_through(office, monkeypatch):
    """What was signed is read back with the published key before it is stored."""
    office.ready()
    other = office.another()
    wrong = type(office.keys)(office.folder / "other-keys")
    for path in office.keys.folder.iterdir():
        from keys import SecretKey

        (wrong.folder / path.name).write_bytes(SecretKey.generate().reveal_seed())
    other = office.another(keys=wrong)
    preview = office.issuer.import_class_list("uef", CODE, "r", class_list(1))
    with pytest.raises(IssuerError) as refused:
        other.issue_batch(office.issuer.start_batch(preview, by="registrar"))
    assert refused.value.code == "signed_wrong"
    assert [row.state for row in rows(office, CredentialRow)] == ["planned"]


def test_doing_a_plan_again_gives_the_same_bytes(office):
    office.ready()
    preview = office.issuer.import_class_list("uef", CODE, "r", class_list(1))
    batch = office.issuer.start_batch(preview, by="registrar")
    texts = []

    def store_nothing(_session, _deployment, signed):
        texts.extend(one.text for one in signed)
        raise RuntimeError("the power fails")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("issuer.issuing.store_signed", store_nothing)
        with pytest.raises(RuntimeError):
            office.issuer.issue_batch(batch)
    office.clock.forward(hours=3)
    (urn,) = office.issuer.resume()[0].credentials
    assert [office.issuer.credential(urn).text] == texts
    assert_whole(office, 1)


def test_two_workers_at_once_issue_each_row_once(office):
    office.ready()
    preview = office.issuer.import_class_list("uef", CODE, "r", class_list(24))
    batch = office.issuer.start_batch(preview, by="registrar")
    errors = []

    def work():
        try:
            office.another().issue_batch(batch)
        except Exception as error:  # noqa: BLE001  (told to the test below)
            errors.append(error)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert errors == []
    assert_whole(office, 24)


class _FailAt:
    """Let the nth statement or commit of the database fail once."""

    def __init__(self, engine):
        self._engine = engine
        self.left = None
        event.listen(engine, "before_cursor_execute", self._statement)
        event.listen(engine, "commit", self._commit)

    def _statement(self, *_):
        self._step()

    def _commit(self, *_):
        self._step()

    def _step(self):
        if self.left is None:
            return
        self.left -= 1
        if self.left == 0:
            self.left = None
            raise OSError("the disk is gone")


def test_every_statement_and_commit_may_fail_once_and_nothing_is_lost_or_half(office):
    office.ready()
    fault = _FailAt(office.engine)
    step, failed_steps = 0, 0
    while True:
        step += 1
        data = class_list(1, start=step)
        preview = office.issuer.import_class_list("uef", CODE, f"run {step}", data)
        batch = office.issuer.start_batch(preview, by="registrar")
        fault.left = step
        try:
            office.issuer.issue_batch(batch)
        except OSError:
            failed_steps += 1
        finished_without_fault = fault.left is not None
        fault.left = None
        for row in rows(office, CredentialRow):
            assert (row.state == "issued") == (row.secured is not None)
        office.issuer.resume()
        assert office.issuer.batch_result(batch).issued == 1
        if finished_without_fault:
            break
    print(f"failed at each of {failed_steps} statements and commits")
    assert failed_steps > 20
    assert_whole(office, step)
