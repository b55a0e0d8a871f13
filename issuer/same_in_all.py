"""Write the documents of a batch: what is the same in all of them is checked and written once."""

from collections.abc import Mapping
from typing import Any

from ob3.strict_json import dump


class SameInAll:
    """Write documents with the same issuer and the same achievement, which are most of each."""

    def __init__(self) -> None:
        self._issuer = self._achievement = ""

    def written(self, document: Mapping[str, Any]) -> str:
        """Give what `dump` gives; raises what that raises."""
        if not self._issuer:
            return self._first(document)
        subject = {**document["credentialSubject"], "achievement": None}
        text = dump({**document, "issuer": None, "credentialSubject": subject})
        # A quotation mark within a text has a backslash before it, so this is the member and nothing else.
        return text.replace('"achievement":null', self._achievement, 1).replace(
            '"issuer":null', self._issuer, 1
        )

    def _first(self, document: Mapping[str, Any]) -> str:
        """Write one as a whole, so that it is refused as a whole for what is wrong with it."""
        text = dump(document)
        self._issuer = f'"issuer":{dump(document["issuer"])}'
        self._achievement = f'"achievement":{dump(document["credentialSubject"]["achievement"])}'
        return text
