"""Words in the language of the reader: the few functions of Flask-Babel that we use, with their types.

Import `gettext as _` where a request is at hand, `lazy_gettext as _` for tables; extraction looks for `_`.
"""

from babel import Locale
from flask_babel import Babel  # type: ignore[import-untyped]
from flask_babel import get_locale as _get_locale
from flask_babel import gettext as _gettext
from flask_babel import lazy_gettext as _lazy_gettext
from flask_babel import ngettext as _ngettext

__all__ = ["Babel", "get_locale", "gettext", "lazy_gettext", "ngettext"]


def gettext(text: str) -> str:
    """Say a text in the language of the page."""
    return str(_gettext(text))


def ngettext(singular: str, plural: str, num: int) -> str:
    """Say a text that depends on a number, which it names as `%(num)s`."""
    return str(_ngettext(singular, plural, num))


def lazy_gettext(text: str) -> object:
    """Keep a text that says itself in the language of whichever page turns it into `str`."""
    return _lazy_gettext(text)


def get_locale() -> Locale:
    """Give the language of the page; English outside a request."""
    return _get_locale() or Locale("en")
