"""Attacks on the second pair of eyes: one person who is two, and notes that would stay for ever."""

from datetime import timedelta

import pytest
from batch_desks import need_approval, seen
from console_office import ConsoleOffice
from issuing_office import CODE, class_list

from issuer.audit.entries import entries_of
from issuer.batching import approval, drafts
from issuer.batching.view import batch_view
from issuer.errors import NotAllowed
from issuer.staff.api_tokens import create_token, find_token
from issuer.staff.roles import Act


@pytest.fixture
def place(tmp_path):
    made = ConsoleOffice(tmp_path / "var")
    need_approval(made.office)
    yield made
    made.close()


def brought_by_program(place, admin):
    expires = place.deployment.now() + timedelta(days=1)
    acts = {Act.PREPARE_BATCHES, Act.READ_BATCHES}
    _token, text = create_token(place.desk(admin), name="Register", acts=acts, expires=expires)
    desk = place.deployment.acting(find_token(place.deployment, text))
    return drafts.upload(desk, definition=CODE, run="Spring", file_name="l.csv", data=class_list(2))


def test_who_made_the_programs_token_is_no_second_person(place):
    both = place.person("Bo Both", "institution_admin", "issuer")
    other, third = place.person("Oda Other", "issuer"), place.person("Tom Third", "issuer")
    batch = brought_by_program(place, both)
    approval.send(place.desk(other), batch, revision=batch_view(place.desk(other), batch).revision)
    for hand in (both, other):
        with pytest.raises(NotAllowed) as refused:
            approval.approve(place.desk(hand), batch, **seen(place.desk(hand), batch))
        assert refused.value.code == "own_list"
    approval.approve(place.desk(third), batch, **seen(place.desk(third), batch))
    assert batch_view(place.desk(third), batch).state == "open"


def test_a_note_to_a_colleague_is_read_by_them_and_not_kept_in_the_audit(place):
    sender, reviewer = place.person("Sue Sender", "issuer"), place.person("Rob Reviewer", "issuer")
    desk = place.desk(sender)
    batch = drafts.upload(desk, definition=CODE, run="Spring", file_name="l.csv", data=class_list(2))
    approval.send(desk, batch, revision=batch_view(desk, batch).revision)
    approval.send_back(place.desk(reviewer), batch, "Nguyen Van An has failed.")
    assert batch_view(desk, batch).note == "Nguyen Van An has failed."
    with place.deployment.reading() as session:
        told = [each for each in entries_of(session, "uef") if each.act == "batch.send_back"]
    assert len(told) == 1
    assert "Nguyen" not in f"{told[0].before}{told[0].after}"
