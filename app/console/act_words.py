"""The acts of the audit in words, for lists and histories."""

from app.words import gettext as _
from issuer.staff.actor import ActorKind


def act_words(act: str) -> str:
    """Say an act in the language of the page; one without words stays the machine's word."""
    return _words().get(act, act)


def actor_words(kind: str, name: str) -> str:
    """Name who acted: a person by name, a program as such, the service as the service."""
    if kind == ActorKind.SERVICE.value:
        return _("Service")
    if kind == ActorKind.LEARNER.value:
        return _("Learner")
    if kind == ActorKind.TOKEN.value:
        return _("Program: {name}").format(name=name)
    if kind == ActorKind.COMMAND_LINE.value:
        return _("{name}, on the command line").format(name=name)
    return name


def _words() -> dict[str, str]:
    return {
        "definition.draft": _("Saved a draft"),
        "definition.send": _("Sent a draft for review"),
        "definition.send_back": _("Sent a draft back"),
        "definition.publish": _("Published a micro-credential"),
        "definition.approve": _("Approved a draft"),
        "definition.programme": _("Recorded the confirmation of a programme"),
        "definition.retire": _("Retired a micro-credential"),
        "definition.import": _("Imported a micro-credential"),
        "definition.withdraw": _("Withdrew a draft"),
        "batch.upload": _("Uploaded a class list"),
        "batch.mend": _("Mended rows of a class list"),
        "batch.map": _("Said what the columns mean"),
        "batch.send": _("Sent a class list for approval"),
        "batch.send_back": _("Sent a class list back"),
        "batch.approve": _("Approved a class list"),
        "batch.undo": _("Took a batch back"),
        "batch.discard": _("Discarded a class list"),
        "batch.export": _("Exported a report"),
        "credential.issue": _("Signed a certificate"),
        "credential.revoke": _("Revoked a certificate"),
        "credential.suspend": _("Suspended a certificate"),
        "credential.reinstate": _("Lifted a suspension"),
        "credential.renew": _("Renewed a certificate"),
        "recognition.state": _("Made a recognition statement"),
        "recognition.sign": _("Signed a recognition statement"),
        "recognition.withdraw": _("Withdrew a recognition statement"),
        "recognition.refuse": _("Wrote a refusal of recognition"),
        "recognition.receive": _("Listed a recognition statement of others"),
        "recognition.hours": _("Said how many hours a credit has"),
        "trust.withdraw": _("Took an institution off the trust list"),
        "trust.readmit": _("Put an institution back on the trust list"),
        "credential.export": _("Exported certificates"),
        "mail.resend": _("Sent a mail again"),
        "mail.address": _("Corrected an address"),
        "mail.export": _("Exported a list of mails"),
        "mail.failed": _("A mail was refused for good"),
        "mail_text.change": _("Changed the words of a mail"),
        "person.invite": _("Invited a person"),
        "person.grant": _("Gave a role"),
        "person.revoke_role": _("Took a role away"),
        "person.close": _("Closed an account"),
        "person.sign_in": _("Signed in"),
        "person.sign_in_failed": _("Failed to sign in"),
        "person.password": _("Changed a password"),
        "person.second_factor": _("Set up a second factor"),
        "person.recovery": _("Used or renewed recovery codes"),
        "token.create": _("Made a token for a program"),
        "token.revoke": _("Withdrew a token"),
        "faculty.create": _("Added a faculty"),
        "faculty.change": _("Changed a faculty"),
        "institution.register": _("Registered the institution"),
        "institution.change": _("Changed the institution"),
        "key.create": _("Made a key"),
        "key.rotate": _("Replaced the key"),
        "key.revoke": _("Revoked a key"),
        "status_list.differed": _("Found a status list that did not show the records"),
    }
