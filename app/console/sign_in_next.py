"""Where a sign-in leads afterwards: to a page of the staff on this site, and nowhere else (W6)."""

import re
from urllib.parse import unquote

HOME = "/console"
ROLES_CHANGED = "/staff/sign-in?done=roles"  # where those are led whose own act ended their session
_LONGEST = 500
_PLACE = re.compile(
    r"/(?:console|consortium|staff/account)(?:/[A-Za-z0-9._~%-]+)*/?(?:\?[A-Za-z0-9._~%&=+:,*-]*)?", re.ASCII
)


def safe_next(asked: str | None) -> str:
    """Give the place that was asked for if it is one of ours, else the console's first page.

    What is allowed is listed, so that no spelling of another site has to be thought of.
    """
    if not asked or len(asked) > _LONGEST or not _PLACE.fullmatch(asked):
        return HOME
    path = unquote(unquote(asked.partition("?")[0]))
    parts = path.strip("/").split("/")
    odd = "\\" in path or "//" in path or not path.isprintable() or any(set(each) <= {"."} for each in parts)
    return HOME if odd else asked
