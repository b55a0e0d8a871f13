"""Institutions: what may be registered, whose keys they are, how they rotate, who is trusted."""

import json

import pytest
from issuing_office import FolderKeys, definition, institution
from stored_rows import kept_bytes

from issuer import IssuerError, NotFound
from keys.did import keys_from_did_document
from keys.store import Hardness, KeyStore


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"slug": "Not A Slug"}, "slug"),
        ({"slug": ""}, "slug"),
        ({"slug": "-x"}, "slug"),
        ({"country": "XX"}, "country"),
        ({"country": "vn"}, "country"),
        ({"accent": "red"}, "accent"),
        ({"accent": "#1f3f6b; x"}, "accent"),
        ({"url": "http://www.example.edu"}, "url"),
        ({"url": "https://["}, "url"),
        ({"email": "nobody"}, "email"),
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "text"),
        ({"name": "Universita\u0301"}, "text"),
        ({"name": "\U00012000"}, "unprintable_character"),
        ({"names": {"not a language": "x"}}, "language"),
        ({"signatory": {"name": "x"}}, "signatory"),
        ({"logo_svg": "x" * 100_001}, "logo"),
        ({"logo_svg": "<svg"}, "logo"),
        ({"logo_svg": "<p>no picture</p>"}, "logo"),
    ],
)
def test_a_description_that_may_not_stand_is_refused(office, changes, code):
    with pytest.raises(IssuerError) as refused:
        office.issuer.register_institution(institution(**changes))
    assert refused.value.code == code
    assert office.issuer.institutions() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"slug": "u-2"},
        {"country": "LA", "names": {"lo": "ມະຫາວິທະຍາໄລ"}},
        {"accent": "#ABCDEF"},
        {"logo_svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h4v4z"/></svg>'},
        {"email": None, "official": None, "signatory": None},
        {"other_identifiers": (("ext:PIC", "999999999"),)},
    ],
)
def test_its_twin_is_accepted(office, changes):
    assert office.issuer.register_institution(institution(**changes)).did is None


def test_a_short_name_is_taken_once(office):
    office.issuer.register_institution(institution())
    with pytest.raises(IssuerError) as refused:
        office.issuer.register_institution(institution(name="Another"))
    assert refused.value.code == "slug_taken"


def test_an_institution_without_a_key_is_nobody_yet(office):
    office.issuer.register_institution(institution())
    assert office.issuer.trust_entries() == []
    with pytest.raises(NotFound):
        office.issuer.did_document("uef")
    with pytest.raises(IssuerError) as refused:
        office.issuer.publish_definition("uef", definition())
    assert refused.value.code == "no_key"


def test_the_first_key_makes_the_did_and_is_made_once(office):
    office.issuer.register_institution(institution())
    key = office.issuer.create_key("uef")
    assert office.issuer.create_key("uef") == key
    (entry,) = office.issuer.trust_entries()
    assert entry.issuer_id == key.verification_method.partition("#")[0] == f"did:key:{key.public_multikey}"
    assert (entry.name, entry.country) == ("Example University of Economics and Finance", "VN")


def test_on_loopback_a_key_cannot_be_rotated_and_the_reason_is_told(office):
    office.ready()
    with pytest.raises(IssuerError) as refused:
        office.issuer.rotate_key("uef")
    assert refused.value.code == "rotation_needs_https"
    assert "did:key" in refused.value.message


def test_five_rotations_leave_every_badge_valid(https_office):
    https_office.ready()
    records = [https_office.one(run="0")]
    for number in range(5):
        https_office.clock.forward(days=1)
        https_office.issuer.rotate_key("uef")
        records.append(https_office.one(run=str(number + 1)))
    https_office.issuer.sign_status_lists(only_due=False)
    assert len({record.verification_method for record in records}) == 6
    assert {https_office.verified(record).verdict for record in records} == {"valid"}
    document = json.loads(https_office.issuer.did_document("uef"))
    assert len(keys_from_did_document(document, "did:web:badges.example.edu:institutions:uef")) == 6
    assert [key.retired is None for key in https_office.issuer.keys_of("uef")] == [False] * 5 + [True]


def test_keys_come_from_the_encrypted_store(office, tmp_path):
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("correct horse battery staple and more")
    passphrase.chmod(0o600)
    store = KeyStore.create(tmp_path / "store", passphrase, hardness=Hardness(opslimit=1, memlimit=8192))
    desk = office.another(keys=store)
    desk.register_institution(institution())
    assert desk.create_key("uef").verification_method in store.methods()


def test_no_secret_reaches_the_database(office):
    office.ready()
    office.one()
    (seed,) = [path.read_bytes() for path in FolderKeys(office.folder / "keys").folder.iterdir()]
    data = kept_bytes(office.folder)
    assert b"did:key:z6Mk" in data
    assert seed not in data
    assert seed.hex().encode() not in data


@pytest.mark.parametrize(
    "base_url",
    [
        "http://badges.example.edu",
        "ftp://x",
        "https://",
        "https://badges.example.edu/",
        "nothing",
        "https://[",
        "https://a b",
    ],
)
def test_a_base_url_that_cannot_last_is_refused(office, base_url):
    with pytest.raises(IssuerError) as refused:
        office.another(base_url=base_url)
    assert refused.value.code == "base_url"


def test_own_addresses_are_answered_from_the_store_and_no_others(https_office):
    https_office.ready()
    https_office.one()
    base, local = https_office.base_url, https_office.issuer.local
    for path in (
        "/institutions/uef/did.json",
        "/status/uef-revocation-1",
        "/contexts/micro-credential-v1.json",
        "/schemas/micro-credential-v1.json",
    ):
        assert json.loads(local(base + path))
    for url in (
        f"{base}/institutions/nobody/did.json",
        f"{base}/status/none",
        f"{base}/c/x",
        f"{base}.evil.example/status/uef-revocation-1",
        "https://other.example/status/uef-revocation-1",
    ):
        assert local(url) is None
