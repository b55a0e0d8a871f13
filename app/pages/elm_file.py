"""The certificate as a document of the European Learning Model, unsealed: the web process has no seal."""

from app.pages.office import Pictures
from issuer.records import CredentialRecord
from issuer.shown_text import unsigned_in
from microcredential.elm import elm_document
from microcredential.elm.display import LARGEST_PICTURE
from ob3.strict_json import dump

ELM_FILE = "european-learning-model.jsonld"
ELM_TYPE = "application/ld+json"


def elm_file(pictures: Pictures, record: CredentialRecord) -> bytes:
    """Write the document with the picture of the certificate, which viewers show."""
    picture = pictures.png(record)
    fitting = picture if len(picture) <= LARGEST_PICTURE else None
    return dump(elm_document(unsigned_in(record.text), picture=fitting).document).encode()
