"""Trust lists of the tests: a document, its publisher, and what may be wrong with either."""

import copy
from datetime import timedelta

from simulator import NOW, seed, stamp

from keys import SecretKey
from keys.did import KeyRecord, did_document, did_web, did_web_url
from ob3 import add_proof

ADDRESS = "https://lists.alliance.example/trust-list.json"
PUBLISHER = SecretKey.from_seed(seed("publisher of the list"))
OTHER = SecretKey.from_seed(seed("another publisher"))
DID = PUBLISHER.public_key.did_key
WEB_DID = did_web("https://lists.alliance.example")
INSTITUTION = {
    "id": "did:web:badges.keystone.example",
    "name": "Keystone Institute",
    "names": {"hr": "Institut Keystone"},
    "country": "HR",
    "url": "https://keystone.example",
    "since": "2026-03-02",
}


def document(*institutions, **changes):
    """Give an unsigned list; each change replaces a member, None leaves it out."""
    listed = {
        "type": "InstitutionTrustList",
        "format": 1,
        "id": ADDRESS,
        "name": "Alliance of Institutes",
        "publisher": {"id": DID, "name": "The Alliance"},
        "sequence": 7,
        "validFrom": stamp(NOW - timedelta(days=1)),
        "validUntil": stamp(NOW + timedelta(days=13)),
        "institutions": [copy.deepcopy(one) for one in institutions or (INSTITUTION,)],
        **changes,
    }
    return {name: value for name, value in listed.items() if value is not None}


def institution(**changes):
    """Give an entry; each change replaces a member, None leaves it out."""
    return {name: value for name, value in {**INSTITUTION, **changes}.items() if value is not None}


def signed(given=None, *, key=PUBLISHER, method=None, cryptosuite="eddsa-jcs-2022", **options):
    """Sign a list as its publisher."""
    signer = key.signer(method) if method else key.signer()
    return add_proof(
        document() if given is None else given,
        signer=signer,
        created=stamp(NOW),
        cryptosuite=cryptosuite,
        **options,
    )


def by_did_web(world, given=None, *, key=PUBLISHER, expires=None):
    """Sign a list as a did:web whose DID document the world publishes."""
    method = f"{WEB_DID}#key-1"
    record = KeyRecord(
        verification_method=method, public_key=PUBLISHER.public_key, created=NOW, expires=expires
    )
    world.publish(did_web_url(WEB_DID), did_document(WEB_DID, [record]))
    listed = given or document(publisher={"id": WEB_DID, "name": "The Alliance"})
    return signed(listed, key=key, method=method)
