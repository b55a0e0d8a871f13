"""An outside world in memory for the fetcher, which notes what was asked of it."""

import httpx
import pytest

from verifier.errors import FetchFailed, FetchRefused
from verifier.fetch import Fetcher

PUBLIC = "93.184.216.34"


class World:
    """An outside world in memory that notes what was asked of it."""

    def __init__(self, answer=None, addresses=(PUBLIC,), **options):
        self.requests = []
        self.lookups = []
        self.answer = answer or (lambda request: httpx.Response(200, content=b"{}"))
        self.addresses = addresses
        self.fetcher = Fetcher(transport=httpx.MockTransport(self.respond), resolve=self.resolve, **options)

    def respond(self, request):
        self.requests.append(request)
        return self.answer(request)

    def resolve(self, host):
        self.lookups.append(host)
        return list(self.addresses)


def refusal(fetcher, url):
    with pytest.raises(FetchRefused) as refused:
        fetcher.get(url, accept="application/json")
    assert refused.value.message.endswith(".")
    return refused.value.code


def failure(fetcher, url="https://a.example/did.json"):
    with pytest.raises(FetchFailed) as failed:
        fetcher.get(url, accept="application/json")
    assert failed.value.message.endswith(".")
    return failed.value.code


def redirecting(*locations):
    """Answer /0, /1, ... with the redirects given, then with 200."""
    chain = dict(enumerate(locations))

    def answer(request):
        step = answer.step
        answer.step += 1
        return (
            httpx.Response(302, headers={"location": chain[step]}) if step in chain else httpx.Response(200)
        )

    answer.step = 0
    return answer
