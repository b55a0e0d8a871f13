"""Settings: everything the environment decides, read once, checked before anything starts."""

import dataclasses
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Annotated, get_type_hints
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from app.database_url import database_url
from app.deployment_file import moved_sentence, remembered
from app.private_file import create_private
from app.setting_values import (
    SettingsError,
    base_url,
    in_folder,
    is_loopback,
    limit,
    number,
    on_off,
    ports,
    private_file,
    switch,
    trust_lists,
    trust_publishers,
    zone,
)

MIN_SECRET_CHARACTERS = 32
MIN_TOKEN_CHARACTERS = 16
_NOT_SETTINGS = {"TESTAMUR_REFERENCE"}  # read by the tests, not by the service


@dataclass(frozen=True)
class About:
    """Describe one variable: its name, the default as text, and what it decides."""

    variable: str
    default: str
    about: str


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Hold the settings of one running service."""

    dir: Annotated[Path, About("TESTAMUR_DIR", "./var", "The data folder: database, keys, queue, secrets.")]
    host: Annotated[
        str, About("TESTAMUR_HOST", "127.0.0.1", "The address on which `testamur serve` listens.")
    ]
    port: Annotated[int, About("TESTAMUR_PORT", "8080", "The port on which `testamur serve` listens.")]
    base_url: Annotated[
        str,
        About(
            "TESTAMUR_BASE_URL",
            "",
            "Where the public finds this service, for example `https://badges.example.edu`, without a path. "
            "The only source of the host in links, ids and QR codes. May be left out on a loopback address.",
        ),
    ]
    secret_key: Annotated[
        str,
        About(
            "TESTAMUR_SECRET_KEY",
            "",
            f"Protects forms; at least {MIN_SECRET_CHARACTERS} characters of chance. "
            "On a loopback address it is made on first use and kept in `DIR/secret-key` (0600).",
        ),
    ] = field(repr=False)
    database_url: Annotated[
        str,
        About(
            "TESTAMUR_DATABASE_URL",
            "",
            "The database; by default SQLite in `DIR/testamur.db`. "
            "For PostgreSQL `postgresql://USER:PASSWORD@HOST:5432/NAME` (docs/postgresql.md).",
        ),
    ] = field(repr=False)
    passphrase_file: Annotated[
        Path,
        About(
            "TESTAMUR_PASSPHRASE_FILE",
            "DIR/passphrase",
            "The file that unlocks the key store; only its owner may read it (0600). "
            "Read by the worker and the issuing commands, never by the web process.",
        ),
    ]
    smtp_url: Annotated[
        str,
        About(
            "TESTAMUR_SMTP_URL",
            "",
            "Where mail goes out, for example `smtp://user:password@mail.example.edu:587`. "
            "Without it mails stay in the outbox.",
        ),
    ] = field(repr=False)
    mail_from: Annotated[
        str, About("TESTAMUR_MAIL_FROM", "", "The sender of mails; needed with `TESTAMUR_SMTP_URL`.")
    ]
    site_name: Annotated[
        str,
        About(
            "TESTAMUR_SITE_NAME", "Micro-credentials", "The head of the pages that belong to no institution."
        ),
    ]
    time_zone: Annotated[
        str, About("TESTAMUR_TIME_ZONE", "UTC", "The zone in which pages give times: `Asia/Vientiane`.")
    ]
    fetch_ports: Annotated[
        tuple[int, ...],
        About("TESTAMUR_FETCH_PORTS", "443,8443", "The ports that the verifier may reach at other hosts."),
    ]
    trust_lists: Annotated[
        tuple[str, ...],
        About(
            "TESTAMUR_TRUST_LISTS",
            "",
            "Lists of other institutions that this service trusts, the most authoritative first, with spaces "
            "between them: https addresses of signed lists, or files (docs/trust.md).",
        ),
    ]
    trust_publishers: Annotated[
        tuple[str, ...],
        About(
            "TESTAMUR_TRUST_PUBLISHERS",
            "",
            "Whose signature on these lists is believed: a did:web, a did:key or a Multikey each, with "
            "spaces between them. Needed for every list that has an address.",
        ),
    ]
    trusted_proxies: Annotated[
        int,
        About(
            "TESTAMUR_TRUSTED_PROXIES",
            "0",
            "How many reverse proxies stand in front. "
            "Used for the caller's address in rate limits alone, never for links.",
        ),
    ]
    limit_verify: Annotated[
        str,
        About(
            "TESTAMUR_LIMIT_VERIFY",
            "120 per minute;2000 per hour",
            "How often one network may have files checked.",
        ),
    ]
    limit_codes: Annotated[
        str,
        About(
            "TESTAMUR_LIMIT_CODES",
            "30 per minute;300 per hour",
            "How often one network may look up short codes, or miss with a code or a private link.",
        ),
    ]
    limit_sign_in: Annotated[
        str,
        About(
            "TESTAMUR_LIMIT_SIGN_IN",
            "30 per minute;200 per hour",
            "How often one network may try to sign in, beside five wrong tries an account in 15 minutes.",
        ),
    ]
    metrics_token: Annotated[
        str,
        About(
            "TESTAMUR_METRICS_TOKEN",
            "",
            f"The bearer token for which `/metrics` answers, at least {MIN_TOKEN_CHARACTERS} characters. "
            "Without it the address does not exist.",
        ),
    ] = field(repr=False)
    vc_api: Annotated[
        bool,
        About(
            "TESTAMUR_VC_API",
            "off",
            "`on` mounts the VC-API (docs/vc-api.md), which signs and checks any credential, with keys that "
            "end with the process: for test suites, not for the public.",
        ),
    ]
    vc_api_token: Annotated[
        str,
        About(
            "TESTAMUR_VC_API_TOKEN",
            "",
            f"The bearer token of the VC-API, at least {MIN_TOKEN_CHARACTERS} characters. "
            "May be left out on a loopback address.",
        ),
    ] = field(repr=False)
    demo: Annotated[
        bool,
        About("TESTAMUR_DEMO", "0", "`1` marks pages as a demonstration and shows the outbox at `/outbox`."),
    ]
    debug: Annotated[bool, About("TESTAMUR_DEBUG", "0", "`1` shows tracebacks. Only on a loopback address.")]

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, /, **overrides: str) -> "Settings":
        """Read the settings from the environment and refuse what is not safe.

        `overrides` (field name to text) come from the command line; they give way to nothing but
        `TESTAMUR_BASE_URL`, which beats host and port. Raises `SettingsError`.
        """
        texts = _texts(os.environ if environ is None else environ, overrides)
        settings = _parse(texts)
        _refuse_other_address(settings)
        _refuse_unsafe(settings, asked_base_url=texts["base_url"])
        if not settings.secret_key:
            settings = dataclasses.replace(settings, secret_key=_kept_secret(settings.dir))
        return settings

    @property
    def on_loopback(self) -> bool:
        """Tell whether only this machine can reach the service."""
        return is_loopback(self.host) and is_loopback(urlsplit(self.base_url).hostname or "")

    @property
    def zone(self) -> tzinfo:
        """Give the zone in which pages tell the time."""
        return UTC if self.time_zone == "UTC" else ZoneInfo(self.time_zone)

    @property
    def secure(self) -> bool:
        """Tell whether the public reaches the service by https."""
        return self.base_url.startswith("https://")

    def link(self, path: str) -> str:
        """Give the full address of a path of this service."""
        return self.base_url + path


def described() -> dict[str, About]:
    """Give what is known of each variable, by the name of its field."""
    hints = get_type_hints(Settings, include_extras=True)
    return {each.name: hints[each.name].__metadata__[0] for each in dataclasses.fields(Settings)}


def table() -> str:
    """Write the settings as the Markdown table of docs/configuration.md."""
    rows = ["| Variable | Default | What it decides |", "|---|---|---|"]
    for each in described().values():
        default = f"`{each.default}`" if each.default else "none"
        rows.append(f"| `{each.variable}` | {default} | {each.about} |")
    return "\n".join(rows) + "\n"


def _texts(environ: Mapping[str, str], overrides: Mapping[str, str]) -> dict[str, str]:
    known = described()
    strange = {name for name in environ if name.startswith("TESTAMUR_")}
    strange -= {each.variable for each in known.values()} | _NOT_SETTINGS
    if strange:
        names = ", ".join(sorted(strange))
        raise SettingsError("unknown_setting", f"No setting is named {names}. See docs/configuration.md.")
    given = {
        name: overrides.get(name) or environ.get(each.variable, "").strip() for name, each in known.items()
    }
    kept = dict(remembered(_folder(given["dir"] or known["dir"].default)))
    if (given["host"] or given["port"]) and is_loopback(_host_of(kept.get("base_url", ""))):
        del kept["base_url"]  # host and port name an address; whether it is the folder's is asked later
    texts = {name: given[name] or kept.get(name) or each.default for name, each in known.items()}
    return texts if given["host"] or given["port"] else texts | _listening_where(texts["base_url"])


def _listening_where(base_url: str) -> dict[str, str]:
    """Listen where a loopback base URL says, unless somebody says otherwise."""
    host = _host_of(base_url)
    port = base_url.rpartition(":")[2].rstrip("/")
    return {"host": host, "port": port} if port.isdecimal() and is_loopback(host) else {}


def _host_of(base_url: str) -> str:
    try:
        return urlsplit(base_url).hostname or ""
    except ValueError:  # refused in words when it is parsed
        return ""


def _folder(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _refuse_other_address(settings: Settings) -> None:
    made_for = remembered(settings.dir).get("base_url")
    if made_for and made_for != settings.base_url:
        raise SettingsError("base_url_changed", moved_sentence(settings.dir, made_for, settings.base_url))


def _parse(texts: Mapping[str, str]) -> Settings:
    folder = _folder(texts["dir"])
    host, port = texts["host"], number("TESTAMUR_PORT", texts["port"], 0, 65535)
    return Settings(
        dir=folder,
        host=host,
        port=port,
        base_url=base_url(texts["base_url"] or _own_address(host, port)),
        secret_key=texts["secret_key"],
        database_url=database_url(texts["database_url"] or f"sqlite:///{folder / 'testamur.db'}"),
        passphrase_file=in_folder(folder, texts["passphrase_file"]),
        smtp_url=texts["smtp_url"],
        mail_from=texts["mail_from"],
        site_name=texts["site_name"],
        time_zone=zone(texts["time_zone"]),
        fetch_ports=ports(texts["fetch_ports"]),
        trust_lists=trust_lists(folder, texts["trust_lists"], texts["trust_publishers"]),
        trust_publishers=trust_publishers(texts["trust_publishers"]),
        trusted_proxies=number("TESTAMUR_TRUSTED_PROXIES", texts["trusted_proxies"], 0, 9),
        limit_verify=limit("TESTAMUR_LIMIT_VERIFY", texts["limit_verify"]),
        limit_codes=limit("TESTAMUR_LIMIT_CODES", texts["limit_codes"]),
        limit_sign_in=limit("TESTAMUR_LIMIT_SIGN_IN", texts["limit_sign_in"]),
        metrics_token=texts["metrics_token"],
        vc_api=on_off("TESTAMUR_VC_API", texts["vc_api"]),
        vc_api_token=texts["vc_api_token"],
        demo=switch("TESTAMUR_DEMO", texts["demo"]),
        debug=switch("TESTAMUR_DEBUG", texts["debug"]),
    )


def _own_address(host: str, port: int) -> str:
    if not is_loopback(host):
        raise SettingsError(
            "no_base_url",
            f"The service would listen on {host} without knowing its public address. "
            "Set TESTAMUR_BASE_URL, for example to https://badges.example.edu.",
        )
    return f"http://{'localhost' if ':' in host else host}:{port}"


def _refuse_unsafe(settings: Settings, *, asked_base_url: str) -> None:
    """Refuse what may run on one's own machine but not where others reach it (W12)."""
    private_file("TESTAMUR_PASSPHRASE_FILE", settings.passphrase_file)
    private_file("the secret key", settings.dir / "secret-key")
    for path in _secret_files(settings.dir):
        private_file("a secret of the worker", path)
    if settings.smtp_url and not settings.mail_from:
        raise SettingsError("mail_from", "TESTAMUR_SMTP_URL is set: set TESTAMUR_MAIL_FROM, the sender, too.")
    if settings.secret_key and len(settings.secret_key) < MIN_SECRET_CHARACTERS:
        raise SettingsError(
            "short_secret",
            f"TESTAMUR_SECRET_KEY has {len(settings.secret_key)} characters; "
            f"it needs {MIN_SECRET_CHARACTERS} at least. "
            "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
        )
    for variable, token in (
        ("TESTAMUR_METRICS_TOKEN", settings.metrics_token),
        ("TESTAMUR_VC_API_TOKEN", settings.vc_api_token),
    ):
        if token and len(token) < MIN_TOKEN_CHARACTERS:
            raise SettingsError(
                "short_token", f"{variable} needs {MIN_TOKEN_CHARACTERS} characters of chance at least."
            )
    if settings.on_loopback:
        return
    if settings.vc_api and not settings.vc_api_token:
        raise SettingsError(
            "no_token", "TESTAMUR_VC_API is on. Others reach this service: set TESTAMUR_VC_API_TOKEN."
        )
    if not asked_base_url:
        raise SettingsError("no_base_url", "Set TESTAMUR_BASE_URL to the public address of this service.")
    if settings.debug:
        raise SettingsError("debug", "TESTAMUR_DEBUG is on. Others reach this service: turn it off.")
    if not settings.secret_key or len(set(settings.secret_key)) < 8:
        raise SettingsError(
            "short_secret",
            "Others reach this service: set TESTAMUR_SECRET_KEY to at least "
            f"{MIN_SECRET_CHARACTERS} characters of chance.",
        )


def _secret_files(folder: Path) -> list[Path]:
    """List the link secret and the sealed keys, as far as this process may look."""
    try:
        return [folder / "link-secret", folder / "office-secret", *sorted((folder / "keys").iterdir())]
    except OSError:  # none yet, or not ours to look at
        return [folder / "link-secret", folder / "office-secret"]


def _kept_secret(folder: Path) -> str:
    """Read the secret of a loopback service from its data folder; make it on first use."""
    path = folder / "secret-key"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    secret = secrets.token_urlsafe(48)
    if create_private(path, secret):
        return secret
    kept = path.read_text().strip()
    if len(kept) < MIN_SECRET_CHARACTERS:
        raise SettingsError("short_secret", f"{path} is too short to be a secret. Delete it.")
    return kept
