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
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

__all__ = ["Babel", "get_locale", "gettext", "lazy_gettext", "ngettext", "page_language"]

_CATALOGUE, _LOCALE, _TAG = "testamur_catalogue", "testamur_locale", "testamur_language"
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


def page_language() -> str:
    """Give the language of the page as a tag."""
    kept = _kept()
    if kept is None:
        return _ENGLISH.language
    if _TAG not in kept:
        kept[_TAG] = str(get_locale()).replace("_", "-")
    tag: str = kept[_TAG]
    return tag


@pass_eval_context
def said_in_template(context: EvalContext, text: str, **values: object) -> str:
    """Say a text in a template, with values in the places that it names by `%`; there they are escaped.

    What Jinja itself makes of a catalogue goes through three calls for each text, of which a page has dozens.
    """
    said = gettext(text)
    said = Markup(said) if context.autoescape else said  # noqa: S704 - translations are ours, as in Jinja
    return said % values if "%" in said else said


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
