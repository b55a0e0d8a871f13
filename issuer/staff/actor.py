"""Who acts, for which institution, and what they may do there."""

from dataclasses import dataclass, field
from enum import StrEnum

from issuer.errors import NotAllowed
from issuer.staff.roles import ALLOWED, TOKEN_ACTS, Act, Role


class ActorKind(StrEnum):
    """What kind of somebody acts."""

    PERSON = "person"
    TOKEN = "token"  # noqa: S105  (a kind, not a password)
    COMMAND_LINE = "command_line"
    SERVICE = "service"
    LEARNER = "learner"


@dataclass(frozen=True)
class Grant:
    """A role, in one faculty where `faculty_id` names one."""

    role: Role
    faculty_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """Somebody who acts; `ref` is the public id of a person or token, else a name of ours.

    `institution_id` and `slug` name the tenant they act for now, None for the consortium and the service.
    """

    kind: ActorKind
    ref: str
    name: str
    institution_id: int | None = None
    slug: str | None = None
    grants: tuple[Grant, ...] = ()
    token_acts: frozenset[Act] = field(default_factory=frozenset)

    def may(self, act: Act, *, faculty_id: int | None = None) -> bool:
        """Tell whether they may do something; with `faculty_id`, to what belongs to that faculty."""
        if self.kind in (ActorKind.SERVICE, ActorKind.COMMAND_LINE):
            return True
        if self.kind is ActorKind.TOKEN:
            return act in self.token_acts & TOKEN_ACTS
        within = self.faculties(act)
        return within is None or (bool(within) and (faculty_id is None or faculty_id in within))

    def must(self, act: Act, *, faculty_id: int | None = None) -> None:
        """Raise NotAllowed unless they may."""
        if not self.may(act, faculty_id=faculty_id):
            raise NotAllowed("not_allowed", "Your roles do not allow this. Ask the administrator for one.")

    def faculties(self, act: Act) -> frozenset[int] | None:
        """Give the faculties in which they may do something: None for all, an empty set for nowhere."""
        if self.kind is not ActorKind.PERSON:
            return None if self.may(act) else frozenset()
        allowing = [grant for grant in self.grants if act in ALLOWED[grant.role]]
        if any(grant.faculty_id is None for grant in allowing):
            return None
        return frozenset(grant.faculty_id for grant in allowing if grant.faculty_id is not None)


SERVICE = Actor(ActorKind.SERVICE, "service", "Service")


def command_line(name: str) -> Actor:
    """Give the actor of a command that somebody with access to the machine runs."""
    return Actor(ActorKind.COMMAND_LINE, "command_line", name[:200])
