"""Sessions in a signed cookie: nothing is made ready to read one where the browser has sent none."""

from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSessionInterface


class CookieSessions(SecureCookieSessionInterface):
    """Open sessions as Flask does; most who open a public page have none."""

    def open_session(self, app: Flask, request: Request) -> Any:
        """Give what the cookie holds, or a session that is still empty."""
        if app.secret_key and not request.cookies.get(self.get_cookie_name(app)):
            return self.session_class()
        return super().open_session(app, request)
