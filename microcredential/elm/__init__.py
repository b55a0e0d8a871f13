"""The European Learning Model beside the badge: export with an account of what is lost, seal, import.

>>> export = elm_document(credential)  # doctest: +SKIP
>>> sealed = seal(export.document, signer=signer, certificate_chain=chain, signed_at=now)  # doctest: +SKIP
"""

from microcredential.elm.definition import elm_definition
from microcredential.elm.export import ElmExport, elm_document
from microcredential.elm.jades import seal, with_legal_identifier
from microcredential.elm.losses import Loss
from microcredential.elm.reading import read_elm

__all__ = ["ElmExport", "Loss", "elm_definition", "elm_document", "read_elm", "seal", "with_legal_identifier"]
