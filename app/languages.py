"""Languages: which ones the pages speak, and how a reader's is chosen.

A language is offered once its catalogue is in `translations/`; English is the language of the source.
"""

from pathlib import Path
from typing import Any

from babel import Locale
from flask import Flask, Response, request

from app.words import Babel, chosen_plural, get_locale, gettext, said_in_template

TRANSLATIONS = Path(__file__).parents[1] / "translations"
SOURCE = "en"


def _found() -> list[tuple[str, str]]:
    """Give the offered languages as pairs of a tag and the language's own name."""
    tags = [SOURCE, *sorted(path.parents[1].name for path in TRANSLATIONS.glob("*/LC_MESSAGES/messages.mo"))]
    return [(tag, _own_name(tag)) for tag in tags]


def _own_name(tag: str) -> str:
    name = Locale.parse(tag, sep="-").get_display_name() or tag
    return name[:1].upper() + name[1:]


LANGUAGES = _found()


def add_languages(app: Flask) -> None:
    """Choose a language for each request: `?lang=`, then what the browser asks for, then English."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    Babel(app, locale_selector=_chosen)
    app.jinja_env.install_gettext_callables(gettext, chosen_plural, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals["_"] = said_in_template

    @app.after_request
    def kept_apart(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.vary.add("Accept-Language")
        return response

    @app.context_processor
    def spoken() -> dict[str, Any]:
        tag = str(get_locale())
        return {"page_language": tag, "language_name": dict(LANGUAGES).get(tag, tag)}


def _chosen() -> str:
    tags = [tag for tag, _name in LANGUAGES]
    asked = request.args.get("lang", "")
    return asked if asked in tags else request.accept_languages.best_match(tags) or SOURCE
