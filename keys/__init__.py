"""Keys that sign and check credentials, their Multikey, JWK and DID spellings; the store is `keys.store`.

>>> from keys import SecretKey
>>> key = SecretKey.from_seed(bytes(32))
>>> key.public_key.did_key
'did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp'
>>> key.public_key.verify(key.signer().sign(b"badge"), b"badge")
True
"""

from keys.errors import KeysError
from keys.public_key import PublicKey
from keys.secret_key import SecretKey
from keys.signer import Signer

__all__ = ["KeysError", "PublicKey", "SecretKey", "Signer"]
