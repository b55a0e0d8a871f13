"""Forms of proof: what an institution has chosen is linted, signed, read back, drawn, renewed and shown."""

import json
from collections import Counter

import pytest
from batch_desks import desk
from form_office import TOKENS, change_form, choose, ready_in, stored
from issuing_office import CODE, class_list, definition, institution
from joserfc import jws
from joserfc.jwk import KeySet

from issuer import IssuerError
from issuer.audit_tables import AuditEntryRow
from issuer.errors import NotAllowed
from issuer.keyring import Keyring
from issuer.lint import own_verifier
from issuer.plan import plan_rows
from issuer.proof_forms import DEFAULT_FORM, ProofForm
from issuer.refresh import newest_version, refresh_address
from issuer.sealing import institution_seal
from issuer.shown_text import own_contexts
from issuer.tables import CredentialRow, Institution
from issuer.transactions import reading
from issuer.version_tables import CredentialVersionRow
from keys import SecretKey
from ob3 import Ob3Error
from ob3.jws import check_claims, read_jws
from ob3.selective import derive
from ob3.strict_json import dump, parse
from verifier import Outcome, Policy, Verdict, Verifier

FORMS = list(ProofForm)
ON_LOOPBACK = [form for form in FORMS if form.algorithm == "Ed25519"]
SELECTIVE = ProofForm.ECDSA_SD_2023


def verdict(office, data):
    """Say what a strict visitor finds, of any kind of file."""
    verifier = Verifier(
        fetcher=None,
        clock=office.clock,
        trust=office.issuer.trust_entries(),
        local=office.issuer.local,
        policy=Policy(isolate=False, strict_claims=True),
    )
    return verifier.verify(data if isinstance(data, bytes) else data.encode()).verdict


def planned(office, rows=1, run="r"):
    """Plan rows of a class list and sign none; give the batch's id."""
    preview = office.issuer.import_class_list("uef", CODE, run, class_list(rows))
    batch = office.issuer.start_batch(preview, by="registrar")
    plan_rows(office.issuer.deployment, office.links, batch, at_most=rows)
    return batch


def said_form(record):
    """Read the form out of the text itself."""
    if record.proof_form.is_token:
        return read_jws(record.text).algorithm
    return record.document["proof"][0]["cryptosuite"]


# Issuing


@pytest.mark.parametrize("form", FORMS)
def test_a_batch_is_issued_in_the_chosen_form_and_is_valid(https_office, form):
    ready_in(https_office, form)
    result = https_office.issue(2)
    assert (result.issued, result.failed) == (2, ())
    for urn in result.credentials:
        record = https_office.issuer.credential(urn)
        report = https_office.verified(record)
        assert (report.verdict, report.issuer_trust, record.proof_form) == ("valid", "trusted", form)
        assert [check.id for check in report.checks if check.outcome is Outcome.failed] == []
        assert verdict(https_office, record.text) is Verdict.valid
        expected = form.cryptosuite or form.value.removeprefix("jwt-").upper().replace("EDDSA", "EdDSA")
        assert said_form(record) == expected
        spoiled = record.text[:-30] + ("A" if record.text[-30] != "A" else "B") + record.text[-29:]
        assert verdict(https_office, spoiled) is not Verdict.valid


@pytest.mark.parametrize("form", ON_LOOPBACK)
def test_on_loopback_the_one_key_makes_every_form_for_it(office, form):
    ready_in(office, form)
    record = office.one()
    assert record.institution.did.startswith("did:key:")
    assert (office.verified(record).verdict, record.proof_form) == ("valid", form)


@pytest.mark.parametrize("form", FORMS)
def test_the_same_plan_gives_the_same_bytes_in_every_worker(https_office, form):
    ready_in(https_office, form)
    planned(https_office)
    (row,) = stored(https_office, CredentialRow)
    made = set()
    for office in (https_office.issuer, https_office.another()):
        with reading(https_office.engine) as session:
            institution_row = session.get_one(Institution, row.institution_id)
            keyring = Keyring(https_office.keys)
            seal = institution_seal(office.deployment, keyring, session, institution_row, form)
        made.add(seal.secure(parse(row.unsigned), created=row.created))
    assert len(made) == 1
    https_office.issuer.resume()
    assert {stored(https_office, CredentialRow)[0].secured} == made


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # by RFC 9864; Open Badges knows the old name
@pytest.mark.parametrize("form", TOKENS)
def test_tokens_verify_in_joserfc_with_the_published_keys_and_hold_every_claim(https_office, form):
    ready_in(https_office, form, valid_for="P1Y")
    record = https_office.one()
    keys = KeySet.import_key_set(json.loads(https_office.issuer.key_set()))
    token = read_jws(record.text)
    found = jws.deserialize_compact(record.text, keys, algorithms=["RS256", "ES256", "EdDSA"])
    claims = json.loads(found.payload)
    assert {"iss", "sub", "jti", "nbf", "exp"} <= set(claims)
    assert (claims["iss"], claims["jti"]) == (record.institution.did, record.urn)
    assert claims["sub"] == claims["credentialSubject"]["id"]
    assert claims["sub"].startswith("urn:uuid:")
    assert claims["sub"] != record.urn
    assert check_claims(token) == ()
    assert dict(found.headers())["kid"].startswith("https://badges.example.edu/institutions/uef/keys/")


