"""`testamur serve`: the web process; it holds no signing key."""

import os
from pathlib import Path

import click

from app.clock import utc_now
from app.commands.options import WrongUsage, data_folder, read_settings
from app.self_signed import self_signed
from app.serving import prepare_to_serve, serve_web
from app.settings import Settings


@click.command()
@click.option("--host", help="Address to listen on. Default: TESTAMUR_HOST, else 127.0.0.1.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    metavar="PORT",
    help="Port to listen on. Default: TESTAMUR_PORT, else as this folder had before, else 8080.",
)
@click.option(
    "--tls-self-signed",
    "tls",
    is_flag=True,
    help="Serve by https on a loopback address, with a certificate kept in DIR/tls.",
)
@data_folder
def serve(host: str | None, port: int | None, folder: Path | None, tls: bool) -> None:
    """Serve the pages; what must be signed is left to `testamur worker`.

    Where others reach it, TESTAMUR_BASE_URL and TESTAMUR_SECRET_KEY must be set. Ends with Ctrl-C or
    SIGTERM.
    """
    settings = read_settings(folder, host=host, port=port)
    if tls:
        settings = _by_https(settings, folder)
    prepare_to_serve(settings)
    files = self_signed(settings.dir, utc_now()) if tls else None
    click.echo(f"Serving {settings.base_url} on {settings.host}:{settings.port}; stop with Ctrl-C.", err=True)
    serve_web(settings, tls=files)


def _by_https(settings: Settings, folder: Path | None) -> Settings:
    """Give the settings with an https address; raises WrongUsage where others reach the service."""
    if not settings.on_loopback:
        raise WrongUsage(
            "--tls-self-signed is for loopback addresses: nobody else can trust its certificate."
        )
    if settings.secure:
        return settings
    if os.environ.get("TESTAMUR_BASE_URL", "").strip():
        raise WrongUsage("With --tls-self-signed, TESTAMUR_BASE_URL must begin with https:// or be left out.")
    address = "https" + settings.base_url.removeprefix("http")
    return read_settings(folder, host=settings.host, port=settings.port, base_url=address)
