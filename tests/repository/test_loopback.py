"""What the tests' own server keeps open when a browser leaves before it has everything."""

from loopback import in_one_piece


class _Body:
    def __init__(self, *parts):
        self.parts = parts
        self.closed = False

    def __iter__(self):
        return iter(self.parts)

    def close(self):
        self.closed = True


def test_a_file_is_closed_before_the_first_byte_is_sent():
    body = _Body(b"one ", b"two")
    answer = in_one_piece(lambda _environ, _start: body)({}, None)
    assert body.closed
    assert b"".join(answer) == b"one two"


def test_a_body_that_has_nothing_to_close_is_passed_on():
    assert in_one_piece(lambda _environ, _start: [b"one"])({}, None) == [b"one"]
