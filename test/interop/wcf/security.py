"""Keys, Timestamps and signatures (preg-hl7v3, part 1.5), made with hashlib, lxml and xmlsec1."""
import base64
import hashlib
import hmac
import subprocess
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from lxml import etree

from .names import DSIG, EXCLUSIVE_C14N, HMAC_SHA1, SECEXT, SHA1, TOKEN_TYPE, UTILITY

KEY_BYTES = 32
LIFETIME = timedelta(minutes=5)
NO_DIGEST = "<DigestValue></DigestValue>"
NO_SIGNATURE = "<SignatureValue></SignatureValue>"


def p_sha1(secret, seed, size=KEY_BYTES):
    """P_hash of TLS 1.0 (RFC 2246, section 5) with HMAC-SHA1."""

    def keyed(data):
        return hmac.new(secret, data, hashlib.sha1).digest()

    made = b""
    chain = seed
    while len(made) < size:
        chain = keyed(chain)
        made += keyed(chain + seed)
    return made[:size]


def window(minutes=0):
    """Created and Expires of a message that a clock so many minutes ahead of ours would send."""
    created = datetime.now(timezone.utc) + timedelta(minutes=minutes)
    return created, created + LIFETIME


def instant(moment):
    """As WCF writes time: milliseconds and Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def timestamp(created, expires, identifier="_0"):
    """A Timestamp, where the prefix `u` is declared."""
    return (
        f'<u:Timestamp u:Id="{identifier}"><u:Created>{instant(created)}</u:Created>'
        f"<u:Expires>{instant(expires)}</u:Expires></u:Timestamp>"
    )


def unsigned_signature(token_reference):
    """The Signature over the Timestamp `_0`, its digest and value still to be filled in."""
    return (
        f'<Signature xmlns="{DSIG}"><SignedInfo>'
        f'<CanonicalizationMethod Algorithm="{EXCLUSIVE_C14N}"></CanonicalizationMethod>'
        f'<SignatureMethod Algorithm="{HMAC_SHA1}"></SignatureMethod>'
        f'<Reference URI="#_0"><Transforms><Transform Algorithm="{EXCLUSIVE_C14N}"></Transform></Transforms>'
        f'<DigestMethod Algorithm="{SHA1}"></DigestMethod>{NO_DIGEST}</Reference></SignedInfo>{NO_SIGNATURE}'
        f'<KeyInfo><o:SecurityTokenReference xmlns:o="{SECEXT}">'
        f'<o:Reference ValueType="{TOKEN_TYPE}" URI="{token_reference}"/>'
        "</o:SecurityTokenReference></KeyInfo></Signature>"
    )


def canonical(element):
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False)


def sign_with_lxml(envelope, key):
    """Completes the Signature in an envelope, the rest of which stays byte for byte."""
    signed = etree.fromstring(envelope.encode()).find(f".//{{{UTILITY}}}Timestamp")
    digest = base64.b64encode(hashlib.sha1(canonical(signed)).digest()).decode()
    digested = envelope.replace(NO_DIGEST, f"<DigestValue>{digest}</DigestValue>")
    info = etree.fromstring(digested.encode()).find(f".//{{{DSIG}}}SignedInfo")
    value = base64.b64encode(hmac.new(key, canonical(info), hashlib.sha1).digest()).decode()
    return digested.replace(NO_SIGNATURE, f"<SignatureValue>{value}</SignatureValue>")


def sign_with_xmlsec1(envelope, key):
    """The same by xmlsec1, whose own serialisation of the envelope is what comes back."""
    return run_xmlsec1("--sign", envelope, key)


def verify_with_xmlsec1(envelope, key):
    """Raises `CalledProcessError` unless the signature holds."""
    run_xmlsec1("--verify", envelope, key)


def run_xmlsec1(task, envelope, key):
    with tempfile.TemporaryDirectory() as folder:
        key_file = Path(folder, "key")
        key_file.write_bytes(key)
        message = Path(folder, "message.xml")
        message.write_text(envelope, encoding="utf-8")
        command = ["xmlsec1", task, "--hmackey", str(key_file), "--id-attr:Id", f"{UTILITY}:Timestamp", str(message)]
        return subprocess.run(command, check=True, capture_output=True).stdout.decode()
