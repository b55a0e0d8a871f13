"""Write who is named in a badge: organisations with their addresses, and the learner."""

from __future__ import annotations

import copy
from typing import Any

from microcredential import vocabulary
from microcredential.elm.losses import Part
from microcredential.elm.writer import Node, Writer, present, single

_EXTENSION = "ext:"
_LINE = ("streetAddress", "postOfficeBoxNumber", "postalCode", "addressLocality", "addressRegion")
_DEEPEST_PARENT = 3


class Organisations:
    """Write each organisation once: what names it again must say the same, or the difference is lost."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._known: dict[str, tuple[Any, Node]] = {}

    def write(self, profile: Part, *, depth: int = 0) -> Node | None:
        """Write a Profile as an Organisation; None where there is none."""
        if not profile:
            return None
        iri = profile.iri()
        if iri in self._known:
            given, written = self._known[iri]
            profile.same_as(given)
            return copy.deepcopy(written)
        written = self._organisation(profile, iri or self._writer.new_id("org"), depth)
        self._known[written["id"]] = (profile.value, written)
        return copy.deepcopy(written)

    def repeat(self, profile: Part) -> None:
        """Take of a profile what is written already; nothing is written for it."""
        given, _ = self._known.get(str(profile["id"].value), (None, None))
        profile.same_as(given)

    def _organisation(self, profile: Part, iri: str, depth: int) -> Node:
        writer = self._writer
        profile.types("Profile", "Issuer")
        name, url = profile["name"].words(), profile["url"].words()
        parent = self.write(profile["parentOrg"], depth=depth + 1) if depth < _DEEPEST_PARENT else None
        description = profile["description"].words()
        return present(
            {
                "id": iri,
                "type": "Organisation",
                "legalName": writer.spoken(name) if name else None,
                "identifier": single([self._identifier(one) for one in profile.each("otherIdentifier")]),
                "homepage": writer.web_resource(url) if url else None,
                "additionalNote": writer.note(writer.spoken(description)) if description else None,
                "contactPoint": self._contact(profile),
                "location": self._location(profile["address"]),
                "subOrganizationOf": parent,
            }
        )

    def _identifier(self, entry: Part) -> Node:
        entry.types("IdentifierEntry")
        kind = entry["identifierType"].words()
        return self._writer.identifier(entry["identifier"].words(), kind.removeprefix(_EXTENSION))

    def _contact(self, profile: Part) -> Node | None:
        email, phone, office = (profile[term].words() for term in ("email", "phone", "official"))
        if not (email or phone or office):
            return None
        writer = self._writer
        return present(
            {
                "id": writer.new_id("contactPoint"),
                "type": "ContactPoint",
                "description": writer.spoken(office) if office else None,
                "emailAddress": {"id": f"mailto:{email}", "type": "Mailbox"} if email else None,
                "phone": {"id": writer.new_id("phone"), "type": "Phone", "phoneNumber": phone}
                if phone
                else None,
            }
        )

    def _location(self, address: Part) -> Node | None:
        if not address:
            return None
        writer = self._writer
        address.types("Address")
        country = vocabulary.countries().get(str(address["addressCountryCode"].value))
        if country:
            address["addressCountryCode"].words()
        line = list(dict.fromkeys(filter(None, (address[term].words() for term in _LINE))))
        line += [name] if (name := address["addressCountry"].words()) else []
        if not line and not country:
            return None
        if line:
            address.change("Street, place and region stand in one line: the model has no members for them.")
        return {
            "id": writer.new_id("location"),
            "type": "Location",
            "address": present(
                {
                    "id": writer.new_id("address"),
                    "type": "Address",
                    "countryCode": writer.known_concept(country.iri) if country else None,
                    "fullAddress": writer.note(writer.spoken(", ".join(line))) if line else None,
                }
            ),
        }


def write_learner(subject: Part, writer: Writer) -> Node:
    """Write the learner as a Person, without the claims."""
    subject.types("AchievementSubject", "Profile")
    identities = [one for one in subject.each("identifier") if one["hashed"].value is not True]
    names = [one for one in identities if one["identityType"].value == "name"]
    full = subject["name"].words()
    if not full and names:
        full = _identity(names.pop(0), writer)["notation"]
    middle = subject["additionalName"]
    if middle and str(middle.value) in full and middle.words():
        middle.change("It stands only within the full name: the model has no member for it.")
    given, family = subject["givenName"].words(), subject["familyName"].words()
    taken = [one for one in identities if one not in names and one["identityType"].value != "name"]
    return present(
        {
            "id": subject["id"].words() or writer.new_id("person"),
            "type": "Person",
            "fullName": writer.spoken(full) if full else None,
            "givenName": writer.spoken(given) if given else None,
            "familyName": writer.spoken(family) if family else None,
            "identifier": single([_identity(one, writer) for one in (*taken, *names)]),
        }
    )


def _identity(one: Part, writer: Writer) -> Node:
    one.types("IdentityObject")
    one["hashed"].repeats(False)
    return writer.identifier(one["identityHash"].words(), one["identityType"].words())
