"""What one member of staff can send to wear the office down: addresses and forms beyond every measure."""

import pytest
from console_office import ConsoleOffice

LISTS = ("batches", "credentials", "definitions", "mail", "people", "tokens", "audit")


@pytest.fixture
def place(tmp_path):
    made = ConsoleOffice(tmp_path / "var")
    yield made
    made.close()


@pytest.mark.parametrize("page", ["9" * 30, "9" * 5_000, "1" + "0" * 19, "-1", "0", "²", "1e9", ""])
def test_a_page_beyond_every_number_is_a_page_of_the_list(place, page):
    client = place.client(place.person("Ida", "issuer", "institution_admin", "auditor"))
    for name in LISTS:
        answer = place.get(client, f"/console/uef/{name}?page={page}&sort=%27;drop&q=%25_%5C")
        assert answer.status_code == 200, name
