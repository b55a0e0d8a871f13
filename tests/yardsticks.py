"""Computing time as a ratio: what some work costs, in units of a fixed piece of Python run beside it."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def yardsticks(work: Callable[[], object]) -> float:
    """Give what `work` costs in yardsticks; one is some 0.1 s of an ordinary machine of 2025.

    The yardstick is laid on before and after, so that a slow or busy machine slows both alike, and
    nothing is collected meanwhile: what thousands of other tests left behind is nobody's cost here.
    """
    with _no_garbage():
        before = _seconds(_yardstick)
        cost = _seconds(work)
        after = _seconds(_yardstick)
    return 2 * cost / (before + after)


def _yardstick() -> None:
    words: dict[str, int] = {}
    for number in range(350_000):
        word = str(number % 5_000)
        words[word] = words.get(word, 0) + len(word)


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


@contextmanager
def _no_garbage() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
