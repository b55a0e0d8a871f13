"""Draw the pictures of the README: a demonstration is made in a temporary folder, served and looked at.

    .venv/bin/python docs/pictures/make.py [FOLDER]

Needs Chromium; CHROMIUM names it if it is not on the path.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
PORT = 8080
BASE_URL = f"http://127.0.0.1:{PORT}"  # stands on the certificates, as it does after `make demo`
TESTAMUR = [sys.executable, "-m", "app.cli"]
PAPER_WIDTH = 1280  # pixels
LARGEST = 150_000  # bytes
# Whose certificates are shown, by what the name of their files begins with.
CERTIFICATES = {"certificate-vietnamese.png": "mc-crs", "certificate-lao.png": "mc-swm"}


def main() -> None:
    """Write every picture into the folder that is named, or beside this script."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        issued = [each for each in _demonstration(folder) if each["state"] == "issued"]
        shown = {picture: _first(issued, stem) for picture, stem in CERTIFICATES.items()}
        for picture, credential in shown.items():
            _write(_paper(Path(credential["pdf"])), target / picture)
        with _serving(folder), _browser() as browser:
            vietnamese, lao = (credential["url"] for credential in shown.values())
            _look(browser, vietnamese, target / "verification.png", width=1000, height=900)
            _look(browser, lao, target / "verification-phone-dark.png", width=390, height=844, dark=True)


def _demonstration(folder: Path) -> list[dict[str, Any]]:
    command = [*TESTAMUR, "demo", "--dir", str(folder), "--port", str(PORT), "--no-serve", "--json"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603
    credentials: list[dict[str, Any]] = json.loads(done.stdout)["credentials"]
    return credentials


def _first(issued: list[dict[str, Any]], stem: str) -> dict[str, Any]:
    return next(each for each in issued if Path(each["pdf"]).name.startswith(stem))


def _paper(pdf: Path) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        picture: Image.Image = page.render(scale=PAPER_WIDTH / page.get_width()).to_pil()
        return picture
    finally:
        document.close()


@contextmanager
def _serving(folder: Path) -> Iterator[None]:
    command = [*TESTAMUR, "serve", "--dir", str(folder), "--port", str(PORT)]
    with subprocess.Popen(command) as process:  # noqa: S603
        try:
            _wait_until_ready()
            yield
        finally:
            process.terminate()


def _wait_until_ready() -> None:
    for _ in range(150):
        try:
            with socket.create_connection(("127.0.0.1", PORT), timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The server did not answer within half a minute.")


@contextmanager
def _browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        raise SystemExit(
            "No Chromium on this machine: install the package chromium, or name one in CHROMIUM."
        )
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        yield playwright.chromium.launch(executable_path=path, args=flags)


def _look(browser: Browser, url: str, path: Path, *, width: int, height: int, dark: bool = False) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        java_script_enabled=False,
    )
    page = context.new_page()
    page.goto(url)
    page.screenshot(path=path)
    context.close()
    with Image.open(path) as picture:
        _write(picture.convert("RGB"), path)


def _write(picture: Image.Image, path: Path) -> None:
    """Write a PNG with no more colours than text needs."""
    few = picture.quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{path} has {path.stat().st_size} bytes; {LARGEST} at most are wanted.")
    print(path, path.stat().st_size)  # noqa: T201


if __name__ == "__main__":
    main()
