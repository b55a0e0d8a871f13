"""Who may speak for an institution: an officer of all of it.

A statement is signed with the institution's key and names the institution as the one that makes it; it has no
word for a faculty. So a role that is confined to a faculty states nothing: the faculty's decision is written
down by an officer of the institution, with its reference.
"""

from issuer.errors import NotAllowed
from issuer.staff.actor import Actor
from issuer.staff.roles import Act


def must_recognise(actor: Actor) -> None:
    """Raise NotAllowed unless they may state something in the name of the whole institution."""
    actor.must(Act.RECOGNISE)
    if actor.faculties(Act.RECOGNISE) is not None:
        raise NotAllowed(
            "of_a_faculty",
            "A statement of recognition is the whole institution’s, and your role is for a faculty. Ask the "
            "administrator to make you recognition officer in the whole institution, or ask one who is.",
        )
