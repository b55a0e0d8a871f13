"""One compiler a thread, the same page on every thread."""

import errno
import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from certificate_samples import CZECH, ENGLISH, LAO

from issuer.certificate import certificate_data, render_certificate
from issuer.errors import IssuerError
from issuer.typesetter import _compiler, _desk, typeset


def test_keeps_one_compiler_for_each_thread_and_template():
    here = _compiler("certificate.typ")
    assert _compiler("certificate.typ") is here
    assert _compiler("badge.typ") is not here
    with ThreadPoolExecutor(1) as other:
        assert other.submit(_compiler, "certificate.typ").result() is not here


def test_threads_give_the_same_bytes():
    data = [certificate_data(sample) for sample in (ENGLISH, LAO, CZECH)] * 3
    alone = [render_certificate(each, "{}") for each in data]
    with ThreadPoolExecutor(3) as several:
        assert list(several.map(lambda each: render_certificate(each, "{}"), data)) == alone


def test_a_page_is_the_same_whatever_was_set_before_it():
    data = [certificate_data(sample) for sample in (ENGLISH, LAO, CZECH)]
    first = [render_certificate(each, "{}") for each in data]
    for number in range(3):
        other = {**data[0], "learner": {**data[0]["learner"], "name": f"Somebody Else {number}"}}
        assert render_certificate(other, '{"other": true}') not in first
        assert [render_certificate(each, "{}") for each in reversed(data)] == first[::-1]


def test_nothing_of_a_learner_stays_in_the_folder():
    folder = _desk().folder
    assert folder.stat().st_mode & 0o077 == 0
    for data in (certificate_data(ENGLISH), {"lang": "en"}):
        try:
            render_certificate(data, "{}")
        except IssuerError as refused:
            assert refused.code == "page_refused"  # noqa: PT017  (the second, and it leaves nothing either)
        assert {one.suffix for one in folder.iterdir()} == {".typ"}


def test_a_forked_process_writes_into_a_folder_of_its_own_and_leaves_ours():
    ours = _desk().folder
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, str(_desk().folder).encode())
        os._exit(0)
    os.waitpid(child, 0)
    theirs = os.read(reading, 1000).decode()
    assert theirs
    assert theirs != str(ours)
    assert (ours / "certificate.typ").exists()
    shutil.rmtree(theirs)


def test_without_a_place_for_its_data_a_page_is_refused(monkeypatch):
    def full(*_given, **_named):
        raise OSError(errno.ENOSPC, "No space left on device")

    data = certificate_data(ENGLISH)
    with monkeypatch.context() as patched:
        patched.setattr("pathlib.Path.write_text", full)
        with pytest.raises(IssuerError) as refused:
            render_certificate(data, "{}")
    assert refused.value.code == "page_storage"
    assert render_certificate(data, "{}").startswith(b"%PDF")


def test_the_folder_of_a_thread_goes_with_it():
    with ThreadPoolExecutor(1) as other:
        folder = other.submit(lambda: _desk().folder).result()
        assert folder.exists()
    assert not folder.exists()


def test_data_that_do_not_fit_the_template_are_refused():
    with pytest.raises(IssuerError) as refused:
        typeset("badge.typ", {"lang": "en"}, form="png")
    assert refused.value.code == "page_refused"
