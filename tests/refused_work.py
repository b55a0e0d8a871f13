"""Forms of the console that are refused: definitions, batches, credentials and mails."""

from batch_desks import VERSION, taken_in
from console_office import ConsoleOffice
from definition_drafts import complete_document
from issuing_office import CODE
from refused_forms import OFFICE, Refused
from sqlmodel import col, select

from issuer.batching import approval
from issuer.batching.view import batch_view
from issuer.drafts.drafts import begin_draft, blank_document
from issuer.drafts.review import send_for_review
from issuer.status import LONGEST_NOTE
from issuer.tables import OutboxMailRow

_NOTE = {"note": "n" * (LONGEST_NOTE + 1)}
_UNKNOWN_COLUMNS = b"Wer,Kennung,Post\nAnh,UEF-9,anh@x.example\n"


def _blank_draft(house: ConsoleOffice) -> str:
    draft = begin_draft(house.desk(house.staff["author"]), blank_document("vi"))
    return f"{OFFICE}/definitions/drafts/{draft.public_id}"


def _draft_in_review(house: ConsoleOffice) -> str:
    desk = house.desk(house.staff["author"])
    draft = begin_draft(desk, complete_document(code=f"MC-R{house.clock.now.microsecond}"))
    send_for_review(desk, draft.public_id, revision=draft.revision)
    return f"{OFFICE}/definitions/drafts/{draft.public_id}"


def _version(house: ConsoleOffice) -> str:
    newest = max(house.issuer.definitions("uef"), key=lambda each: each.version)
    return f"{OFFICE}/definitions/versions/{newest.public_id}"


def _batch(house: ConsoleOffice, data: bytes | None = None) -> str:
    """Take in a list for a run of its own; give its id."""
    house.runs = getattr(house, "runs", 0) + 1
    return taken_in(house.desk(house.staff["issuer"]), data, definition=CODE, run=f"Run {house.runs}")


def _columns(house: ConsoleOffice) -> str:
    return f"{OFFICE}/batches/{_batch(house, _UNKNOWN_COLUMNS)}/columns"


def _file(house: ConsoleOffice) -> str:
    return f"{OFFICE}/batches/{_batch(house)}/file"


def _preview(house: ConsoleOffice) -> str:
    return f"{OFFICE}/batches/{_batch(house)}"


def _to_discard(house: ConsoleOffice) -> str:
    return f"{OFFICE}/batches/{_batch(house)}/discard"


def _sent(house: ConsoleOffice) -> str:
    desk, batch = house.desk(house.staff["preparer"]), _batch(house)
    approval.send(desk, batch, revision=batch_view(desk, batch).revision)
    return f"{OFFICE}/batches/{batch}/send-back"


def _codes(house: ConsoleOffice, status: str) -> list[str]:
    return [each.short_code for each in house.issuer.credentials("uef") if each.status == status]


def _act(act: str, *, many: bool, status: str = "good"):
    def address(house: ConsoleOffice) -> str:
        codes = _codes(house, status)
        if many:
            return f"{OFFICE}/credentials/act?act={act}" + "".join(f"&chosen={code}" for code in codes)
        return f"{OFFICE}/credentials/{codes[0]}?act={act}"

    return address


def _mail(house: ConsoleOffice) -> str:
    with house.deployment.reading() as session:
        mails = select(OutboxMailRow.id).where(col(OutboxMailRow.credential_id).is_not(None))
        return f"{OFFICE}/mail/{session.exec(mails).first()}"


