"""The address of a credential's newest version, as programs ask for it."""

import pytest
from console_office import ConsoleOffice
from issuing_office import CODE, class_list, definition

from app.pages.holder import CREDENTIAL_TYPE
from issuer.refresh import refresh_address


@pytest.fixture
def world(tmp_path):
    made = ConsoleOffice(tmp_path / "var")
    yield made
    made.close()


def test_whoever_holds_the_credential_is_given_its_newest_version(world):
    issuer = world.issuer
    issuer.publish_definition("uef", definition(version="2", refresh=True))
    preview = issuer.import_class_list("uef", CODE, "Autumn 2026", class_list(1))
    (urn,) = issuer.issue_batch(issuer.start_batch(preview, by="registrar")).credentials
    record = issuer.credential(urn)
    path = refresh_address(record).removeprefix(issuer.deployment.base_url)
    client = world.app.test_client()
    answer = client.get(path)
    assert (answer.status_code, answer.text) == (200, record.text)
    assert answer.headers["Content-Type"] == CREDENTIAL_TYPE
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    for other in (path[:-1] + "0", f"/refresh/{urn.removeprefix('urn:uuid:')}/{'0' * 22}", "/refresh/x/y"):
        if other != path:
            assert client.get(other).status_code == 404
