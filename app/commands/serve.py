"""`testamur serve`: the web process; it holds no signing key."""

from pathlib import Path

import click

from app.commands.options import data_folder, read_settings
from app.serving import prepare_to_serve, serve_web


@click.command()
@click.option("--host", help="Address to listen on. Default: TESTAMUR_HOST, else 127.0.0.1.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    metavar="PORT",
    help="Port to listen on. Default: TESTAMUR_PORT, else as this folder had before, else 8080.",
)
@data_folder
def serve(host: str | None, port: int | None, folder: Path | None) -> None:
    """Serve the pages; what must be signed is left to `testamur worker`.

    Where others reach it, TESTAMUR_BASE_URL and TESTAMUR_SECRET_KEY must be set. Ends with Ctrl-C or
    SIGTERM.
    """
    settings = read_settings(folder, host=host, port=port)
    prepare_to_serve(settings)
    click.echo(f"Serving {settings.base_url} on {settings.host}:{settings.port}; stop with Ctrl-C.", err=True)
    serve_web(settings)
