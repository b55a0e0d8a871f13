"""The plain list of 1EdTech: no signature, so only the issuer's own address can say whose it is (S9)."""

import json

import pytest
from simulator import EXTENSIONS, OB3, VC2, Failure, World

from verifier import Outcome, TrustEntry, Verdict
from verifier.revocation_list import OpenQuestion, is_listed_as_revoked
from verifier.sources import Sources

HOST = "badges.keystone.example"
URL = f"https://{HOST}/revocations/1"
BADGE_ID = "urn:uuid:3d5f1c2e-8a55-4b7f-9c1b-6f0d2a1e4b10"


@pytest.fixture
def world():
    return World()


@pytest.fixture
def issuer(world):
    return world.issuer(HOST)


def listed(named, revoked=(), *, member="revokedCredentials", **changes):
    made = {"id": URL, "issuer": named.did, member: list(revoked), **changes}
    return {name: value for name, value in made.items() if value is not None}


def verify(world, issuer, content, *, url=URL, **changes):
    world.publish(url, content if isinstance(content, bytes) else json.dumps(content).encode())
    entry = {"id": url, "type": "1EdTechRevocationList"}
    badge = issuer.badge(**{"@context": [VC2, OB3, EXTENSIONS], "credentialStatus": entry, **changes})
    report = world.verifier().verify(badge)
    return report, report.check("status")


@pytest.mark.parametrize("member", ["revokedCredentials", "revokedCredential"])
@pytest.mark.parametrize(
    ("revoked", "verdict"),
    [
        ([], Verdict.valid),
        ([{"id": "urn:uuid:00000000-0000-4000-8000-000000000000"}], Verdict.valid),
        ([{"id": BADGE_ID, "revoked": False}], Verdict.valid),
        ([{"id": BADGE_ID}], Verdict.revoked),
        ([{"id": BADGE_ID, "revoked": True, "revocationReason": "Left the country"}], Verdict.revoked),
        ([{"id": BADGE_ID.replace("-", "%2D")}], Verdict.revoked),
        ([{"id": BADGE_ID, "revoked": False}, {"id": BADGE_ID}], Verdict.revoked),
    ],
)
def test_who_is_on_the_list_is_revoked_and_who_is_not_stands(world, issuer, member, revoked, verdict):
    report, found = verify(world, issuer, listed(issuer, revoked, member=member))
    assert report.verdict is verdict
    assert found.code == ("revoked" if verdict is Verdict.revoked else "not_withdrawn")
    assert "country" not in str(report.check("status"))


def test_an_empty_list_may_leave_its_member_out_and_a_misspelt_one_may_not_pass_for_it(world, issuer):
    assert verify(world, issuer, listed(issuer, member="@context"))[0].verdict is Verdict.valid
    report, found = verify(world, issuer, listed(issuer, [{"id": BADGE_ID}], member="revoked"))
    assert (report.verdict, found.code) == (Verdict.undetermined, "list_malformed")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"issuer": "did:web:other.example"}, "list_of_another_issuer"),
        ({"issuer": None}, "list_of_another_issuer"),
        ({"id": URL + "2"}, "list_of_another_place"),
        ({"id": None}, "list_of_another_place"),
        ({"revokedCredentials": [BADGE_ID]}, "list_malformed"),
        ({"revokedCredentials": [{"revoked": True}]}, "list_malformed"),
        ({"revokedCredentials": [{"id": BADGE_ID, "revoked": "true"}]}, "list_malformed"),
    ],
)
def test_a_list_that_is_not_the_issuers_own_leaves_it_open(world, issuer, changes, code):
    assert verify(world, issuer, listed(issuer))[0].verdict is Verdict.valid
    report, found = verify(world, issuer, listed(issuer, **changes))
    assert (report.verdict, found.outcome, found.code) == (Verdict.undetermined, Outcome.unknown, code)


