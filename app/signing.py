"""Open the issuing office with its keys, as the worker and the issuing commands do and the web never does."""

import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from app.clock import utc_now
from app.database import open_database, upgrade
from app.deployment_file import remember
from app.mail import smtp_sender
from app.private_file import create_private
from app.setting_values import SettingsError
from app.settings import Settings
from issuer import Issuer, LinkSecret
from issuer.deployment import Deployment
from issuer.office_secret import OfficeSecret
from issuer.outbox import Send
from keys.store import KeyStore


def open_signing_office(settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> Issuer:
    """Open database, key store and link secret of a data folder, making what is not there yet.

    Raises SettingsError without a passphrase file, KeysError for a wrong or readable one.
    """
    settings.dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = _open_keys(settings)
    remember(settings.dir, base_url=settings.base_url, demo=settings.demo)
    engine = open_database(settings.database_url)
    upgrade(engine)
    return Issuer(
        engine,
        base_url=settings.base_url,
        clock=clock,
        keys=keys,
        links=LinkSecret.open(settings.dir / "link-secret"),
        secret=OfficeSecret.open(settings.dir / "office-secret"),
        demonstration=settings.demo,
    )


def open_reading_office(settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> Issuer:
    """Open the database of a data folder that is in use, without keys and without changing anything."""
    return Issuer(open_database(settings.database_url), base_url=settings.base_url, clock=clock)


def open_audit(settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> Deployment:
    """Open the database of a data folder with the secret that seals the audit, for checking it."""
    secret = OfficeSecret.open(settings.dir / "office-secret")
    return Deployment(open_database(settings.database_url), settings.base_url, clock, secret=secret)


def mail_sender(settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> Send | None:
    """Make what hands mails to the server; None without a server: mails then wait in the outbox."""
    if not settings.smtp_url:
        return None
    return smtp_sender(settings.smtp_url, sender=settings.mail_from, clock=clock)


def make_passphrase(path: Path) -> None:
    """Write a passphrase of chance for a demonstration, readable by its owner alone, unless there is one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    create_private(path, secrets.token_urlsafe(32) + "\n")


def _open_keys(settings: Settings) -> KeyStore:
    passphrase = settings.passphrase_file
    if not passphrase.exists():
        raise SettingsError(
            "no_passphrase",
            f"There is no passphrase file at {passphrase}. Make one and keep a copy in a safe place: "
            f"(umask 077; head -c 32 /dev/urandom | base64 > {passphrase})",
        )
    folder = settings.dir / "keys"
    if (folder / "store.json").exists():
        return KeyStore.open(folder, passphrase_file=passphrase)
    return KeyStore.create(folder, passphrase)