WORK = {
    "mail text": Refused(
        "staff_mail_texts.save",
        "admin",
        f"{OFFICE}/mail-texts/award/en",
        "Save these words",
        ("subject", "opening"),
        {"subject": "", "opening": "{nothing}"},
    ),
    "batch run": Refused(
        "staff_batches.take_in",
        "issuer",
        f"{OFFICE}/batches/new",
        "Read the file",
        ("run",),
        {"file": b"name"},
    ),
    "batch file": Refused(
        "staff_batches.take_in",
        "issuer",
        f"{OFFICE}/batches/new",
        "Read the file",
        ("file",),
        {"definition": VERSION, "run": "Spring"},
    ),
    "batch bytes": Refused(
        "staff_batches.take_in",
        "issuer",
        f"{OFFICE}/batches/new",
        "Read the file",
        ("file",),
        {"definition": VERSION, "run": "Spring", "file": b"\x00\x01"},
    ),
    "definition to review": Refused("staff_drafts.saved", "author", _blank_draft, "Send for review"),
    "definition changed": Refused(
        "staff_drafts.saved",
        "author",
        _blank_draft,
        "Save the draft",
        (),
        {"definition.code": "MC-X", "revision": "9"},
        409,
    ),
    "definition file": Refused(
        "staff_definitions.imported",
        "author",
        f"{OFFICE}/definitions/new",
        "Import one definition",
        (),
        {"text": "{"},
    ),
    "definition sent back": Refused(
        "staff_drafts.reviewed", "reviewer", _draft_in_review, "Send back with this note"
    ),
    "definition approved unseen": Refused(
        "staff_drafts.reviewed",
        "reviewer",
        _draft_in_review,
        "Approve, and publish later",
        (),
        {"revision": "9"},
        409,
    ),
    "definition retired without a reason": Refused(
        "staff_definitions.retire", "reviewer", _version, "Retire 1 version", ("reason",), {"reason": " "}
    ),
    "programme confirmed without a decision": Refused(
        "staff_definitions.programme",
        "reviewer",
        _version,
        "Record 1 confirmation",
        ("reference-0",),
        {"reference": " "},
    ),
    "batch columns": Refused("staff_batches.remap", "issuer", _columns, "Read the rows with these columns"),
    "batch other file": Refused(
        "staff_batches.replace",
        "issuer",
        _file,
        "Read the file in place of the other",
        ("file",),
        {"file": b"\x00\x01"},
    ),
    "batch no other file": Refused(
        "staff_batches.replace", "issuer", _file, "Read the file in place of the other", ("file",)
    ),
    "batch changed meanwhile": Refused(
        "staff_batches.approve", "issuer", _preview, "Issue", typed={"revision": "99"}, status=409
    ),
    "batch discarded": Refused("staff_batches.discard", "issuer", _to_discard, "Discard 3 rows", status=200),
    "batch sent back": Refused(
        "staff_batches.send_back", "issuer", _sent, "Send the list back with this note"
    ),
    "revoked without a reason": Refused(
        "staff_credentials.status", "issuer", _act("revoke", many=False), "Revoke"
    ),
    "suspended with a long note": Refused(
        "staff_credentials.status", "issuer", _act("suspend", many=False), "Suspend", ("internal",), _NOTE
    ),
    "reinstated with a long note": Refused(
        "staff_credentials.status",
        "issuer",
        _act("reinstate", many=False, status="suspended"),
        "Reinstate",
        ("internal",),
        _NOTE,
    ),
    "many revoked without a reason": Refused(
        "staff_credentials.carried_out", "issuer", _act("revoke", many=True), "Revoke"
    ),
    "many suspended with a long note": Refused(
        "staff_credentials.carried_out", "issuer", _act("suspend", many=True), "Suspend", ("internal",), _NOTE
    ),
    "many reinstated with a long note": Refused(
        "staff_credentials.carried_out",
        "issuer",
        _act("reinstate", many=True, status="suspended"),
        "Reinstate",
        ("internal",),
        _NOTE,
    ),
    "mail address": Refused(
        "staff_mail.address", "issuer", _mail, "Correct the address", ("address",), {"address": "x"}
    ),
    "mail text shown": Refused(
        "staff_mail_texts.previewed",
        "admin",
        f"{OFFICE}/mail-texts/award/en",
        "Show the preview",
        status=200,
    ),
}
