"""A real SMTP server on loopback that accepts, refuses, cuts and delays, with TLS where a test wants it."""

import asyncio
import socket
import ssl
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography.hazmat.primitives import serialization
from free_ports import free_port
from tls_world import certificate

_PEM = serialization.Encoding.PEM
CUT_BEFORE, CUT_AFTER = "cut before the message", "cut after the message"


@dataclass
class SmtpWorld:
    """What the server does and has seen; `decide(command, address, message_id)` gives an answer or None.

    Commands are MAIL, RCPT and DATA; an answer is a line such as "451 later", or one of the cuts for DATA.
    """

    decide: Callable[..., str | None] = lambda command, address, message_id: None
    delay: float = 0.0
    delivered: list = field(default_factory=list)  # (recipient, Message-ID) as taken for good
    tried: list = field(default_factory=list)  # (recipient, Message-ID, what became of it)
    messages: list = field(default_factory=list)
    envelopes: list = field(default_factory=list)
    connections: int = 0
    signed_in: list = field(default_factory=list)
    port: int = 0
    trusted: ssl.SSLContext | None = None

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def connect(self, address, timeout):
        """Reach the server whatever its name: what a resolver would do for mail.example.edu."""
        return socket.create_connection(("127.0.0.1", self.port), timeout)


class _Handler:
    def __init__(self, world):
        self.world = world

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.world.connections += not session.ssl
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.world.delay:
            await asyncio.sleep(self.world.delay)
        if answer := self.world.decide("MAIL", address, None):
            return answer
        envelope.mail_from, envelope.mail_options = address, options
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if answer := self.world.decide("RCPT", address, None):
            self.world.tried.append((address, None, answer))
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content, policy=default)
        (recipient,), message_id = envelope.rcpt_tos, message["Message-ID"]
        answer = self.world.decide("DATA", recipient, message_id)
        self.world.tried.append((recipient, message_id, answer))
        if answer == CUT_BEFORE:
            server.transport.abort()
            return "451 cut"
        if answer and answer != CUT_AFTER:
            return answer
        self.world.delivered.append((recipient, message_id))
        self.world.messages.append(message)
        self.world.envelopes.append(envelope)
        if answer == CUT_AFTER:
            server.transport.abort()
        return "250 2.0.0 taken as 4711"


@contextmanager
def smtp_world(*, tls_for: str | None = None, users: dict | None = None, utf8: bool = True, **options):
    """Run the server; `tls_for` offers STARTTLS with a certificate for that name, `users` asks for AUTH."""
    world = SmtpWorld(**options)
    server_tls = None
    if tls_for:
        server_tls, world.trusted = _contexts(tls_for)

    def authenticate(_server, _session, _envelope, mechanism, data):
        world.signed_in.append(data.login.decode())
        good = users is not None and users.get(data.login.decode()) == data.password.decode()
        return AuthResult(success=good, handled=good)

    class _Controller(Controller):
        def factory(self):
            return SMTP(
                self.handler,
                hostname="mail.tests",
                tls_context=server_tls,
                enable_SMTPUTF8=utf8,
                authenticator=authenticate if users is not None else None,
                auth_required=users is not None,
            )

    controller = _Controller(_Handler(world), hostname="127.0.0.1", port=free_port())
    controller.start()
    world.port = controller.port
    try:
        yield world
    finally:
        controller.stop()


def _contexts(name) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Make what the server proves its name with, and what trusts the authority behind it."""
    authority, authority_key = certificate("Test authority")
    leaf, key = certificate(name, issuer=authority, issuer_key=authority_key)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "both.pem"
        secret = key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        path.write_bytes(leaf.public_bytes(_PEM) + secret)
        server.load_cert_chain(path)
    client = ssl.create_default_context(cadata=authority.public_bytes(_PEM).decode())
    return server, client
