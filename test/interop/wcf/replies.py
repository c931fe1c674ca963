"""What a WCF client demands of a reply (preg-hl7v3, parts 1.2, 1.5 and 7)."""
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.message import Message

from lxml import etree

from .names import ADDRESSING, SECEXT, SECURITY_FAULT, SENDER, SOAP, UTILITY

SKEW = timedelta(minutes=5)
LIFETIME = timedelta(minutes=5)
# The quota of a client that was left at its defaults, and the size above which a fault is no security fault.
LARGEST_REPLY = 65_536
LARGEST_FAULT = 16_384
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z")
UNDERSTOOD = {f"{{{ADDRESSING}}}{name}" for name in ("Action", "To", "RelatesTo")} | {f"{{{SECEXT}}}Security"}


class Breach(Exception):
    """A reply that WCF would refuse. The text names the part of the contract."""


def insist(condition, part, demand):
    if not condition:
        raise Breach(f"{part}: {demand}")


@dataclass(frozen=True)
class Reply:
    """A well-formed answer to the message that was sent."""

    status: int
    action: str
    security: object
    body: object
    size: int


@dataclass(frozen=True)
class Fault:
    code: str
    subcode: str
    reason: str


def only(elements, part, what):
    insist(len(elements) == 1, part, f"{what}: wanted one, found {len(elements)}")
    return elements[0]


def text_of(element):
    return (element.text or "").strip()


def read_reply(status, content_type, payload, message_id):
    """Reads what every answer must be, fault or not."""
    insist(status in (200, 500), "1.2", f"status {status}: a SOAP body is read from 200 and 500 only")
    check_content_type(content_type)
    insist(len(payload) <= LARGEST_REPLY, "1.2", f"{len(payload)} bytes are more than a client takes by default")
    payload.decode("utf-8")
    root = etree.fromstring(payload, etree.XMLParser(resolve_entities=False, no_network=True))
    insist(root.getroottree().docinfo.internalDTD is None, "1.2", "SOAP allows no document type")
    insist(root.tag == f"{{{SOAP}}}Envelope", "1.2", f"the root is {root.tag}")
    insist([child.tag for child in root] == [f"{{{SOAP}}}Header", f"{{{SOAP}}}Body"], "1.2", "wanted Header, Body")
    spaced = [e.tag for e in root.iter() if len(e) and e.text and not e.text.strip()]
    insist(not spaced, "1.2", f"white space without meaning in {spaced}")
    header, body = root
    for entry in header:
        understood = entry.tag in UNDERSTOOD or not must_understand(entry)
        insist(understood, "1.2", f"header {entry.tag} cannot be understood")
    action = only(header.findall(f"{{{ADDRESSING}}}Action"), "1.2", "Action")
    relates = only(header.findall(f"{{{ADDRESSING}}}RelatesTo"), "1.2", "RelatesTo")
    insist(text_of(relates) == message_id, "1.2", "RelatesTo is not the request's MessageID")
    securities = header.findall(f"{{{SECEXT}}}Security")
    insist(len(securities) <= 1, "1.5 step 4", "more than one Security header")
    return Reply(status, text_of(action), next(iter(securities), None), only(list(body), "2.1", "Body"), len(payload))


def check_content_type(written):
    insist(written is not None, "1.2", "no content type")
    header = Message()
    header["Content-Type"] = written
    insist(header.get_content_type() == "application/soap+xml", "1.2", f"content type {written}")
    insist(header.get_content_charset() == "utf-8", "1.2", f"content type {written}")
    insist(header.get_param("action") is None, "1.2", f"an action in content type {written}")


def must_understand(entry):
    return entry.get(f"{{{SOAP}}}mustUnderstand") in ("1", "true")


