"""The list that a deployment publishes: signed by the consortium, a number used once, withdrawals kept."""

import json
from datetime import timedelta

import pytest
from issuing_office import HTTPS_BASE_URL, Office, institution

from issuer import IssuerError, NotFound
from issuer.audit.entries import entries_of
from issuer.trust_files import FOLDER, TrustFiles
from issuer.trust_publication import own_entries, readmit, unsigned_list, withdraw
from keys.did import keys_from_did_document, resolve_did_key
from ob3 import verify_proof
from ob3.trust_list import parse_list, read_trust_list
from verifier.trust_loading import load_trust_list

NAME = "Example Consortium"


@pytest.fixture
def office(tmp_path):
    made = Office(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def https_office(tmp_path):
    made = Office(tmp_path / "data", base_url=HTTPS_BASE_URL)
    yield made
    made.close()


def files_of(office):
    return TrustFiles(office.folder)


def publish(office):
    return office.issuer.publish_trust_list(files_of(office), name=NAME)


def register(office, slug="uef", **changes):
    office.issuer.register_institution(institution(slug, **changes))
    office.issuer.create_key(slug)


def served(office):
    return parse_list(files_of(office).text())


def test_nothing_is_published_without_an_institution_with_a_key(office):
    office.issuer.register_institution(institution())
    assert publish(office) is None
    assert files_of(office).text() is None
    office.issuer.create_key("uef")
    assert publish(office).sequence == 1


def test_on_loopback_a_did_key_signs(office):
    register(office)
    made = publish(office)
    listed = served(office)
    assert read_trust_list(listed) == made
    assert made.id == "http://127.0.0.1:8080/trust-list.json"
    (key,) = keys_from_did_document(resolve_did_key(made.publisher_id), made.publisher_id).values()
    assert verify_proof(listed, verification_key=key)
    assert files_of(office).did_document() is None
    (entry,) = made.institutions
    assert (entry.name, entry.names, entry.country) == (
        "Example University of Economics and Finance",
        {"vi": "Trường Đại học Kinh tế - Tài chính Ví dụ"},
        "VN",
    )
    assert entry.since == office.clock.now.date()


def test_with_https_the_did_of_the_host_signs_and_publishes_its_key(https_office):
    register(https_office)
    made = publish(https_office)
    assert made.publisher_id == "did:web:badges.example.edu"
    document = files_of(https_office).did_document()
    listed = served(https_office)
    key = keys_from_did_document(document, made.publisher_id)[listed["proof"]["verificationMethod"]]
    assert verify_proof(listed, verification_key=key)


def test_it_is_signed_anew_only_where_it_changed(office):
    register(office)
    assert publish(office).sequence == 1
    before = files_of(office).text()
    office.clock.forward(hours=1)
    assert publish(office) is None
    assert files_of(office).text() == before
    register(office, "other")
    assert publish(office).sequence == 2
    assert publish(office) is None


def test_it_is_renewed_before_it_runs_out(office):
    register(office)
    first = publish(office)
    office.clock.forward(days=7, seconds=-1)
    assert publish(office) is None
    office.clock.forward(seconds=1)
    renewed = publish(office)
    assert (renewed.sequence, renewed.publisher_id) == (2, first.publisher_id)
    assert renewed.valid_until - first.valid_until == timedelta(days=7)
    assert renewed.institutions == first.institutions


def test_a_withdrawn_institution_stays_with_its_day_and_can_come_back(office):
    register(office)
    register(office, "other")
    publish(office)
    files, deployment = files_of(office), office.issuer.deployment
    withdraw(deployment, files, "uef", reason="Closed", by="director")
    made = publish(office)
    gone = next(one for one in made.institutions if one.until)
    assert (made.sequence, len(made.institutions), gone.reason) == (2, 2, "Closed")
    assert gone.until == office.clock.now.date()
    entry = next(one for one in own_entries(deployment, files) if one.until)
    assert not entry.in_force(office.clock.now)
    assert own_entries(deployment, files) is own_entries(deployment, files)  # the rows are as they were
    readmit(deployment, files, "uef", by="director")
    assert all(one.in_force(office.clock.now) for one in own_entries(deployment, files))
    assert [one.until for one in publish(office).institutions] == [None, None]
    with deployment.reading() as session:
        acts = [(one.act, one.subject, one.actor_name) for one in entries_of(session, "")]
    assert ("trust.withdraw", "uef", "director") in acts
    assert ("trust.readmit", "uef", "director") in acts


@pytest.mark.parametrize(
    ("slug", "reason", "code"),
    [
        ("nobody", "", "unknown_institution"),
        ("other", "", "trust_unchanged"),
        ("uef", "line\nline", "reason"),
        ("uef", "x" * 301, "reason"),
    ],
)
def test_a_withdrawal_that_cannot_stand_changes_nothing(office, slug, reason, code):
    register(office)
    register(office, "other")
    deployment, files = office.issuer.deployment, files_of(office)
    withdraw(deployment, files, "other", reason="", by="director")
    with pytest.raises(IssuerError) as caught:
        withdraw(deployment, files, slug, reason=reason, by="director")
    assert caught.value.code == code
    assert set(files.withdrawals()) == {"other"}
    withdraw(deployment, files, "uef", reason="A line", by="director")


def test_who_was_never_withdrawn_cannot_be_readmitted(office):
    register(office)
    with pytest.raises(IssuerError) as caught:
        readmit(office.issuer.deployment, files_of(office), "uef", by="director")
    assert caught.value.code == "trust_unchanged"
    with pytest.raises(NotFound):
        readmit(office.issuer.deployment, files_of(office), "nobody", by="director")


def test_the_unsigned_list_is_what_would_be_signed(office):
    register(office)
    deployment, files = office.issuer.deployment, files_of(office)
    with pytest.raises(IssuerError) as caught:
        unsigned_list(deployment, files, name=NAME)
    assert caught.value.code == "no_key"
    publish(office)
    assert unsigned_list(deployment, files, name=NAME)["sequence"] == 2
    assert "proof" not in unsigned_list(deployment, files, name=NAME)


def test_a_new_key_of_the_consortium_signs_at_once(https_office):
    register(https_office)
    first = publish(https_office)
    before = served(https_office)["proof"]["verificationMethod"]
    method = https_office.issuer.replace_trust_key(files_of(https_office))
    second = publish(https_office)
    assert (second.sequence, second.publisher_id) == (2, first.publisher_id)
    after = served(https_office)["proof"]["verificationMethod"]
    assert after == method != before
    assert list(keys_from_did_document(files_of(https_office).did_document(), first.publisher_id)) == [after]
    assert publish(https_office) is None


def test_on_loopback_the_key_is_the_publisher_and_stays(office):
    register(office)
    publish(office)
    before = files_of(office).consortium()
    with pytest.raises(IssuerError) as caught:
        office.issuer.replace_trust_key(files_of(office))
    assert caught.value.code == "rotation_needs_https"
    assert files_of(office).consortium() == before


def test_a_process_without_keys_signs_nothing(office):
    register(office)
    with pytest.raises(IssuerError) as caught:
        office.another(keys=None).publish_trust_list(files_of(office), name=NAME)
    assert caught.value.code == "no_keys"
    assert files_of(office).text() is None


@pytest.mark.parametrize("name", ["list.json", "consortium.json", "withdrawn.json"])
@pytest.mark.parametrize("text", ["", "[]", '{"uef": 1}', "\udcff"], ids=["empty", "list", "number", "bytes"])
def test_a_damaged_file_is_told_and_nothing_is_written_over_it(office, name, text):
    register(office)
    publish(office)
    path = office.folder / FOLDER / name
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(IssuerError) as caught:
        publish(office)
    assert caught.value.code == "trust_files"
    assert path.read_bytes() == text.encode("utf-8", "surrogateescape")


def test_the_files_are_their_owners_alone(office):
    register(office)
    publish(office)
    withdraw(office.issuer.deployment, files_of(office), "uef", reason="", by="director")
    folder = office.folder / FOLDER
    assert folder.stat().st_mode & 0o777 == 0o700
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir() if path.name != "lock"}
    assert modes == {"list.json": 0o600, "consortium.json": 0o600, "withdrawn.json": 0o600}


def test_what_is_published_is_believed_elsewhere(office):
    register(office)
    made = publish(office)
    document = json.loads(files_of(office).text())
    loaded = load_trust_list(
        document, publishers=[made.publisher_id], fetcher=None, now=office.clock.now, address=made.id
    )
    assert [one.issuer_id for one in loaded.entries] == [one.id for one in made.institutions]