def test_learners_have_another_name_in_each_token_and_none_in_proofs(https_office):
    ready_in(https_office, ProofForm.JWT_ES256)
    first, second = https_office.one(run="Spring"), https_office.one(run="Autumn")
    names = {one.document["credentialSubject"]["id"] for one in (first, second)}
    assert len(names) == 2
    choose(https_office, DEFAULT_FORM)
    assert "id" not in https_office.one(run="Winter").document["credentialSubject"]


def test_plans_keep_their_form_when_the_setting_changes_before_they_are_signed(https_office):
    ready_in(https_office, ProofForm.JWT_ES256)
    https_office.issuer.create_key("uef", "P-384")
    planned(https_office, 2, run="first")
    choose(https_office, SELECTIVE)
    planned(https_office, 1, run="second")
    choose(https_office, ProofForm.ECDSA_RDFC_2019_P384)
    preview = https_office.issuer.import_class_list("uef", CODE, "third", class_list(1))
    https_office.issuer.start_batch(preview, by="registrar")
    https_office.issuer.resume()
    records = [https_office.issuer.credential(row.urn) for row in stored(https_office, CredentialRow)]
    forms = Counter((record.run, said_form(record)) for record in records)
    assert forms == {("first", "ES256"): 2, ("second", "ecdsa-sd-2023"): 1, ("third", "ecdsa-rdfc-2019"): 1}
    assert {verdict(https_office, one.text) for one in records} == {Verdict.valid}


def test_a_batch_may_hold_plans_of_two_forms(https_office):
    ready_in(https_office, SELECTIVE)
    preview = https_office.issuer.import_class_list("uef", CODE, "r", class_list(3))
    batch = https_office.issuer.start_batch(preview, by="registrar")
    plan_rows(https_office.issuer.deployment, https_office.links, batch, at_most=2)
    choose(https_office, ProofForm.JWT_ES256)
    result = https_office.issuer.issue_batch(batch)
    records = [https_office.issuer.credential(urn) for urn in result.credentials]
    assert [one.proof_form for one in records] == [SELECTIVE, SELECTIVE, ProofForm.JWT_ES256]
    assert {verdict(https_office, one.text) for one in records} == {Verdict.valid}


@pytest.mark.parametrize("form", [ProofForm.JWT_RS256, SELECTIVE, ProofForm.EDDSA_JCS_2022])
def test_what_was_signed_and_not_stored_is_signed_again_to_the_same_bytes(https_office, form, monkeypatch):
    ready_in(https_office, form)
    lost = []

    def crash(_session, _deployment, signed):
        lost.extend(one.text for one in signed)
        raise RuntimeError("the power is gone")

    planned(https_office, 1)
    with monkeypatch.context() as patch:
        patch.setattr("issuer.issuing.store_signed", crash)
        with pytest.raises(RuntimeError):
            https_office.issuer.resume()
    assert stored(https_office, CredentialRow)[0].state == "planned"
    https_office.another().resume()
    (row,) = stored(https_office, CredentialRow)
    assert (row.state, row.secured) == ("issued", lost[0])


def test_a_plan_that_cannot_be_secured_in_its_form_is_refused_and_told(https_office, monkeypatch):
    ready_in(https_office, ProofForm.JWT_ES256)
    monkeypatch.setattr("issuer.plan._Planner._subject_id", lambda _self: None)
    result = https_office.issue(1)
    assert (result.issued, len(result.failed)) == (0, 1)
    assert "sub" in result.failed[0].reason
    monkeypatch.undo()
    assert https_office.issue(1, run="again").issued == 1