def check_secured(reply):
    """The Security header with nothing but a fresh, unsigned Timestamp (1.5 step 4)."""
    insist(reply.security is not None, "1.5 step 4", "unable to find a security header")
    insist(must_understand(reply.security), "1.5 step 4", "Security without s:mustUnderstand")
    held = [child.tag for child in reply.security]
    insist(held == [f"{{{UTILITY}}}Timestamp"], "1.5 step 4", f"Security holds {held}, not only a Timestamp")
    parts = list(reply.security[0])
    insist(
        [part.tag for part in parts] == [f"{{{UTILITY}}}Created", f"{{{UTILITY}}}Expires"],
        "1.5 step 4",
        "the Timestamp is not Created, Expires",
    )
    check_fresh(*map(read_instant, parts), datetime.now(timezone.utc))


def read_instant(element):
    written = text_of(element)
    insist(INSTANT.fullmatch(written) is not None, "1.5 freshness", f"{written} is no instant that WCF reads")
    whole, _, fraction = written.removesuffix("Z").partition(".")
    moment = datetime.fromisoformat(whole).replace(tzinfo=timezone.utc)
    return moment + timedelta(microseconds=int(fraction.ljust(6, "0")[:6]))


def check_fresh(created, expires, now):
    insist(created < expires, "1.5 freshness", "Created is not before Expires")
    insist(expires > now - SKEW, "1.5 freshness", "Expires is too long ago")
    insist(now - SKEW - LIFETIME < created < now + SKEW, "1.5 freshness", "Created is stale, or in the future")


def read_answer(reply, action):
    """The body of an answer that is no fault."""
    insist(reply.status == 200, "1.2", f"status {reply.status} {described(reply)}")
    insist(reply.body.tag != f"{{{SOAP}}}Fault", "1.2", f"a fault with status 200 {described(reply)}")
    insist(reply.action == action, "1.3", f"action mismatch: {reply.action}")
    check_secured(reply)
    return reply.body


def described(reply):
    return read_fault(reply) if reply.body.tag == f"{{{SOAP}}}Fault" else reply.body.tag


def qualified_name(element):
    """A QName in text, its prefix resolved where it stands."""
    prefix, _, local = text_of(element).rpartition(":")
    namespace = element.nsmap.get(prefix or None)
    insist(namespace is not None, "7", f"the prefix of {text_of(element)} is not declared")
    return f"{{{namespace}}}{local}"


def read_fault(reply):
    insist(reply.body.tag == f"{{{SOAP}}}Fault", "7", f"wanted a fault, got {reply.body.tag} ({reply.action})")
    insist(reply.status == 500, "1.2", f"a fault with status {reply.status}")
    insist(reply.size <= LARGEST_FAULT, "7", "the fault is too large to be read as a security fault")
    names = {"s": SOAP}
    code = only(reply.body.findall("s:Code/s:Value", names), "7", "Code")
    subcode = only(reply.body.findall("s:Code/s:Subcode/s:Value", names), "7", "Subcode")
    reason = only(reply.body.findall("s:Reason/s:Text", names), "7", "Reason")
    insist(reason.get("{http://www.w3.org/XML/1998/namespace}lang"), "7", "the reason's language is not said")
    return Fault(qualified_name(code), qualified_name(subcode), reason.text or "")


def read_security_fault(reply, wanted):
    """An unsecured fault of a `(subcode, reason)`."""
    fault = read_fault(reply)
    insist((fault.code, fault.subcode, fault.reason) == (SENDER, *wanted), "7", f"the fault is {fault}")
    insist(reply.security is None, "7", "a security fault may have no Security header")
    insist(reply.action == SECURITY_FAULT, "7", f"the fault's action is {reply.action}")
    return fault


def read_secured_fault(reply, wanted):
    """A fault of a `(subcode, action)`, with the Security header of any other reply."""
    subcode, action = wanted
    fault = read_fault(reply)
    insist((fault.code, fault.subcode) == (SENDER, subcode), "7", f"the fault is {fault}")
    insist(action in (None, reply.action), "7", f"the fault's action is {reply.action}")
    check_secured(reply)
    return fault
