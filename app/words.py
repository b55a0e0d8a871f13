"""Words in the language of the reader: the few functions of Flask-Babel that we use, with their types.

Import `gettext as _` where a request is at hand, `lazy_gettext as _` for tables; extraction looks for `_`.
A page says two hundred texts: language and catalogue are found once for a request, and stand in its context.
"""

from typing import Any

from babel import Locale
from flask import g
from flask_babel import Babel, get_domain  # type: ignore[import-untyped]
from flask_babel import get_locale as _get_locale
from flask_babel.speaklater import LazyString  # type: ignore[import-untyped]

__all__ = ["Babel", "get_locale", "gettext", "lazy_gettext", "ngettext"]

_CATALOGUE, _LOCALE = "testamur_catalogue", "testamur_locale"
_ENGLISH = Locale("en")


def gettext(text: str) -> str:
    """Say a text in the language of the page."""
    said: str = _catalogue().ugettext(text)
    return said


def ngettext(singular: str, plural: str, num: int) -> str:
    """Say a text that depends on a number, which it names as `%(num)s`."""
    said: str = _catalogue().ungettext(singular, plural, num)
    return said % {"num": num}


def lazy_gettext(text: str) -> object:
    """Keep a text that says itself in the language of whichever page turns it into `str`."""
    return LazyString(gettext, text)


def get_locale() -> Locale:
    """Give the language of the page; English outside a request."""
    kept = _kept()
    if kept is None:
        return _ENGLISH
    if _LOCALE not in kept:
        kept[_LOCALE] = _get_locale() or _ENGLISH
    locale: Locale = kept[_LOCALE]
    return locale


def chosen_plural(singular: str, plural: str, num: int) -> str:
    """Choose a text by a number, for templates, which put the number in themselves."""
    said: str = _catalogue().ungettext(singular, plural, num)
    return said


def _catalogue() -> Any:
    kept = _kept()
    if kept is None:
        return get_domain().get_translations()
    if _CATALOGUE not in kept:
        kept[_CATALOGUE] = get_domain().get_translations()
    return kept[_CATALOGUE]


def _kept() -> dict[str, Any] | None:
    """Give what a request keeps, None outside of one."""
    try:
        kept: dict[str, Any] = vars(g._get_current_object())
    except RuntimeError:
        return None
    return kept
