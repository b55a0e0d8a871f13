"""A second deployment reads the list of the first: its badges are known there until it says otherwise."""

import json
import re
import time
from datetime import timedelta

import pytest
from simulator import Failure
from structlog.testing import capture_logs
from trust_world import OTHER
from two_deployments import LIST, PUBLISHER, TwoDeployments

from app.services import build_services
from app.trust_lists import FOLDER, TrustLists
from issuer.trust_publication import withdraw
from keys import SecretKey
from ob3 import add_proof
from verifier import IssuerTrust, Verdict

KNOWN = "On the list “"


@pytest.fixture
def two(tmp_path):
    made = TwoDeployments(tmp_path)
    yield made
    made.close()


def trust(two):
    """Give what the second deployment's verifier says of a badge of the first."""
    two.office.issuer.sign_status_lists(only_due=False)
    services = build_services(two.settings, clock=two.clock, fetcher=two.fetcher)
    report = services.own().verify(two.record.text.encode())
    services.database.dispose()
    assert report.verdict is Verdict.valid
    return report.issuer_trust


def standing(two):
    lists = TrustLists(two.settings.dir, two.settings.trust_lists, two.settings.trust_publishers)
    (one,) = lists.standings(two.clock.now)
    return one


def read(two):
    """Let the worker of the second deployment look now; give what it logged."""
    with capture_logs() as logged:
        two.rounds.once(only_due=False)
    return [one for one in logged if one["event"] == "trust_list_refused"]


def test_a_badge_of_the_first_is_known_to_the_second_once_it_has_read_the_list(two):
    assert trust(two) is IssuerTrust.unknown
    assert read(two) == []
    assert trust(two) is IssuerTrust.trusted
    one = standing(two)
    assert (one.in_use, one.entries, one.fault, one.listing.publisher_id) == (True, 1, "", PUBLISHER)


def test_the_page_names_the_institution_from_the_list_and_says_which_list(two):
    before = two.page()
    read(two)
    after = two.page()
    assert "Example Consortium" not in before
    assert "Example Consortium" in after
    assert KNOWN in after
    assert KNOWN not in before
    assert "xn--" not in after


def test_requests_fetch_no_list(two):
    read(two)
    two.world.requests.clear()
    trust(two)
    two.page()
    assert LIST not in two.world.requests
    assert f"https://{PUBLISHER.removeprefix('did:web:')}/.well-known/did.json" not in two.world.requests


def faked(two, *, key=None, **changes):
    """Give the published list with members replaced, signed by its publisher or by somebody else."""
    listed = json.loads(two.files.text())
    created = listed.pop("proof")["created"]
    method = two.files.consortium().key.verification_method
    signer = key.signer(method) if key else two.office.keys.signer(method)
    signed = add_proof({**listed, **changes}, signer=signer, created=created, cryptosuite="eddsa-jcs-2022")
    return json.dumps(signed)


def _tampered(two):
    return two.files.text().replace("University of Economics", "Academy of Economics")


def _by_another(two):
    return faked(two, key=SecretKey.from_seed(b"\x07" * 32))


def _says_another(two):
    publisher = {"id": OTHER.public_key.did_key, "name": "Example Consortium"}
    listed = json.loads(two.files.text()) | {"publisher": publisher}
    created = listed.pop("proof")["created"]
    return json.dumps(add_proof(listed, signer=OTHER.signer(), created=created, cryptosuite="eddsa-jcs-2022"))


def _expired(two):
    return faked(two, validFrom="2026-06-01T00:00:00Z", validUntil="2026-07-01T00:00:00Z")


def _unsigned(two):
    return json.dumps({name: one for name, one in json.loads(two.files.text()).items() if name != "proof"})


def _elsewhere(two):
    return faked(two, id="https://badges.example.edu/another-list.json")


FAKES = {
    "tampered": (_tampered, "list_signature", "changed after it was signed"),
    "by another": (_by_another, "list_signature", "changed after it was signed"),
    "another publisher": (_says_another, "list_publisher", "No publisher that was named here"),
    "expired": (_expired, "list_over", "was in force until 1 July 2026"),
    "unsigned": (_unsigned, "list_unsigned", "anybody may have written it"),
    "elsewhere": (_elsewhere, "list_elsewhere", "another-list.json"),
    "registry": (lambda _two: '{"meta": {}, "registry": {}}', "list_unsigned", "your own word"),
    "no json": (lambda _two: "<!doctype html>", "list_malformed", "not JSON"),
}


@pytest.mark.parametrize("name", FAKES)
def test_a_list_that_is_not_believed_leaves_its_issuers_unknown_and_the_operator_is_told(two, name):
    fake, code, words = FAKES[name]
    two.serve(fake(two))
    (told,) = read(two)
    assert (told["list"], told["code"], told["in_use"]) == (LIST, code, False)
    assert words in told["why"]
    assert trust(two) is IssuerTrust.unknown
    assert standing(two).fault == told["why"]
    two.serve(two.files.text())
    assert read(two) == []
    assert trust(two) is IssuerTrust.trusted


