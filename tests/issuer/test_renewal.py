"""Renewal: the same award under the same id and place, found by whoever holds an earlier version."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from issuing_office import definition
from simulator import World
from sqlmodel import select

from issuer import IssuerError, NotFound
from issuer.audit_tables import AuditEntryRow
from issuer.errors import Conflict, StatusRefused
from issuer.lint import LintRefused
from issuer.refresh import newest_version, refresh_address
from issuer.renewal import renew
from issuer.transactions import reading, writing
from issuer.version_tables import CredentialVersionRow
from verifier import Outcome, Policy, Verdict, Verifier


@pytest.fixture
def issued(office):
    office.ready(refresh=True, valid_for="P1Y")
    return office.one()


def versions(office):
    with reading(office.engine) as session:
        return session.exec(select(CredentialVersionRow)).all()


def renewed(office, record, **options):
    office.clock.forward(days=300)
    office.issuer.renew(record.urn, by="registrar", **options)
    office.issuer.sign_status_lists()
    return office.issuer.credential(record.urn)


def test_a_renewal_changes_the_period_and_nothing_else(office, issued):
    newer = renewed(office, issued)
    first, second = json.loads(issued.text), json.loads(newer.text)
    assert second["validFrom"] > first["validFrom"]
    assert second["validUntil"][:4] == str(int(second["validFrom"][:4]) + 1)
    for document in (first, second):
        for name in ("validFrom", "validUntil", "proof"):
            del document[name]
    assert first == second
    assert (newer.code, newer.share_id, newer.status) == (issued.code, issued.share_id, "good")


def test_whoever_holds_the_earlier_version_learns_of_the_newer_one(office, issued):
    newer = renewed(office, issued)
    office.clock.forward(days=100)  # the first year is over
    office.issuer.sign_status_lists()
    report = office.verified(issued)
    assert (report.verdict, report.check("refresh").code) == (Verdict.valid, "refreshed")
    assert report.credential["validUntil"] == json.loads(newer.text)["validUntil"]
    assert office.verified(newer).check("refresh").code == "refresh_same"
    place = refresh_address(issued).removeprefix(f"{office.base_url}/refresh/")
    assert newest_version(office.issuer.deployment, place) == newer.text


def test_a_revocation_counts_for_every_version(office, issued):
    newer = renewed(office, issued)
    office.issuer.revoke(issued.urn, reason="error", by="registrar")
    office.issuer.sign_status_lists()
    assert {office.verified(one).verdict for one in (issued, newer)} == {Verdict.revoked}


def test_earlier_versions_are_kept_byte_for_byte(office, issued):
    second = renewed(office, issued)
    renewed(office, issued)
    kept = versions(office)
    assert [(one.number, one.secured) for one in kept] == [(1, issued.text), (2, second.text)]
    assert {one.followed_by for one in kept} == {"registrar"}


def test_the_end_may_be_named_and_a_definition_may_give_none(office, issued):
    end = office.clock().replace(microsecond=0) + timedelta(days=1000)
    assert json.loads(renewed(office, issued, until=end).text)["validUntil"] == end.strftime(
        "%Y-%m-%dT%H:%M:%SZ"
    )
    office.issuer.publish_definition("uef", definition(version="3", refresh=True))
    (urn,) = office.issue(1, run="Winter 2027").credentials
    unending = office.issuer.credential(urn)
    assert "validUntil" not in json.loads(unending.text)
    assert "validUntil" not in json.loads(renewed(office, unending).text)


def test_only_what_can_be_found_again_is_renewed(office):
    office.ready(valid_for="P1Y")
    record = office.one()
    with pytest.raises(IssuerError) as refused:
        renewed(office, record)
    assert refused.value.code == "not_refreshable"
    assert office.issuer.credential(record.urn).text == record.text


@pytest.mark.parametrize("suspended", [True, False])
def test_what_does_not_stand_is_not_renewed(office, suspended):
    office.ready(refresh=True, suspension=True)
    record = office.one()
    if suspended:
        office.issuer.suspend(record.urn, by="registrar")
    else:
        office.issuer.revoke(record.urn, reason="error", by="registrar")
    with pytest.raises(StatusRefused):
        renewed(office, record)
    assert versions(office) == []
    if suspended:
        office.issuer.reinstate(record.urn, by="registrar")
        assert renewed(office, record).text != record.text


@pytest.mark.parametrize(
    ("until", "code"), [(datetime(2020, 1, 1, tzinfo=UTC), "until"), (None, "clock_behind")]
)
def test_a_period_begins_later_and_ends_after_it_begins(office, issued, until, code):
    if until:
        office.clock.forward(days=1)
    with pytest.raises(IssuerError) as refused:
        office.issuer.renew(issued.urn, until=until, by="registrar")
    assert refused.value.code == code
    assert (office.issuer.credential(issued.urn).text, versions(office)) == (issued.text, [])


def test_an_unknown_credential_is_not_found(office, issued):
    with pytest.raises(NotFound):
        office.issuer.renew("urn:uuid:00000000-0000-4000-8000-000000000000", by="registrar")


def test_a_process_without_keys_renews_nothing(office, issued):
    web = office.another(keys=None)
    office.clock.forward(days=1)
    with pytest.raises(IssuerError) as refused:
        web.renew(issued.urn, by="registrar")
    assert refused.value.code == "no_keys"
    assert versions(office) == []


def test_what_our_own_verifier_refuses_is_not_signed(office, issued):
    class Refuses:
        def verify(self, data):
            world = World()
            report = world.verifier().verify(b"{}")
            assert report.verdict is Verdict.invalid
            return report

    office.clock.forward(days=1)
    with pytest.raises(LintRefused):
        renew(
            office.issuer.deployment,
            office.issuer._keyring,
            issued.urn,
            verifier_factory=lambda **_: Refuses(),
        )
    assert versions(office) == []


def test_of_two_who_renew_at_once_one_is_told(office, issued):
    office.clock.forward(days=1)

    class Slow(Verifier):
        """Let somebody else renew while this one is being linted."""

        def verify(self, data, **options):
            if not versions(office):
                office.issuer.renew(issued.urn, by="the quicker one")
            return super().verify(data, **options)

    def factory(**options):
        return Slow(fetcher=None, policy=Policy(isolate=False), **options)

    with pytest.raises(Conflict):
        renew(
            office.issuer.deployment, office.issuer._keyring, issued.urn, by="slow", verifier_factory=factory
        )
    assert [one.followed_by for one in versions(office)] == ["the quicker one"]


def test_a_renewal_is_audited_without_personal_data(office, issued):
    renewed(office, issued)
    with reading(office.engine) as session:
        (entry,) = [one for one in session.exec(select(AuditEntryRow)).all() if one.act == "credential.renew"]
    assert entry.subject == issued.urn
    assert issued.learner_name not in str(entry)


def test_a_renewed_credential_passes_every_check(office, issued):
    report = office.verified(renewed(office, issued))
    assert [one.code for one in report.checks if one.outcome in (Outcome.failed, Outcome.unknown)] == []


def test_versions_belong_to_the_institution(office, issued):
    renewed(office, issued)
    other = office.issuer.deployment
    with replace(other, tenant=999).reading() as session:
        assert session.exec(select(CredentialVersionRow)).all() == []
    with writing(office.engine) as session:
        assert len(session.exec(select(CredentialVersionRow)).all()) == 1