@pytest.mark.parametrize("form", [ProofForm.JWT_ES256, SELECTIVE, ProofForm.ECDSA_RDFC_2019_P256])
def test_what_another_key_has_signed_is_not_stored(https_office, form, monkeypatch):
    ready_in(https_office, form)
    planned(https_office)
    good = https_office.keys.signer

    def wrong(method):
        right = good(method)  # lists are signed with Ed25519, and read back as well
        return right if right.algorithm == "Ed25519" else SecretKey.generate(right.algorithm).signer(method)

    with monkeypatch.context() as patch:
        patch.setattr(https_office.keys, "signer", wrong)
        https_office.issuer.sign_status_lists()
        with pytest.raises(IssuerError) as refused:
            https_office.issuer.resume()
    assert refused.value.code == "signed_wrong"
    assert stored(https_office, CredentialRow)[0].state == "planned"
    assert https_office.issuer.resume()[0].issued == 1


# Renewal


@pytest.mark.parametrize("form", [ProofForm.JWT_ES256, SELECTIVE, ProofForm.ECDSA_RDFC_2019_P384])
def test_a_renewal_keeps_the_form_whatever_was_chosen_since(https_office, form):
    ready_in(https_office, form, refresh=True, valid_for="P1Y")
    first = https_office.one()
    kept = stored(https_office, CredentialRow)[0].secured
    choose(https_office, DEFAULT_FORM)
    https_office.clock.forward(days=300)
    https_office.issuer.renew(first.urn, by="registrar")
    https_office.issuer.sign_status_lists()
    second = https_office.issuer.credential(first.urn)
    assert (second.proof_form, said_form(second)) == (form, said_form(first))
    assert second.document["credentialSubject"] == first.document["credentialSubject"]
    assert second.document["validFrom"] > first.document["validFrom"]
    assert verdict(https_office, second.text) is Verdict.valid
    assert [one.secured for one in stored(https_office, CredentialVersionRow)] == [kept]
    place = refresh_address(second).removeprefix(f"{https_office.base_url}/refresh/")
    assert newest_version(https_office.issuer.deployment, place) == second.text
    https_office.clock.forward(days=100)
    https_office.issuer.sign_status_lists()
    report = https_office.verified(first)
    if form is SELECTIVE:  # nobody is led from a selection to the whole: the holder makes another
        assert report.verdict is Verdict.expired
    else:
        assert (report.verdict, report.check("refresh").code) == (Verdict.valid, "refreshed")


@pytest.mark.parametrize("form", [ProofForm.JWT_ES256, SELECTIVE])
def test_a_revocation_and_a_new_key_are_told_of_every_form(https_office, form):
    ready_in(https_office, form, suspension=True)
    first = https_office.one()
    https_office.issuer.rotate_key("uef", form.algorithm)
    second = https_office.one(run="Autumn 2026")
    assert first.verification_method != second.verification_method
    assert {verdict(https_office, one.text) for one in (first, second)} == {Verdict.valid}
    https_office.issuer.revoke(first.urn, reason="error", by="registrar")
    https_office.issuer.sign_status_lists()
    assert verdict(https_office, first.text) is Verdict.revoked
    assert verdict(https_office, second.text) is Verdict.valid


# Files


@pytest.mark.parametrize("form", [ProofForm.JWT_RS256, SELECTIVE, ProofForm.ECDSA_JCS_2019_P256])
def test_pictures_and_certificates_are_read_back_as_valid(https_office, form):
    ready_in(https_office, form)
    record = https_office.one()
    documents = https_office.issuer.documents
    for made in (documents.baked_png, documents.baked_svg, documents.pdf):
        assert verdict(https_office, made(record)) is Verdict.valid
    assert documents.png(record).startswith(b"\x89PNG")


# Parts


def test_only_the_holder_is_given_what_parts_can_be_chosen_from(https_office):
    ready_in(https_office, SELECTIVE)
    record = https_office.one()
    own = stored(https_office, CredentialRow)[0].secured
    assert record.own_copy == own != record.text
    assert own not in repr(record)
    assert verdict(https_office, own) is Verdict.unsupported
    assert verdict(https_office, record.text) is Verdict.valid
    assert {**parse(own), "proof": 0} == {**record.document, "proof": 0}  # nothing is left out
    with pytest.raises(Ob3Error):  # and nobody can choose from what others are given
        derive(record.document, selective_pointers=["/name"])
    contexts = own_contexts(https_office.base_url)
    part = derive(parse(own), selective_pointers=["/name"], extra_contexts=contexts)
    assert "result" not in part["credentialSubject"]
    assert "validFrom" in part
    assert "credentialStatus" in part
    assert verdict(https_office, dump(part)) is Verdict.valid
    other = https_office.one(run="Autumn")
    assert other.text != record.text