def test_an_older_list_is_refused_and_the_newer_one_stays(two):
    old = two.files.text()
    withdraw(two.office.issuer.deployment, two.files, "uef", reason="Closed", by="director")
    assert two.publish().sequence == 2
    read(two)
    assert trust(two) is IssuerTrust.unknown
    two.serve(old)
    (told,) = read(two)
    assert (told["code"], told["in_use"]) == ("list_older", True)
    assert trust(two) is IssuerTrust.unknown
    assert standing(two).listing.sequence == 2


def test_a_withdrawn_institution_is_unknown_and_the_page_says_since_when(two):
    read(two)
    assert trust(two) is IssuerTrust.trusted
    withdraw(two.office.issuer.deployment, two.files, "uef", reason="Closed", by="director")
    two.publish()
    read(two)
    assert trust(two) is IssuerTrust.unknown
    told = re.sub("<[^>]+>", "", two.page())
    assert "was on the trust list as “Example University of Economics and Finance” until 3 July 2026" in told
    assert "is no longer on it. Closed." in told


def test_the_last_good_copy_is_used_until_its_end(two):
    read(two)
    two.fail()
    two.clock.forward(days=13)
    (told,) = read(two)
    assert (told["code"], told["in_use"]) == ("no_connection", True)
    assert trust(two) is IssuerTrust.trusted
    two.clock.forward(days=1)
    (told,) = read(two)
    assert told["in_use"] is False
    assert trust(two) is IssuerTrust.unknown
    two.world.mend(LIST)
    two.publish()
    assert read(two) == []
    assert trust(two) is IssuerTrust.trusted


@pytest.mark.parametrize("failure", [Failure.slow, Failure.missing, Failure.html, Failure.redirect_elsewhere])
def test_an_address_that_fails_is_told(two, failure):
    two.fail(failure)
    (told,) = read(two)
    assert told["code"]
    assert trust(two) is IssuerTrust.unknown


def test_it_is_asked_once_an_hour_and_sooner_after_a_failure(two):
    def asked():
        two.world.requests.clear()
        two.rounds.once()
        return LIST in two.world.requests

    assert asked()
    two.clock.forward(minutes=59)
    assert not asked()
    two.clock.forward(minutes=1)
    assert asked()
    two.fail()
    two.clock.forward(hours=1)
    assert asked()
    two.clock.forward(minutes=9)
    assert not asked()
    two.clock.forward(minutes=1)
    assert asked()


def test_a_publisher_that_is_named_no_more_counts_no_more(two):
    read(two)
    assert trust(two) is IssuerTrust.trusted
    two.read_from(LIST, OTHER.public_key.did_key)
    assert trust(two) is IssuerTrust.unknown
    assert two.web.get("/healthz", base_url=two.settings.base_url).status_code == 200


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"checked": 1}', "null"])
def test_a_damaged_copy_counts_as_none(two, text):
    read(two)
    (path,) = (two.settings.dir / FOLDER).glob("*.json")
    path.write_text(text)
    assert trust(two) is IssuerTrust.unknown
    assert read(two) == []
    assert trust(two) is IssuerTrust.trusted


def test_a_file_is_the_operators_own_word(two, tmp_path):
    did = json.loads(two.files.text())["institutions"][0]["id"]
    path = tmp_path / "known.json"
    for text in (f"{did} University", json.dumps({"meta": {}, "registry": {did: {"name": "University"}}})):
        path.write_text(text)
        two.clock.forward(minutes=1)
        two.read_from(str(path), "")
        two.rounds.once()
        assert trust(two) is IssuerTrust.trusted
    path.write_text("not the id of anybody")
    two.rounds.once()
    assert (standing(two).code, standing(two).in_use) == ("list_malformed", True)
    path.unlink()
    two.rounds.once()
    assert (standing(two).code, standing(two).in_use) == ("list_gone", False)
    assert trust(two) is IssuerTrust.unknown


def test_the_figures_count_lists_by_use(two):
    lists = TrustLists(two.settings.dir, two.settings.trust_lists, two.settings.trust_publishers)
    assert lists.figures(two.clock.now) == {"used": 0, "used_stale": 0, "unused": 1}
    read(two)
    assert lists.figures(two.clock.now) == {"used": 1, "used_stale": 0, "unused": 0}
    two.fail()
    read(two)
    assert lists.figures(two.clock.now) == {"used": 0, "used_stale": 1, "unused": 0}
    assert lists.figures(two.clock.now + timedelta(days=15)) == {"used": 0, "used_stale": 0, "unused": 1}


def test_the_rounds_go_on_beside_other_work(two):
    with two.rounds.beside():
        for _ in range(200):
            if standing(two).in_use:
                break
            time.sleep(0.05)
    assert trust(two) is IssuerTrust.trusted
