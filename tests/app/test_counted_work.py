"""What the usual work takes, counted: calls, hashes, parses, statements to the database. Never seconds.

A bound stands a good third above what is measured; a change that doubles some work is noticed, and no busy
machine ever is. Calls are those of one thread, of Python and of C functions.
"""

import json
import uuid
from pathlib import Path

import pytest
from credential_office import CredentialOffice
from sql_counts import statements
from work_counts import calls_of

from keys import SecretKey
from microcredential import context
from ob3 import BatchSigner, LearningContexts, add_proof, canonicalize, verify_proof
from ob3.expansion import context_set
from ob3.strict_json import dump, parse

CREATED = "2026-07-03T02:00:00Z"
HASHES = "_hashlib.openssl_sha256"
PYLD = ("pyld.", "ob3.expansion.Expander", "ob3.expansion._NoticingExpander")
JSON = ("json.loads", "json.dumps", "json.decoder.", "json.encoder.", "orjson.")
# Texts that are only compared or looked through: a few microseconds each, in place of a walk.
COMPARED = ("ob3.recent.exact_key", "ob3.soundness._is_readable", "ob3.written.written")
KEY = SecretKey.from_seed(b"a key whose work is counted.....")
CREDENTIAL = "/h/{token}/credential.json"
BROWSER = {"User-Agent": "Mozilla/5.0"}


def _document():
    text = (Path(__file__).parent / "credential.json").read_text("utf-8")
    return {name: one for name, one in json.loads(text).items() if name != "proof"}


DOCUMENT = _document()
CONTEXTS = {DOCUMENT["@context"][-1]: context()}
STATEMENTS = 285
# Of the twenty blank nodes four differ from those of the learner before; a few more look alike at first.
FEWEST_HASHES, MOST_HASHES = 4, 12


def json_texts(calls):
    """Count what is read or written as JSON."""
    return calls.of(*JSON) - calls.of(*COMPARED)


def fresh(number):
    """Give the credential of another learner."""
    subject = {**DOCUMENT["credentialSubject"], "name": f"Learner {number}"}
    named = f"urn:uuid:{uuid.UUID(int=number, version=4)}"
    return {**DOCUMENT, "id": named, "credentialSubject": subject}


def signed(document):
    return add_proof(document, signer=KEY.signer(), created=CREATED, extra_contexts=CONTEXTS)


@pytest.fixture(scope="module", autouse=True)
def _known_contexts():
    verify_proof(signed(fresh(0)), verification_key=KEY.public_key, extra_contexts=CONTEXTS)


def test_a_canonical_form_hashes_the_nodes_that_differ_and_asks_pyld_nothing():
    assert canonicalize(fresh(1), extra_contexts=CONTEXTS).count("\n") == STATEMENTS
    calls = calls_of(lambda: canonicalize(fresh(2), extra_contexts=CONTEXTS))
    assert FEWEST_HASHES <= calls.of(HASHES) <= MOST_HASHES
    assert calls.of(*PYLD) == 0
    assert json_texts(calls) == 0
    assert calls.total() <= 1_450


def test_a_second_document_processes_no_context():
    contexts = context_set(CONTEXTS)
    known = len(contexts._memory)
    canonicalize(fresh(3), extra_contexts=CONTEXTS)
    assert len(contexts._memory) == known <= 40


def test_signing_hashes_document_and_options_once_more():
    calls = calls_of(lambda: signed(fresh(4)))
    assert FEWEST_HASHES + 2 <= calls.of(HASHES) <= MOST_HASHES + 2
    assert calls.of(*PYLD) == json_texts(calls) == 0
    assert calls.total() <= 2_900


def test_verifying_takes_no_more_than_signing():
    document = signed(fresh(5))
    for number in range(60):  # forgotten again
        canonicalize(fresh(100 + number), extra_contexts=CONTEXTS)
    calls = calls_of(lambda: verify_proof(document, verification_key=KEY.public_key, extra_contexts=CONTEXTS))
    assert FEWEST_HASHES + 2 <= calls.of(HASHES) <= MOST_HASHES + 2
    assert calls.of(*PYLD) <= 6  # the meaning of one reference in the proof
    assert json_texts(calls) == 0
    assert calls.total() <= 2_300


def test_what_looks_like_others_is_verified_with_few_hashes_and_no_walk():
    contexts = LearningContexts(CONTEXTS)
    documents = [json.loads(dump(signed(fresh(200 + number)))) for number in range(12)]
    for document in documents[:-1]:
        verify_proof(document, verification_key=KEY.public_key, extra_contexts=contexts)
    calls = calls_of(
        lambda: verify_proof(documents[-1], verification_key=KEY.public_key, extra_contexts=contexts)
    )
    assert calls.of(HASHES) <= 8
    assert calls.of("ob3.direct.walk.") == calls.of(*PYLD) == json_texts(calls) == 0
    assert calls.total() <= 720


def test_what_is_stored_is_read_and_written_once():
    text = dump(signed(fresh(220)))
    calls = calls_of(lambda: dump(parse(text)))
    assert calls.of("json.") == 0
    assert calls.of("orjson.loads") <= 1
    assert json_texts(calls) <= 4  # compared with what was read, in lines for its depth, and written anew
    assert calls.total() <= 640


def test_one_of_a_batch_hashes_only_what_differs():
    batch = BatchSigner(KEY.signer(), extra_contexts=CONTEXTS)
    for number in range(10, 20):
        batch.secured(fresh(number), created=CREATED)
    calls = calls_of(lambda: batch.secured(fresh(21), created=CREATED))
    assert calls.of(HASHES) <= 8
    assert calls.of(*PYLD) == 0
    assert calls.total() <= 420


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    office = CredentialOffice(tmp_path_factory.mktemp("counted"), suspension=False)
    yield office
    office.close()


@pytest.fixture(scope="module")
def certificate(desk):
    return desk.issue(1)[0]


def test_the_page_behind_a_code_asks_the_database_twice(desk, certificate):
    client, path = desk.app.test_client(), f"/c/{certificate.code}"
    for _ in range(2):
        assert client.get(path, headers=BROWSER).status_code == 200
    desk.clock.forward(milliseconds=1)  # nobody visits twice at one time
    calls = calls_of(lambda: client.get(path, headers=BROWSER))
    with statements(desk.app.extensions["testamur_database"]) as asked:
        client.get(path, headers=BROWSER)
    assert len(asked) <= 2  # the certificate with its status list, and issuers
    assert calls.of(*PYLD) == 0
    assert calls.of("verifier.limited.run_limited") == 0  # the bytes are our own
    assert calls.of("ob3.strict_json.parse") <= 1  # the status list was proven at the first visit
    assert calls.of("sqlalchemy.orm.loading.") == 0  # rows are read as they are
    assert calls.total() <= 10_000


@pytest.mark.parametrize(
    "place", [CREDENTIAL, "/status/{list}", "/institutions/uef/did.json", "/.well-known/jwks.json"]
)
def test_what_is_stored_is_served_as_it_stands(desk, certificate, place):
    client = desk.app.test_client()
    status = json.loads(certificate.text)["credentialStatus"]["statusListCredential"]
    path = place.format(token=desk.office.links.token(certificate.urn), list=status.partition("/status/")[2])
    first = client.get(path)
    assert first.status_code == 200
    found = []
    calls = calls_of(lambda: found.append(client.get(path)))
    assert found[0].data == first.data
    assert calls.of("ob3.", "pyld.", "orjson.") == 0
    assert len(first.data) not in calls.parsed
    assert len(certificate.text) not in calls.parsed
    tag = first.headers["ETag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