def test_other_forms_have_no_copy_of_the_holders(https_office):
    ready_in(https_office, ProofForm.JWT_ES256)
    record = https_office.one()
    assert record.own_copy is None
    assert record.text == stored(https_office, CredentialRow)[0].secured


# The setting


@pytest.mark.parametrize("form", [one for one in FORMS if one.algorithm != "Ed25519"])
def test_a_form_without_its_key_is_refused_and_taken_once_it_is_there(https_office, form):
    https_office.ready()
    admin = desk(https_office, "Ada", "institution_admin")
    with pytest.raises(IssuerError) as refused:
        change_form(admin, form)
    assert refused.value.code == "proof_form"
    assert f"testamur keys create uef --algorithm {form.algorithm}" in refused.value.message
    assert https_office.one().proof_form is DEFAULT_FORM
    https_office.issuer.create_key("uef", form.algorithm)
    change_form(admin, form)
    assert https_office.one(run="later").proof_form is form


def test_on_loopback_only_forms_for_its_key_can_be_chosen(office):
    office.ready()
    admin = desk(office, "Ada", "institution_admin")
    with pytest.raises(IssuerError) as refused:
        change_form(admin, ProofForm.ECDSA_SD_2023)
    assert refused.value.code == "proof_form"
    assert "did:key" in refused.value.message
    change_form(admin, ProofForm.EDDSA_JCS_2022)
    assert said_form(office.one()) == "eddsa-jcs-2022"
    with pytest.raises(IssuerError) as refused:
        office.issuer.register_institution(institution("other", proof_form="jwt-rs256"))
    assert refused.value.code == "keys_need_https"
    office.issuer.register_institution(institution("other", proof_form="jwt-eddsa"))


def test_an_unknown_form_and_another_role_are_refused(https_office):
    https_office.ready()
    with pytest.raises(IssuerError) as refused:
        change_form(desk(https_office, "Ada", "institution_admin"), "sd-jwt")
    assert refused.value.code == "proof_form"
    assert "jwt-rs256" in refused.value.message
    with pytest.raises(IssuerError):
        https_office.issuer.register_institution(institution("other", proof_form="none"))
    for role in ("issuer", "author", "auditor"):
        with pytest.raises(NotAllowed):
            change_form(desk(https_office, "Nam", role), ProofForm.EDDSA_JCS_2022)


def test_a_change_of_form_stands_in_the_audit(https_office):
    https_office.ready()
    change_form(desk(https_office, "Ada", "institution_admin"), ProofForm.EDDSA_JCS_2022)
    (told,) = [row for row in stored(https_office, AuditEntryRow) if row.act == "institution.change"]
    assert json.loads(told.before) == {"proof_form": "eddsa-rdfc-2022"}
    assert json.loads(told.after) == {"proof_form": "eddsa-jcs-2022"}


def test_without_its_key_nothing_is_planned(https_office):
    https_office.issuer.register_institution(institution(proof_form="jwt-rs256"))
    https_office.issuer.create_key("uef")
    https_office.issuer.publish_definition("uef", definition())
    with pytest.raises(IssuerError) as refused:
        https_office.issue(1)
    assert refused.value.code == "no_key"
    assert "--algorithm RSA" in refused.value.message
    assert stored(https_office, CredentialRow) == []
    https_office.issuer.create_key("uef", "RSA")
    assert https_office.issuer.resume()[0].issued == 1


@pytest.mark.parametrize("form", FORMS)
def test_the_lint_judges_the_very_form_with_another_key(https_office, form):
    seen = []

    def factory(**options):
        verifier = own_verifier(**options)

        def verify(data):
            report = verifier.verify(data)
            seen.append((data.decode(), report.check("signature").detail["suite"]))
            return report

        return type("Recording", (), {"verify": staticmethod(verify)})()

    ready_in(https_office, form)
    planned(https_office)
    https_office.another(verifier_factory=factory).resume()
    (row,) = stored(https_office, CredentialRow)
    ((judged, suite),) = seen
    assert judged not in (row.secured, https_office.issuer.credential(row.urn).text)
    assert suite == form.cryptosuite or suite.removeprefix("JWT ").lower() == form.value.removeprefix("jwt-")


def test_the_lint_takes_no_token_without_its_claims():
    """A visitor is lenient there, for official samples leave claims out; we are not."""
    verifier = own_verifier(clock=lambda: None, keys=lambda *_: None, local=lambda _url: None)
    assert verifier._policy.strict_claims
