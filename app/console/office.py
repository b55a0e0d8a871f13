"""What the console's pages stand on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app.pages.office import Checker
from app.settings import Settings
from issuer import Issuer, IssuerError
from issuer.deployment import Deployment
from issuer.links import LinkSecret


class Wakes(Protocol):
    """The worker, as far as the web process knows it: it can be told to look now."""

    def issue_batch(self, batch_id: str) -> object: ...
    def sign_status_lists(self) -> object: ...
    def deliver_mail(self) -> object: ...
    def look_around(self) -> object: ...


@dataclass(frozen=True)
class Console:
    """Everything that the console stands on.

    `deployment` is unbound: a page works with `desk()` of app.console.access, which is bound to the person
    and their institution. `worker` may be told of new work; the rows are the truth. `links` is there only
    where mails are read in the console, because no mail server is named; `outside` makes the verifier.
    """

    issuer: Issuer
    settings: Settings
    worker: Wakes
    links: LinkSecret | None = None
    now_reading_mail: Callable[[], bool] = lambda: False
    outside: Callable[[], Checker] | None = None

    def checker(self) -> Checker:
        """Give the verifier for files from outside; raises IssuerError where there is none."""
        if self.outside is None:
            raise IssuerError("no_verifier", "This process checks no files.")
        return self.outside()

    @property
    def deployment(self) -> Deployment:
        """The service, bound to nobody."""
        return self.issuer.deployment
