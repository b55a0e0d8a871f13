"""The VC-API as a suite meets it: an application with it on, and the requests that suites send."""

import copy

from database import settings_for

from app.factory import create_app
from app.settings import Settings

V2, V1 = "https://www.w3.org/ns/credentials/v2", "https://www.w3.org/2018/credentials/v1"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
LEFT_OUT = ...
BASE = "http://127.0.0.1:8080"
KEYS = {
    "eddsa-rdfc-2022": "ed25519",
    "eddsa-jcs-2022": "ed25519",
    "ecdsa-rdfc-2019-p256": "p256",
    "ecdsa-rdfc-2019-p384": "p384",
    "ecdsa-sd-2023": "p256",
    "status": "ed25519",
    "jose": "p256",
}


class Desk:
    """A client of one application with the VC-API on."""

    def __init__(self, folder, *, fetcher=None, **environ):
        values = {"TESTAMUR_DIR": str(folder), **settings_for(folder), "TESTAMUR_VC_API": "on", **environ}
        self.app = create_app(Settings.from_env(values), fetcher=fetcher)
        for limiter in self.app.extensions["limiter"]:
            limiter.enabled = False  # a suite asks more often than one network may
        self.client = self.app.test_client()
        self.dids = self.get("/vc-api").json

    def get(self, path, **headers):
        return self.client.get(path, base_url=BASE, headers=headers)

    def post(self, path, body, **headers):
        return self.client.post(path, json=body, base_url=BASE, headers=headers)

    def did(self, issuer="eddsa-rdfc-2022"):
        return self.dids[KEYS[issuer]]

    def credential(self, by="eddsa-rdfc-2022", /, **changes):
        """Give the least credential, with members changed, or left out where they are LEFT_OUT."""
        made = {
            "@context": [V2, EXAMPLES],
            "type": ["VerifiableCredential"],
            "issuer": self.did(by),
            "credentialSubject": {"id": "did:example:subject", "alumniOf": "Example", "degree": "BSc"},
            **copy.deepcopy(changes),
        }
        return {name: value for name, value in made.items() if value is not LEFT_OUT}

    def issue(self, credential, issuer="eddsa-rdfc-2022", **options):
        return self.post(
            f"/vc-api/{issuer}/credentials/issue", {"credential": credential, "options": options}
        )

    def issued(self, issuer="eddsa-rdfc-2022", credential=None, **options):
        response = self.issue(credential or self.credential(issuer), issuer, **options)
        assert response.status_code == 201, response.text
        return response.json

    def verify(self, secured, **options):
        return self.post("/credentials/verify", {"verifiableCredential": secured, "options": options})

    def verify_presentation(self, presentation, **options):
        return self.post(
            "/presentations/verify", {"verifiablePresentation": presentation, "options": options}
        )


def refused(response):
    """Tell whether an answer is a plain no: 400 or 422 with reasons, never anything else."""
    assert response.status_code in (400, 422), (response.status_code, response.text)
    body = response.json
    assert body.get("verified") is not True
    assert body.get("errors") or body.get("detail")
    return True
