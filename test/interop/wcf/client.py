"""Sends what WCF sends, over TLS with the host name checked, on one connection."""
import http.client
import os
import ssl
from urllib.parse import urlsplit

from .names import CANCEL, ISSUE, RENEW
from .replies import read_reply
from .requests import cancel_body, envelope, issue_body, local_id, renew_body, urn, username_token
from .security import KEY_BYTES, sign_with_lxml, timestamp, unsigned_signature, window


class Client:
    def __init__(self, base, ca_file, user, password, operation):
        self.to = base.rstrip("/") + operation.path
        self.user = user
        self.password = password
        self.operation = operation
        place = urlsplit(self.to)
        trust = ssl.create_default_context(cafile=ca_file)
        self.connection = http.client.HTTPSConnection(place.hostname, place.port, context=trust, timeout=60)

    def post(self, message, message_id):
        self.connection.request(
            "POST",
            self.operation.path,
            message.encode(),
            {"Content-Type": "application/soap+xml; charset=utf-8"},
        )
        response = self.connection.getresponse()
        return read_reply(response.status, response.getheader("Content-Type"), response.read(), message_id)

    def username_token(self, password=None):
        return username_token(self.user, password or self.password, local_id())

    def issue(self, *, password=None, entropy_bytes=KEY_BYTES, stamp=None):
        """The answer, and the entropy that was sent. `stamp` is a Timestamp in place of the right one."""
        entropy = os.urandom(entropy_bytes)
        message_id = urn()
        security = [timestamp(*window()) if stamp is None else stamp, self.username_token(password)]
        body = issue_body(entropy, local_id())
        return self.post(envelope(ISSUE, self.to, security, body, message_id=message_id), message_id), entropy

    def call(self, session, number, **options):
        """The options of `send` serve to do it wrongly."""
        return self.send(session, self.operation.action, self.operation.body(number), **options)

    def renew(self, session):
        entropy = os.urandom(KEY_BYTES)
        body = renew_body(entropy, local_id(), session)
        return self.send(session, RENEW, body, supporting=[self.username_token()]), entropy

    def cancel(self, session):
        return self.send(session, CANCEL, cancel_body(session), reply=False)

    def send(
        self,
        session,
        action,
        body,
        *,
        supporting=(),
        reply=True,
        extra="",
        key=None,
        token=None,
        stamp=None,
        sign=sign_with_lxml,
        alter=lambda message: message,
    ):
        """A message under a session. `alter` changes it when it is signed."""
        message_id = urn()
        security = [
            stamp or timestamp(*window()),
            *supporting,
            token or session.token,
            unsigned_signature(session.reference),
        ]
        message = envelope(action, self.to, security, body, message_id=message_id, reply=reply, extra=extra)
        return self.post(alter(sign(message, key or session.key)), message_id)
