"""The European Learning Model beside the badge: export with an account of what is lost, seal, import.

>>> export = elm_document(credential)  # doctest: +SKIP
>>> sealed = seal(export.document, signer=signer, certificate_chain=chain, signed_at=now)  # doctest: +SKIP
"""

from microcredential.elm.export import ElmExport, elm_document
from microcredential.elm.jades import seal, with_legal_identifier
from microcredential.elm.losses import Loss

__all__ = ["ElmExport", "Loss", "elm_document", "seal", "with_legal_identifier"]
