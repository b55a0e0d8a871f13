"""The worker's rounds against an unkind server (THREATS E1): every good address served, nobody pestered."""

import random
from collections import Counter

import pytest
from issuing_office import Office
from smtp_world import CUT_AFTER, smtp_world
from sqlmodel import select

from app.mail import smtp_sender
from app.worker import make_queue, work_off
from issuer import MailState
from issuer.credentials.owed_mail import LearnerMail, owe_mails
from issuer.tables import CredentialRow, OutboxMailRow

MAILS = 200


@pytest.fixture
def office(tmp_path):
    made = Office(tmp_path / "office")
    made.ready()
    made.one()
    yield made
    made.close()


def owe(office, number):
    """Owe so many mails, each to an address of its own."""
    deployment = office.issuer.deployment
    with deployment.writing() as session:
        key = session.exec(select(CredentialRow.id)).one()
        for _ in range(number - 1):  # one is owed already
            owe_mails(session, deployment, LearnerMail.AWARD, [key])
        for row in session.exec(select(OutboxMailRow)):
            row.recipient = f"l{row.id}@example.edu"
            session.add(row)


def rows(office):
    with office.issuer.deployment.reading() as session:
        return {row.recipient: row for row in session.exec(select(OutboxMailRow).order_by(OutboxMailRow.id))}


class Unkind:
    """Answers by chance: 2 % of addresses do not exist, 20 % of tries are put off, 5 % cut after DATA."""

    def __init__(self, seed):
        self.chance = random.Random(seed)  # noqa: S311  (a fixed seed: the same faults every time)
        self.gone, self.known = set(), set()
        self.cuts = Counter()

    def __call__(self, command, address, message_id):
        if command == "RCPT":
            if address not in self.known:
                self.known.add(address)
                self.gone |= {address} if self.chance.random() < 0.02 else set()
            if address in self.gone:
                return "550 5.1.1 no such user"
            return "451 4.7.1 try again later" if self.chance.random() < 0.2 else None
        if command == "DATA" and self.chance.random() < 0.05:
            self.cuts[address] += 1
            return CUT_AFTER
        return None


@pytest.mark.parametrize("seed", [1, 4])
def test_all_good_addresses_are_served_and_only_a_cut_repeats_a_mail(office, seed, capfd):
    owe(office, MAILS)
    unkind = Unkind(seed)
    fixed = {recipient: row.message_id for recipient, row in rows(office).items()}
    assert len(set(fixed.values())) == MAILS
    with smtp_world(decide=unkind) as world:
        send = smtp_sender(world.url, sender="badges@example.edu", clock=office.clock)
        queue = make_queue(office.folder, issuer=office.issuer, send=send)
        for _ in range(24 * 12):
            queue.deliver_mail()
            work_off(queue)
            if not any(row.state == "queued" for row in rows(office).values()):
                break
            office.clock.forward(minutes=5)
    got = Counter(recipient for recipient, _message_id in world.delivered)
    good = set(fixed) - unkind.gone
    assert unkind.gone
    assert unkind.cuts
    assert set(got) == good
    assert all(got[recipient] - 1 <= unkind.cuts[recipient] for recipient in good)
    assert {message_id for _recipient, message_id in world.delivered} == {fixed[each] for each in good}
    refused = Counter(recipient for recipient, _id, answer in world.tried if answer and answer[0] == "5")
    assert refused == Counter(unkind.gone)  # once each
    ended = rows(office)
    assert {ended[each].state for each in good} == {MailState.SENT}
    assert {ended[each].state for each in unkind.gone} == {MailState.FAILED}
    assert world.connections < len(world.tried) / 3  # one connection for many
    told = "".join(capfd.readouterr())
    assert "/h/" not in told
    assert "@example.edu" not in told


def test_a_server_that_is_down_costs_no_mail_a_try(office):
    owe(office, 3)
    send = smtp_sender("smtp://127.0.0.1:1", sender="badges@example.edu", clock=office.clock)
    for _ in range(30):
        assert office.issuer.deliver(send).failed == 0
        office.clock.forward(hours=3)
    assert {(row.state, row.attempts) for row in rows(office).values()} == {("queued", 0)}
    assert "takes no mail" in rows(office)["l1@example.edu"].error
    with smtp_world() as world:
        send = smtp_sender(world.url, sender="badges@example.edu", clock=office.clock)
        assert office.issuer.deliver(send).sent == 3


def test_a_round_ends_where_the_server_falls_silent_again_and_again(office):
    owe(office, 10)
    with smtp_world(decide=lambda command, *_: CUT_AFTER if command == "DATA" else None) as world:
        send = smtp_sender(world.url, sender="badges@example.edu", clock=office.clock)
        assert office.issuer.deliver(send).deferred == 3
        assert len(world.tried) == 3
