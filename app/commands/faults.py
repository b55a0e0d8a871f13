"""Faults in words: the sentence and the exit status of an error that ends a command."""

import errno

from app.setting_values import SettingsError

WRONG_USAGE = 64  # as BSD's sysexits.h names it (EX_USAGE); settings that cannot stand are wrong usage too
REFUSED = 1


def in_words(error: Exception) -> tuple[str, int] | None:
    """Give the sentence and the exit status of an error, or None for a fault of ours.

    Our packages' errors have `code` and `message`; they are known by that, so that `verify` need not import
    the issuing office for its errors.
    """
    if isinstance(getattr(error, "code", None), str) and isinstance(getattr(error, "message", None), str):
        status = WRONG_USAGE if isinstance(error, SettingsError) else REFUSED
        return "\n".join([_sentence(error), *_database_says(error), *_findings(error)]), status
    if isinstance(error, OSError):
        return _of_the_system(error), REFUSED
    if type(error).__module__.split(".")[0] in ("sqlalchemy", "sqlite3", "alembic"):
        return _of_the_database(error), REFUSED
    return None


def _sentence(error: Exception) -> str:
    """Give the message with its place and what to do, where the error knows them (microcredential.errors)."""
    parts = (getattr(error, "path", ""), getattr(error, "message", ""), getattr(error, "fix", ""))
    path, message, fix = (str(part or "") for part in parts)
    return " ".join(part for part in (f"{path}:" if path else "", message, fix) if part)


def _database_says(error: Exception) -> list[str]:
    cause = error.__cause__
    driver = getattr(cause, "orig", None)
    return [f"  The database says: {driver}."] if driver is not None else []


def _findings(error: Exception) -> list[str]:
    """List every reason for which a definition is refused, not only the first."""
    return [f"  {each.id} {each.path}: {each.message} {each.fix}" for each in getattr(error, "findings", ())]


def _of_the_system(error: OSError) -> str:
    what = error.strerror or str(error) or type(error).__name__
    where = f"{error.filename}: " if error.filename else ""
    advice = {
        errno.ENOSPC: " Make room and start again: what was issued is safe.",
        errno.EACCES: " Run this as the account to which the data folder belongs.",
        errno.EROFS: " The data folder must be writable.",
    }.get(error.errno or 0, "")
    return f"{where}{what}.{advice}"


def _of_the_database(error: Exception) -> str:
    """Tell what the driver said, without the statement: that one may hold personal data."""
    said = str(getattr(error, "orig", None) or error).splitlines()[0]
    if type(error).__module__.startswith("alembic"):
        return f"The database does not fit this version of the program ({said}). Use the newer program."
    if type(getattr(error, "orig", None)).__module__.startswith("psycopg"):
        return (
            f"The database cannot be used: {said.rstrip('.')}. Does the server run, and are host, name, user "
            "and password in TESTAMUR_DATABASE_URL right (docs/postgresql.md)?"
        )
    return (
        f"The database cannot be used: {said}. Is the disk full, or the folder not writable? If the file is "
        "damaged, restore a backup."
    )
