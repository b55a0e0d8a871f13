"""The parts of varied badges: every class of Open Badges 3.0 with all of its optional members, or some."""

import random
from collections.abc import Callable
from typing import Any

from simulator import EXTENSIONS, OB3, VC2, Issuer
from varied_words import Words

from ob3.jws import credential_jwt

NUMBERS = (0, 0.5, 3, 3.0, 7.25, 0.1, 1 / 3, 1e21, 1.5e300, 1.5e-7, 2**53 - 1, 123456789, 1e-6, 100)
SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
_PICTURE = "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4="
TEXTS_OF_A_PROFILE = (
    "phone",
    "description",
    "official",
    "familyName",
    "givenName",
    "additionalName",
    "patronymicName",
    "honorificPrefix",
    "honorificSuffix",
    "familyNamePrefix",
)


class Draft:
    """What chance makes of one badge; `endorser` is who praises in it."""

    def __init__(self, number: int, script: str, *, endorser: Issuer, token: bool) -> None:
        self.number, self.endorser, self.token = number, endorser, token
        self.chance = random.Random(number)  # noqa: S311 - reproducible variety, no secret
        self.words = Words(script, self.chance)
        self.full = number % 6 == 0 or token
        self.endorsements = 0
        self._counted = 0
        self.base = f"https://varied.example/{number}"

    def some(self, **members: Callable[[], Any]) -> dict[str, Any]:
        """Give all of these optional members, or some."""
        return {name: make() for name, make in members.items() if self.full or self.chance.random() < 0.35}

    def count(self) -> int:
        """Give a number that no other part of this badge has."""
        self._counted += 1
        return self._counted

    def several(self, make: Callable[[int], Any]) -> Any:
        """Give one thing, alone or in a list, or two or three."""
        count = self.chance.randint(0, 3)
        return make(0) if count == 0 else [make(at) for at in range(count)]

    def text(self) -> str:
        return self.words.text()

    def moment(self, year: int = 2026) -> str:
        """Give a time in January, with any zone and any fraction that XML Schema knows."""
        day, hour = self.chance.randint(1, 28), self.chance.randint(0, 23)
        fraction = self.chance.choice(("", "", ".5", ".123", ".000001", ".123456789"))
        zone = self.chance.choice(("Z", "Z", "+07:00", "-03:30", "+00:00", "+05:45", "-11:00", "+14:00"))
        return f"{year}-01-{day:02d}T{hour:02d}:15:59{fraction}{zone}"

    def number_of(self) -> float:
        return self.chance.choice(NUMBERS)

    def proof_members(self) -> dict[str, Any]:
        made = self.some(
            id=lambda: f"urn:uuid:00000000-0000-4000-8000-{self.number:012d}",
            expires=lambda: "2090-01-01T00:00:00Z",
            challenge=self.text,
            domain=lambda: "check.example",
        )
        return made if self.chance.random() < 0.5 else {}

    def image(self) -> dict[str, Any]:
        where = self.chance.choice((f"{self.base}/picture.png", _PICTURE))
        return {"id": where, "type": "Image", **self.some(caption=self.text)}

    def alignment(self, at: int = 0) -> dict[str, Any]:
        kinds = ("ceasn:Competency", "ceterms:Credential", "CFItem", "CFRubric", "CTDL", "ext:of.ours")
        return {
            "type": ["Alignment"],
            "targetName": self.text(),
            "targetUrl": f"https://frameworks.example/{self.number}/{at}?a=b&c=%C4%8D",
            **self.some(
                targetCode=self.text,
                targetDescription=self.text,
                targetFramework=self.text,
                targetType=lambda: self.chance.choice(kinds),
            ),
        }

    def geo(self) -> dict[str, Any]:
        latitude = self.chance.choice((0, -90, 89.999999, 21.028511, -33.9, 0.1))
        longitude = self.chance.choice((105.804817, -180, 0.0, -0.0, 1.5e-7, 14))
        return {"type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}

    def address(self) -> dict[str, Any]:
        names = ("addressCountry", "addressRegion", "addressLocality", "streetAddress")
        names += ("postOfficeBoxNumber", "postalCode")
        return {
            "type": ["Address"],
            **self.some(**dict.fromkeys(names, self.text)),
            **self.some(addressCountryCode=lambda: self.chance.choice(("VN", "CZ", "LA")), geo=self.geo),
        }

    def identifier_entry(self, at: int = 0) -> dict[str, Any]:
        kind = self.chance.choice(("sourcedId", "isbn", "identifier", "ext:register"))
        return {"type": "IdentifierEntry", "identifier": f"{self.words.one()} {at}", "identifierType": kind}

    def identity(self, at: int = 0) -> dict[str, Any]:
        if self.full or self.chance.random() < 0.5:
            hashed = {"identityHash": "sha256$" + f"{self.number:064x}", "salt": self.text()}
            return {"type": "IdentityObject", "hashed": True, "identityType": "emailAddress", **hashed}
        plain = {"identityHash": f"{self.words.one()} {at}", "identityType": "ext:student.card"}
        return {"type": "IdentityObject", "hashed": False, **plain}

    def profile(self, id: str | None = None, *, depth: int = 2) -> dict[str, Any]:
        """Give a profile; with depth it may have a parent organisation and an endorsement."""
        own = id or f"https://varied.example/profiles/{self.number}/{self.count()}"
        made = {
            "id": own,
            "type": ["Profile"],
            **self.some(name=self.text, **dict.fromkeys(TEXTS_OF_A_PROFILE, self.text)),
            **self.some(
                url=lambda: "https://varied.example/",
                email=lambda: "office@varied.example",
                image=self.image,
                address=self.address,
                otherIdentifier=lambda: self.several(self.identifier_entry),
                dateOfBirth=lambda: f"19{self.number % 90 + 10}-02-28",
            ),
        }
        if depth:
            made |= self.some(parentOrg=lambda: self.profile(depth=depth - 1), **self.praise(own))
        return made

    def praise(self, of: str) -> dict[str, Callable[[], Any]]:
        """Give what may make endorsements of something, as long as there are few."""
        made: dict[str, Callable[[], Any]] = {}
        if self.endorsements < 2:
            self.endorsements += 1
            made["endorsement"] = lambda: self.endorsement(of)
        if self.token and self.endorsements < 5:
            self.endorsements += 1
            signer = self.endorser.key.signer()
            made["endorsementJwt"] = lambda: [
                credential_jwt(self.endorsement(of, signed=False), signer=signer)
            ]
        return made

    def endorsement(self, of: str, *, signed: bool = True) -> dict[str, Any]:
        """Give an endorsement by somebody else, with the optional members of one."""
        by = self.endorser
        members = self.some(
            description=self.text,
            awardedDate=self.moment,
            validUntil=lambda: self.moment(2090),
            credentialSchema=lambda: [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
            credentialStatus=lambda: by.entry(self.number),
            refreshService=lambda: {
                "id": "https://varied.example/refresh",
                "type": "1EdTechCredentialRefresh",
            },
            termsOfUse=lambda: {"id": "https://varied.example/terms", "type": "https://varied.example/Terms"},
            evidence=lambda: self.several(self.evidence),
        )
        comment = self.some(endorsementComment=self.text)
        made = {
            "@context": [VC2, OB3, EXTENSIONS],
            "id": f"urn:uuid:{self.number:08d}-0000-4000-9000-{self.count():012d}",
            "type": ["VerifiableCredential", "EndorsementCredential"],
            "name": self.text(),
            "issuer": by.did if self.chance.random() < 0.3 else self.profile(by.did, depth=0),
            "validFrom": self.moment(),
            "credentialSubject": {"id": of, "type": ["EndorsementSubject"], **comment},
            **members,
        }
        return by.sign(made) if signed else made

    def evidence(self, at: int = 0) -> dict[str, Any]:
        names = ("narrative", "name", "description", "genre", "audience")
        where = {"id": f"{self.base}/work/{at}"} if self.full or self.chance.random() < 0.5 else {}
        return {**where, "type": ["Evidence"], **self.some(**dict.fromkeys(names, self.text))}

    def level(self, at: int) -> dict[str, Any]:
        return {
            "id": f"{self.base}#level-{at}",
            "type": ["RubricCriterionLevel"],
            "name": self.text(),
            **self.some(
                description=self.text, level=self.text, points=lambda: "3.5", alignment=self.alignment
            ),
        }

    def result_description(self, at: int) -> dict[str, Any]:
        kinds = ("LetterGrade", "Percent", "RubricCriterionLevel", "Status", "ext:of.ours")
        return {
            "id": f"{self.base}#result-{at}",
            "type": ["ResultDescription"],
            "name": self.text(),
            "resultType": self.chance.choice(kinds),
            **self.some(
                alignment=lambda: self.several(self.alignment),
                allowedValue=lambda: [self.words.one(), "F", "A", "A"],
                requiredLevel=lambda: f"{self.base}#level-0",
                requiredValue=self.text,
                rubricCriterionLevel=lambda: [self.level(one) for one in range(2)],
                valueMax=lambda: "10",
                valueMin=lambda: "0",
            ),
        }

    def result(self, at: int) -> dict[str, Any]:
        return {
            "type": ["Result"],
            **self.some(
                resultDescription=lambda: f"{self.base}#result-{at}",
                value=self.text,
                status=lambda: self.chance.choice(("Completed", "Enrolled", "Provisional")),
                achievedLevel=lambda: f"{self.base}#level-0",
                alignment=lambda: self.several(self.alignment),
            ),
        }

    def related(self, at: int) -> dict[str, Any]:
        languages = self.some(inLanguage=lambda: self.chance.choice(("vi", "lo-LA", "sr-Cyrl-RS", "es-419")))
        return {
            "id": f"{self.base}/related/{at}",
            "type": ["Related"],
            **languages,
            **self.some(version=self.text),
        }

    def achievement(self) -> dict[str, Any]:
        own = f"{self.base}/achievement"
        return {
            "id": own,
            "type": ["Achievement"],
            "name": self.text(),
            "description": self.text(),
            "criteria": self.some(id=lambda: f"{own}/criteria", narrative=self.text) or {"narrative": "–"},
            **self.some(
                alignment=lambda: self.several(self.alignment),
                achievementType=lambda: self.chance.choice(("Certificate", "Course", "ext:of.ours")),
                creator=self.profile,
                creditsAvailable=self.number_of,
                fieldOfStudy=self.text,
                humanCode=self.text,
                image=self.image,
                inLanguage=lambda: self.chance.choice(("en", "vi", "zh-Hant-TW", "lo")),
                otherIdentifier=lambda: self.several(self.identifier_entry),
                related=lambda: self.several(self.related),
                resultDescription=lambda: [self.result_description(at) for at in range(2)],
                specialization=self.text,
                tag=lambda: [self.text() for _ in range(self.chance.randint(1, 4))],
                version=lambda: "2026-1",
                **self.praise(own),
            ),
        }

    def subject(self) -> dict[str, Any]:
        return {
            "type": ["AchievementSubject"],
            "achievement": self.achievement(),
            "identifier": self.several(self.identity),
            **self.some(
                id=lambda: f"urn:uuid:{self.number:08d}-1c2b-4a37-8f0e-2a9f6f0c4d21",
                activityStartDate=self.moment,
                activityEndDate=lambda: self.moment(2027),
                creditsEarned=self.number_of,
                image=self.image,
                licenseNumber=self.text,
                narrative=self.text,
                result=lambda: [self.result(at) for at in range(2)],
                role=self.text,
                source=lambda: self.profile(depth=0),
                term=self.text,
            ),
        }
