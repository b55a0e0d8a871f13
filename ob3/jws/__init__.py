"""Credentials as signed tokens: compact JWS in the VC-JWT forms of Open Badges 3.0.

>>> token = credential_jwt(credential, signer=key.signer())  # doctest: +SKIP
>>> check_jws_signature(read_jws(token), key.public_key)  # doctest: +SKIP
>>> credential_of(read_jws(token)) == credential  # doctest: +SKIP
True
"""

from ob3.jws.claims import ClaimFault, ClaimFinding, lone_expiry
from ob3.jws.compact import Jws, JwsInvalid, check_jws_signature, read_jws
from ob3.jws.credential import check_claims, credential_jwt, credential_of, document_of
from ob3.jws.envelope import enveloped_token

__all__ = [
    "ClaimFault",
    "ClaimFinding",
    "Jws",
    "JwsInvalid",
    "check_claims",
    "check_jws_signature",
    "credential_jwt",
    "credential_of",
    "document_of",
    "enveloped_token",
    "lone_expiry",
    "read_jws",
]
