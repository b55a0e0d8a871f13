"""`testamur serve`: the web process; it holds no signing key."""

from pathlib import Path

import click

from app.commands.options import data_folder, read_settings
from app.serving import serve_web


@click.command()
@click.option("--host", help="Address to listen on. Default: TESTAMUR_HOST, else 127.0.0.1.")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port to listen on. Default: TESTAMUR_PORT, else 8080."
)
@data_folder
def serve(host: str | None, port: int | None, folder: Path | None) -> None:
    """Serve the pages; what must be signed is left to `testamur worker`."""
    settings = read_settings(folder, host=host, port=port)
    click.echo(f"Serving {settings.base_url} on {settings.host}:{settings.port}; stop with Ctrl-C.", err=True)
    serve_web(settings)
