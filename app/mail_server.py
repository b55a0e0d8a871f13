"""The address of the mail server, read from its setting: where, how it is secured, and who we are to it."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from app.setting_values import SettingsError

_PORTS = {"smtp": 25, "smtps": 465}
_NEVER = "starttls=never"


class MailSettingsError(SettingsError):
    """Say what is wrong with the address of the mail server; `code` is a machine word."""


@dataclass(frozen=True)
class SmtpServer:
    """Where mail goes out: `smtp` (STARTTLS) or `smtps` (TLS from the start).

    STARTTLS is required, so that nobody on the way can strip it (RFC 8314, section 3); a server on this very
    machine may do without, and `starttls=never` says that it should not be asked.
    """

    scheme: str
    host: str
    port: int
    user: str | None
    password: str | None
    never_starttls: bool = False

    def __repr__(self) -> str:
        return f"SmtpServer({self.scheme}://{self.host}:{self.port})"

    @property
    def on_loopback(self) -> bool:
        """Tell whether the server is on this machine."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @classmethod
    def from_url(cls, url: str) -> "SmtpServer":
        """Read `smtp://user:password@host:port`; raises MailSettingsError."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            host = port = None
        plain = host and parts.scheme in _PORTS and parts.path in ("", "/") and not parts.fragment
        if not host or not plain or parts.query not in ("", _NEVER):
            raise MailSettingsError(
                "smtp_url", "TESTAMUR_SMTP_URL must look like smtp://user:password@mail.example.edu:587."
            )
        user = unquote(parts.username) if parts.username else None
        password = unquote(parts.password) if parts.password else None
        never = parts.query == _NEVER
        server = cls(parts.scheme, host, port or _PORTS[parts.scheme], user, password, never)
        _refuse_clear_text(server)
        return server


def _refuse_clear_text(server: SmtpServer) -> None:
    if not server.never_starttls:
        return
    if server.scheme != "smtp" or not server.on_loopback:
        raise MailSettingsError(
            "smtp_clear", "TESTAMUR_SMTP_URL may say starttls=never for smtp on a loopback address only."
        )
    if server.user is not None:
        raise MailSettingsError(
            "smtp_clear",
            "TESTAMUR_SMTP_URL has a password, which is not sent without TLS: leave out "
            "starttls=never, or the user and the password.",
        )
