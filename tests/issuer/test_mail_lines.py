"""What a list shows of a mail: the address masked, in what the server answered too."""

from issuing_office import START

from issuer.mailing.kinds import MailKind
from issuer.mailing.search import MailLine
from issuer.records import MailState


def line(answer, recipient="thanh.truc@student.example"):
    return MailLine(
        id=1,
        kind=MailKind.AWARD,
        recipient=recipient,
        name="Lý Thị Thanh Trúc",
        student_number="UEF-1",
        state=MailState.FAILED,
        attempts=1,
        next_attempt=START,
        answer=answer,
        created=START,
        sent=None,
    )


def test_the_address_in_an_answer_is_masked_as_the_list_masks_it():
    shown = line("550 <Thanh.Truc@student.example>: no such mailbox").shown_answer
    assert shown == "550 <t…c@student.example>: no such mailbox"


def test_an_answer_without_the_address_is_shown_as_it_is():
    assert line("451 try later").shown_answer == "451 try later"
    assert line("").shown_answer == ""
