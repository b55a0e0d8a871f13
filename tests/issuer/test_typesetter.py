"""One compiler a thread, the same page on every thread."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from certificate_samples import CZECH, ENGLISH, LAO

from issuer.certificate import certificate_data, render_certificate
from issuer.errors import IssuerError
from issuer.typesetter import _compiler, typeset


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


def test_data_that_do_not_fit_the_template_are_refused():
    with pytest.raises(IssuerError) as refused:
        typeset("badge.typ", {"lang": "en"}, form="png")
    assert refused.value.code == "page_refused"
