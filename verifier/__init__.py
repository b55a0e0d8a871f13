"""Answers one question about any credential, ours or foreign: is it good? No database, no secret keys."""

from verifier.errors import VerifierError
from verifier.memory import InMemory, Memory
from verifier.policy import DEFAULT, Policy
from verifier.report import Check, Endorsement, IssuerTrust, Outcome, VerificationReport
from verifier.trust import TrustEntry, TrustList
from verifier.verdict import Verdict
from verifier.verifier import Verifier

__all__ = [
    "DEFAULT",
    "Check",
    "Endorsement",
    "InMemory",
    "IssuerTrust",
    "Memory",
    "Outcome",
    "Policy",
    "TrustEntry",
    "TrustList",
    "Verdict",
    "VerificationReport",
    "Verifier",
    "VerifierError",
]
