"""A document of a batch is written as it would be by itself, whatever its texts say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.same_in_all import SameInAll
from ob3 import Ob3Error
from ob3.strict_json import dump

TRAPS = ['"issuer":null', '"achievement":null', '\\"achievement":null,', "null", "Nguyễn Thị Minh Anh", ""]
writable = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20)
texts = st.one_of(st.sampled_from(TRAPS), writable)
objects = st.recursive(
    st.one_of(texts, st.none(), st.integers(-9, 9)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=8,
)


def document(name, issuer, achievement, **more):
    subject = {"name": name, "achievement": achievement, "result": [{"value": name}]}
    return {"@context": ["https://example.org"], "issuer": issuer, "credentialSubject": subject, **more}


@given(objects, objects, st.lists(texts, min_size=1, max_size=4))
def test_each_is_written_as_if_it_stood_alone(issuer, achievement, names):
    same = SameInAll()
    for name in names:
        one = document(name, issuer, achievement, refreshService={"id": name})
        assert same.written(one) == dump(one)
        assert one == document(name, issuer, achievement, refreshService={"id": name})


@pytest.mark.parametrize("first", [False, True])
def test_what_cannot_be_written_is_refused_and_the_others_are_not(first):
    same = SameInAll()
    good, bad = document("Anh", {"id": "a"}, {"id": "b"}), document("A\x01", {"id": "a"}, {"id": "b"})
    if not first:
        assert same.written(good) == dump(good)
    with pytest.raises(Ob3Error):
        same.written(bad)
    assert same.written(good) == dump(good)
    assert same.written(document("Bình", {"id": "a"}, {"id": "b"})) == dump(
        document("Bình", {"id": "a"}, {"id": "b"})
    )
