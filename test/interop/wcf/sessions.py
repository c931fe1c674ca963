"""The security context that a service issues, and the answers about it (preg-hl7v3, part 1.5, steps 2, 3, 5 and 6)."""
import base64
import re
from dataclasses import dataclass
from datetime import datetime, timezone

from lxml import etree

from .names import CANCELLED, COMPUTED_KEY, CONVERSATION, ISSUED, NONCE, RENEWED, SECEXT, TOKEN_TYPE, TRUST, UTILITY
from .replies import insist, only, read_answer, read_instant, text_of
from .security import KEY_BYTES, p_sha1

NAMES = {"c": CONVERSATION, "o": SECEXT, "t": TRUST, "u": UTILITY}
URN_UUID = re.compile(r"urn:uuid:[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True)
class Session:
    """One key of a security context. `token` is the XML as it came, whatever it holds."""

    token: str
    reference: str
    identifier: str
    instance: str | None
    key: bytes
    server_entropy: bytes


def read_issued(reply, client_entropy):
    return read_session(read_answer(reply, ISSUED), client_entropy)


def read_renewed(reply, client_entropy, old):
    """The next key of a session."""
    new = read_session(read_answer(reply, RENEWED), client_entropy)
    insist(new.identifier == old.identifier, "1.5 step 5", "renewal changed the Identifier")
    insist(new.instance is not None and URN_UUID.fullmatch(new.instance), "1.5 step 5", f"Instance {new.instance}")
    insist(new.instance != old.instance, "1.5 step 5", "renewal kept the Instance")
    insist(new.server_entropy != old.server_entropy, "1.5 step 5", "renewal kept the server's entropy")
    return new


def read_cancelled(reply):
    body = read_answer(reply, CANCELLED)
    check_response(body)
    marker = only(body.findall("t:RequestedTokenCancelled", NAMES), "1.5 step 6", "RequestedTokenCancelled")
    insist(len(marker) == 0 and not text_of(marker), "1.5 step 6", "RequestedTokenCancelled is not empty")


def check_response(body):
    insist(body.tag == f"{{{TRUST}}}RequestSecurityTokenResponse", "1.5 step 2", f"the body is {body.tag}")


def one(parent, path):
    return only(parent.findall(path, NAMES), "1.5 step 2", path)


def read_session(body, client_entropy):
    check_response(body)
    insist(text_of(one(body, "t:TokenType")) == TOKEN_TYPE, "1.5 step 2", "another TokenType than was asked for")
    insist(text_of(one(body, "t:KeySize")) == "256", "1.5 step 2", "the key has not 256 bits")
    marker = one(body, "t:RequestedProofToken/t:ComputedKey")
    insist(text_of(marker) == COMPUTED_KEY, "1.5 step 2", f"computed key {text_of(marker)}")
    server_entropy = read_entropy(one(body, "t:Entropy/t:BinarySecret"))
    insist(server_entropy != client_entropy, "1.5 step 2", "the server's entropy is the client's")
    lifetime = one(body, "t:Lifetime")
    created, expires = (read_instant(one(lifetime, name)) for name in ("u:Created", "u:Expires"))
    insist(created < expires and expires > datetime.now(timezone.utc), "1.5 step 2", "the Lifetime is over")

    token = only(list(one(body, "t:RequestedSecurityToken")), "1.5 step 2", "the token")
    insist(token.tag == f"{{{CONVERSATION}}}SecurityContextToken", "1.5 step 2", f"the token is {token.tag}")
    local_id = token.get(f"{{{UTILITY}}}Id")
    insist(local_id, "1.5 step 2", "the token has no u:Id")
    identifier = text_of(one(token, "c:Identifier"))
    insist(URN_UUID.fullmatch(identifier), "1.5 step 2", "the Identifier is no urn:uuid")
    instance = token.find("c:Instance", NAMES)
    check_reference(body, "t:RequestedAttachedReference", f"#{local_id}")
    check_reference(body, "t:RequestedUnattachedReference", identifier)
    return Session(
        token=etree.tostring(token, encoding="unicode", with_tail=False),
        reference=f"#{local_id}",
        identifier=identifier,
        instance=None if instance is None else text_of(instance),
        key=p_sha1(client_entropy, server_entropy),
        server_entropy=server_entropy,
    )


def read_entropy(secret):
    insist(secret.get("Type", NONCE) == NONCE, "1.5 step 2", f"entropy of type {secret.get('Type')}")
    entropy = base64.b64decode(text_of(secret), validate=True)
    insist(len(entropy) == KEY_BYTES, "1.5 step 2", f"the server's entropy has {len(entropy)} bytes")
    return entropy


def check_reference(body, element, uri):
    """A reference may be left out; one that is there has to be right."""
    for holder in body.findall(element, NAMES):
        reference = one(holder, "o:SecurityTokenReference/o:Reference")
        insist(reference.get("URI") == uri, "1.5 step 2", f"{element} is to another token")
        insist(reference.get("ValueType", TOKEN_TYPE) == TOKEN_TYPE, "1.5 step 2", f"{element} is of another type")
