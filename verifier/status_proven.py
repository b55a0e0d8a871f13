"""Remembers which status lists were proven, byte for byte, and which keys that rested on.

Thousands of badges share a list. That its signature fits depends on its text, on what is asked of it, and on
what the issuer says of its keys: of nothing else, and of no clock. So the text is proven once, and every key
question that was asked then is asked again each time; another answer, or a text that differs in one byte,
has it proven anew. Its period, and whether a newer list was seen, are judged each time (`status_lists`).
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from keys import PublicKey
from ob3.status_list import BitstringStatusList
from verifier.issuer_keys import IssuerKeys, LearnedKey
from verifier.report import Outcome

Document = Mapping[str, Any]
_ENTRIES = 32
_LONGEST_TEXT = 256 * 1024  # characters: a list of 4,000,000 entries of which one in a hundred is set
_LONGEST_LIST = 4 * 2**20  # entries, so half a megabyte of bits


@dataclass(frozen=True)
class ProvenList:
    """A list as it was proven: the credential around it, the proof that fits, and its bits."""

    document: Document
    proof: Document
    bits: BitstringStatusList


@dataclass(frozen=True)
class Question:
    """One question about a key, which can be asked again, and the answer as far as a proof rests on it."""

    ask: Callable[[IssuerKeys], LearnedKey]
    outcome: Outcome
    public_key: PublicKey | None

    def has_the_same_answer(self, keys: IssuerKeys) -> bool:
        """Tell whether the issuer's statements say of the key today what they said then."""
        learned = self.ask(keys)
        return (learned.check.outcome, learned.public_key) == (self.outcome, self.public_key)


@dataclass(frozen=True, kw_only=True)
class AskedKeys(IssuerKeys):
    """Answer as `IssuerKeys` does, and note what was asked."""

    asked: list[Question] = field(default_factory=list)

    @classmethod
    def of(cls, keys: IssuerKeys) -> "AskedKeys":
        """Ask these keys."""
        return cls(
            sources=keys.sources,
            trust=keys.trust,
            memory=keys.memory,
            given=keys.given,
            now=keys.now,
            purpose=keys.purpose,
        )

    def learn(self, issuer: str, verification_method: str, *, purpose: str | None = None) -> LearnedKey:
        """Answer for the key of a verification method."""
        asked_for = purpose or self.purpose
        learned = super().learn(issuer, verification_method, purpose=purpose)
        return self._noted(learned, lambda keys: keys.learn(issuer, verification_method, purpose=asked_for))

    def learn_for_jwt(self, issuer: str, kid: str | None, jwk: Mapping[str, object] | None) -> LearnedKey:
        """Answer for the key that a token names."""
        learned = super().learn_for_jwt(issuer, kid, jwk)
        return self._noted(learned, lambda keys: keys.learn_for_jwt(issuer, kid, jwk))

    def _noted(self, learned: LearnedKey, ask: Callable[[IssuerKeys], LearnedKey]) -> LearnedKey:
        self.asked.append(Question(ask, learned.check.outcome, learned.public_key))
        return learned


class ProvenLists:
    """Remember the last few lists that were proven. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lists: OrderedDict[Hashable, tuple[ProvenList, tuple[Question, ...]]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, keys: IssuerKeys) -> ProvenList | None:
        """Give what was proven under a key, if every question about a key has the answer that it had."""
        with self._lock:
            if key not in self._lists:
                return None
            self._lists.move_to_end(key)
            proven, questions = self._lists[key]
        return proven if all(one.has_the_same_answer(keys) for one in questions) else None

    def put(self, key: Hashable, text: str, proven: ProvenList, asked: AskedKeys) -> None:
        """Remember a list, unless it is very long, and forget the one that was longest not asked for."""
        if len(text) > _LONGEST_TEXT or proven.bits.length > _LONGEST_LIST or not asked.asked:
            return
        with self._lock:
            self._lists[key] = (proven, tuple(asked.asked))
            self._lists.move_to_end(key)
            if len(self._lists) > _ENTRIES:
                self._lists.popitem(last=False)
