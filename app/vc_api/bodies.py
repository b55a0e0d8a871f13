"""The bodies of requests: strict JSON, read once, with the members that a call needs."""

from collections.abc import Mapping
from typing import Any

from flask import request

from app.vc_api.refusals import bad
from ob3 import strict_json
from ob3.errors import JsonRefused

_MOST_POINTERS = 100
_LONGEST_TEXT = 2_000

Options = Mapping[str, Any]


def read_body() -> dict[str, Any]:
    """Read the body of this request as a JSON object. Raises Refused.

    Its type must say that it is JSON: no form of another site can send that unasked.
    """
    if not (request.mimetype == "application/json" or request.mimetype.endswith("+json")):
        raise bad("not_json", "Send JSON, with Content-Type: application/json.")
    try:
        body = strict_json.parse(request.get_data(cache=False))
    except JsonRefused as error:
        raise bad(error.code, error.message) from error
    if not isinstance(body, dict):
        raise bad("not_an_object", "The body must be a JSON object.")
    return body


def member(body: Mapping[str, Any], name: str, *kinds: type) -> Any:
    """Give a member that must be there, of one of these types. Raises Refused."""
    value = body.get(name)
    if not isinstance(value, kinds):
        raise bad("malformed_request", f"The body must have the member {name}, in its right form.")
    return value


def options_of(body: Mapping[str, Any]) -> Options:
    """Give the options of a request; what is not known among them is left alone. Raises Refused."""
    return dict(member(body, "options", dict)) if "options" in body else {}


def text_of(options: Options, name: str) -> str | None:
    """Give an option that is a text, or None. Raises Refused."""
    value = options.get(name)
    if value is not None and not (isinstance(value, str) and 0 < len(value) <= _LONGEST_TEXT):
        raise bad("malformed_option", f"The option {name} must be a text.")
    return value


def texts_of(options: Options, name: str) -> list[str] | None:
    """Give an option that is a list of texts, or None. Raises Refused."""
    value = options.get(name)
    if value is None:
        return None
    is_list = isinstance(value, list) and len(value) <= _MOST_POINTERS
    if not is_list or not all(isinstance(one, str) and len(one) <= _LONGEST_TEXT for one in value):
        raise bad("malformed_option", f"The option {name} must be a list of at most {_MOST_POINTERS} texts.")
    return list(value)
