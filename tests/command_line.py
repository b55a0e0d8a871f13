"""Call the command line inside this process, as a shell would: arguments, environment, standard input."""

import contextlib
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from demonstration import environment, folder_in

from app.cli import main


@dataclass(frozen=True)
class Called:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def said(self):
        return self.out + self.err


def call(*arguments, stdin=b"", **settings):
    """Run `testamur` with these arguments and no other settings than these."""
    folder = folder_in(arguments) or settings.get("TESTAMUR_DIR")
    out, err = _Stream(), _Stream()
    with (
        mock.patch.dict(os.environ, environment(folder, **settings), clear=True),
        mock.patch.object(sys, "argv", ["testamur", *map(str, arguments)]),
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin))),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            status = ended.code
    return Called(status, out.getvalue(), err.getvalue())


class _Stream(io.StringIO):
    encoding = "utf-8"


PASSPHRASE = "correct horse battery staple of the tests"
INSTITUTION = """
slug: uef
name: Example University of Economics and Finance
names: {vi: Trường Đại học Kinh tế - Tài chính Ví dụ}
country: VN
locality: Hà Nội
url: https://www.example.edu.vn
email: microcredentials@example.edu.vn
signatory: {name: Trần Quốc Bảo, role: Vice-Rector for Academic Affairs}
"""


def make_office(folder: Path, *, passphrase=PASSPHRASE, **settings):
    """Register one institution with its key in a new data folder; give the folder."""
    folder.mkdir(mode=0o700)
    secret = folder / "passphrase"
    secret.write_text(passphrase)
    secret.chmod(0o600)
    described = folder.parent / "uef.yaml"
    described.write_text(INSTITUTION, encoding="utf-8")
    made = call("keys", "create", described, "--dir", folder, **settings)
    assert made.status == 0, made.said
    return folder