@pytest.mark.parametrize("content", [b"[]", b"", b"\xff", b'{"id": 1, "id": 2}', b"<html>"])
def test_what_is_no_list_leaves_it_open(world, issuer, content):
    report, found = verify(world, issuer, content)
    assert (report.verdict, found.code) == (Verdict.undetermined, "list_malformed")


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/revocations/1",
        f"https://{HOST}:8443/revocations/1",
        f"http://{HOST}/revocations/1",
        f"https://{HOST}.evil.example/1",
        f"https://user@evil.example/{HOST}",
        "https://[::1",
        "urn:uuid:3d5f1c2e-8a55-4b7f-9c1b-6f0d2a1e4b11",
    ],
)
def test_a_list_on_another_origin_is_not_even_asked_for(world, issuer, url):
    world.requests.clear()
    try:
        report, found = verify(world, issuer, listed(issuer, id=url), url=url)
    except ValueError:  # no address that could be signed into a badge
        return
    assert (report.verdict, found.code) == (Verdict.undetermined, "list_of_another_origin")
    assert url not in world.requests


def test_an_issuer_named_by_a_key_has_no_origin(world):
    issuer = world.issuer(HOST, method="key")
    report, found = verify(world, issuer, listed(issuer))
    assert (report.verdict, found.code) == (Verdict.undetermined, "list_of_another_origin")


def test_an_issuer_named_by_an_address_has_the_origin_of_it(world, issuer):
    issuer.did = f"https://{HOST}/issuers/1"
    issuer.verification_method = f"{issuer.did}#{issuer.key.public_key.multikey}"
    entry = TrustEntry(issuer_id=issuer.did, name="Keystone", keys=(issuer.key.public_key.multikey,))
    world.publish(URL, listed(issuer, [{"id": BADGE_ID}]))
    badge = issuer.badge(
        **{
            "@context": [VC2, OB3, EXTENSIONS],
            "credentialStatus": {"id": URL, "type": "1EdTechRevocationList"},
        }
    )
    assert world.verifier(trust=[entry]).verify(badge).verdict is Verdict.revoked


@pytest.mark.parametrize("failure", [Failure.down, Failure.missing, Failure.huge, Failure.html])
def test_a_list_that_does_not_answer_is_neither_good_nor_revoked(world, issuer, failure):
    content = listed(issuer, [{"id": BADGE_ID}])
    assert verify(world, issuer, content)[0].verdict is Verdict.revoked
    world.fail(URL, failure)
    report, found = verify(world, issuer, content)
    assert (report.verdict, found.outcome) == (Verdict.undetermined, Outcome.unknown)


def test_every_entry_of_every_kind_is_read(world, issuer):
    world.publish(URL, listed(issuer))
    plain = {"id": URL, "type": "1EdTechRevocationList"}
    contexts = {"@context": [VC2, OB3, EXTENSIONS]}
    both = issuer.badge(credentialStatus=[plain, issuer.entry(412)], **contexts)
    assert world.verifier().verify(both).verdict is Verdict.valid
    issuer.withdraw(412)
    assert world.verifier().verify(both).verdict is Verdict.revoked


def test_an_entry_without_an_address_is_invalid(world, issuer):
    badge = issuer.badge(
        **{"@context": [VC2, OB3, EXTENSIONS], "credentialStatus": {"type": "1EdTechRevocationList"}}
    )
    report = world.verifier().verify(badge)
    assert (report.verdict, report.check("status").code) == (Verdict.invalid, "status_malformed")


@pytest.mark.parametrize("credential_id", [None, "", 5, ["urn:uuid:1"]])
def test_what_has_no_id_cannot_be_found_on_a_list_of_ids(world, issuer, credential_id):
    world.publish(URL, json.dumps(listed(issuer, [{"id": BADGE_ID}, {"id": ""}])).encode())
    sources = Sources(fetcher=world.fetcher(), local=None, max_fetches=12)
    assert is_listed_as_revoked(sources, URL, issuer=issuer.did, credential_id=BADGE_ID)
    with pytest.raises(OpenQuestion) as caught:
        is_listed_as_revoked(sources, URL, issuer=issuer.did, credential_id=credential_id)
    assert caught.value.code == "status_needs_id"
