"""Count the computing time of one verification, so that many documents together cost no more than one may.

Each document has limits of its own. A file may lead to dozens: credentials inside it, endorsements, status
lists, keys, a newer version. None of them is begun once the verification has used its share; what is under
way by then is bounded by its own limits. So an upload stays within two seconds of CPU (promise V7).
"""

from verifier.limited import cpu_seconds


class Work:
    """The CPU that one verification may use before it begins another document; of one thread."""

    def __init__(self, *, seconds: float) -> None:
        self._end = cpu_seconds() + seconds

    @property
    def used_up(self) -> bool:
        """Say whether no further document is to be begun."""
        return cpu_seconds() > self._end
