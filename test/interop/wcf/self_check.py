"""Judges this client by known values (samples/hl7v3-soap/vectors.json) and by answers that it must refuse."""
import base64
import os
import re
import subprocess
from datetime import datetime, timedelta, timezone

from .names import (
    COMPUTED_KEY,
    CONVERSATION,
    INVALID_SECURITY,
    ISSUED,
    NONCE,
    RENEWED,
    SECURITY_FAULT,
    TOKEN_TYPE,
    TRUST,
)
from .replies import Breach, insist, read_reply, read_security_fault
from .requests import envelope, issue_body, renew_body, urn
from .security import (
    KEY_BYTES,
    instant,
    p_sha1,
    sign_with_lxml,
    sign_with_xmlsec1,
    timestamp,
    unsigned_signature,
    verify_with_xmlsec1,
    window,
)
from .sessions import read_issued, read_renewed

CLIENT_ENTROPY = bytes(range(32))
SERVER_ENTROPY = bytes(range(32, 64))
KEY = bytes.fromhex("df59132c2af6d230e4337732076a14561694be12838cc00203d63c816653d75b")
DIGEST = "w5oJBBArCDXmbI1sNQX5g5ECxyw="
SIGNATURE = "7czBJe5vIqXPC0b+PqHT5UDp8FY="
CREATED = datetime(2025, 1, 15, 10, 30, tzinfo=timezone.utc)
IDENTIFIER = "urn:uuid:11111111-2222-4333-8444-555555555555"
INSTANCE = "urn:uuid:11111111-2222-4333-8444-666666666666"
LOCAL_ID = "uuid-11111111-2222-4333-8444-555555555555-1"
MESSAGE_ID = urn()
CONTENT_TYPE = "application/soap+xml; charset=utf-8"


def equal(found, wanted):
    insist(found == wanted, "vectors.json", f"{found!r} is not {wanted!r}")


def derives_key():
    equal(p_sha1(CLIENT_ENTROPY, SERVER_ENTROPY), KEY)
    return {}


def unsigned_message():
    token = f'<c:SecurityContextToken u:Id="{LOCAL_ID}" xmlns:c="{CONVERSATION}"/>'
    security = [timestamp(CREATED, CREATED + timedelta(minutes=5)), token, unsigned_signature(f"#{LOCAL_ID}")]
    return envelope("urn:action", "https://localhost/", security, "<x/>", message_id=MESSAGE_ID)


def signs_as_known(sign):
    signed = sign(unsigned_message(), KEY)
    equal(re.search(r"<DigestValue>(.*?)</DigestValue>", signed).group(1), DIGEST)
    equal(re.search(r"<SignatureValue>\s*(.*?)\s*</SignatureValue>", signed).group(1), SIGNATURE)
    verify_with_xmlsec1(signed, KEY)
    return {}


def xmlsec1_refuses_another_key():
    try:
        verify_with_xmlsec1(sign_with_lxml(unsigned_message(), KEY), os.urandom(KEY_BYTES))
    except subprocess.CalledProcessError:
        return {}
    raise Breach("vectors.json: xmlsec1 takes any key")


def secured(action, body):
    """A good answer, as text to be spoilt."""
    text = envelope(action, "", [timestamp(*window())], body, message_id=MESSAGE_ID, reply=False)
    text = re.sub("<a:To.*?</a:To>", "", text)
    return text.replace("a:MessageID", "a:RelatesTo")


def response(extra=""):
    entropy = base64.b64encode(SERVER_ENTROPY).decode()
    created = instant(window()[0])
    return (
        f'<t:RequestSecurityTokenResponse xmlns:t="{TRUST}"><t:TokenType>{TOKEN_TYPE}</t:TokenType>'
        f'<t:RequestedSecurityToken><c:SecurityContextToken u:Id="{LOCAL_ID}" xmlns:c="{CONVERSATION}">'
        f'<c:Identifier>{IDENTIFIER}</c:Identifier>{extra}<y:State xmlns:y="urn:y">a&amp;b</y:State>'
        "</c:SecurityContextToken></t:RequestedSecurityToken>"
        f"<t:RequestedProofToken><t:ComputedKey>{COMPUTED_KEY}</t:ComputedKey></t:RequestedProofToken>"
        f'<t:Entropy><t:BinarySecret Type="{NONCE}">{entropy}</t:BinarySecret></t:Entropy>'
        f"<t:Lifetime><u:Created>{created}</u:Created><u:Expires>{instant(window(900)[0])}</u:Expires></t:Lifetime>"
        "<t:KeySize>256</t:KeySize></t:RequestSecurityTokenResponse>"
    )


def received(text, status=200, content_type=CONTENT_TYPE):
    return read_reply(status, content_type, text.encode(), MESSAGE_ID)


def keeps_token_verbatim():
    session = read_issued(received(secured(ISSUED, response())), CLIENT_ENTROPY)
    equal((session.key, session.identifier, session.reference), (KEY, IDENTIFIER, f"#{LOCAL_ID}"))
    state = '<y:State xmlns:y="urn:y">a&amp;b</y:State>'
    insist(state in session.token, "1.5 step 2", "the token lost what the client does not know")
    return {}


def refuses(spoil, **sent):
    """Whether an issue reply, spoilt so, is taken for an error."""
    good = secured(ISSUED, response())
    bad = spoil(good)
    insist(bad != good or sent, "self-check", "nothing was spoilt")
    expect_breach(lambda: read_issued(received(bad, **sent), CLIENT_ENTROPY))


def expect_breach(act):
    try:
        act()
    except Breach:
        return
    raise AssertionError("it was taken")


def without(element):
    return lambda text: re.sub(rf"<{element}[ >].*?</{element}>", "", text, flags=re.S)


def instead(old, new):
    return lambda text: text.replace(old, new)


SPOILT = {
    "action": instead(ISSUED, f"{ISSUED}/Cancel"),
    "RelatesTo": instead(MESSAGE_ID, "urn:uuid:0"),
    "no RelatesTo": without("a:RelatesTo"),
    "header not understood": instead("</s:Header>", '<x s:mustUnderstand="1"/></s:Header>'),
    "no Security": without("o:Security"),
    "Security not mustUnderstand": instead("<o:Security s:mustUnderstand=\"1\"", "<o:Security"),
    "two Timestamps": instead("</u:Timestamp>", "</u:Timestamp><u:Timestamp/>"),
    "signed": instead("</u:Timestamp>", "</u:Timestamp><Signature/>"),
    "no Timestamp": without("u:Timestamp"),
    "stale Timestamp": lambda text: text.replace(
        re.search("<u:Timestamp.*?</u:Timestamp>", text).group(), timestamp(*window(-11))
    ),
    "Timestamp of the future": lambda text: text.replace(
        re.search("<u:Timestamp.*?</u:Timestamp>", text).group(), timestamp(*window(6))
    ),
    "time zone": instead("Z</u:Created>", "+00:00</u:Created>"),
    "white space": instead("<t:KeySize>", "<t:Lifetime> <a/></t:Lifetime><t:KeySize>"),
    "collection": instead("RequestSecurityTokenResponse", "RequestSecurityTokenResponseCollection"),
    "TokenType": instead(f"<t:TokenType>{TOKEN_TYPE}", "<t:TokenType>urn:other"),
    "KeySize": instead("256", "128"),
    "ComputedKey": instead(COMPUTED_KEY, "urn:other"),
    "no proof": without("t:RequestedProofToken"),
    "no entropy": without("t:Entropy"),
    "short entropy": instead(base64.b64encode(SERVER_ENTROPY).decode(), "AAAA"),
    "no token": without("t:RequestedSecurityToken"),
    "no u:Id": instead(f'u:Id="{LOCAL_ID}"', ""),
    "no Identifier": without("c:Identifier"),
}


def refuses_spoilt_answers():
    for name, spoil in SPOILT.items():
        try:
            refuses(spoil)
        except AssertionError as error:
            raise Breach(f"self-check: {name}: {error}") from error
    refuses(lambda text: text, content_type="text/xml; charset=utf-8")
    refuses(lambda text: text, content_type=f'{CONTENT_TYPE}; action="{ISSUED}"')
    refuses(lambda text: text, status=500)
    refuses(lambda text: text, status=202)
    return {"refused": len(SPOILT) + 4}


def renewal(instance, identifier=IDENTIFIER, entropy=SERVER_ENTROPY):
    extra = f"<c:Instance>{instance}</c:Instance>" if instance else ""
    text = response(extra).replace(IDENTIFIER, identifier)
    sent = base64.b64encode(entropy).decode()
    return received(secured(RENEWED, text.replace(base64.b64encode(SERVER_ENTROPY).decode(), sent)))


def judges_renewal():
    old = read_issued(received(secured(ISSUED, response())), CLIENT_ENTROPY)
    fresh = {"entropy": os.urandom(KEY_BYTES)}
    new = read_renewed(renewal(INSTANCE, **fresh), CLIENT_ENTROPY, old)
    equal(new.instance, INSTANCE)
    insist(new.key != old.key, "1.5 step 5", "the key is the old one")
    for bad in (renewal(None, **fresh), renewal(INSTANCE), renewal(INSTANCE, identifier=urn(), **fresh)):
        expect_breach(lambda: read_renewed(bad, CLIENT_ENTROPY, old))
    expect_breach(lambda: read_renewed(renewal(INSTANCE, entropy=os.urandom(KEY_BYTES)), CLIENT_ENTROPY, new))
    return {"refused": 4}


def judges_faults():
    subcode, reason = INVALID_SECURITY
    namespace, local = subcode.removeprefix("{").split("}")
    body = (
        "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode>"
        f'<s:Value xmlns:w="{namespace}">w:{local}</s:Value></s:Subcode></s:Code>'
        f'<s:Reason><s:Text xml:lang="en-US">{reason}</s:Text></s:Reason></s:Fault>'
    )
    with_header = secured(SECURITY_FAULT, body)
    good = without("o:Security")(with_header)
    read_security_fault(received(good, status=500), INVALID_SECURITY)
    bad = {
        "secured": with_header,
        "reason": good.replace(reason, "Wrong."),
        "subcode": good.replace(local, "FailedAuthentication"),
        "namespace": good.replace(f'xmlns:w="{namespace}"', 'xmlns:w="urn:other"'),
        "code": good.replace("s:Sender", "s:Receiver"),
        "action": good.replace(SECURITY_FAULT, f"{SECURITY_FAULT}/other"),
    }
    for text in bad.values():
        expect_breach(lambda: read_security_fault(received(text, status=500), INVALID_SECURITY))
    expect_breach(lambda: read_security_fault(received(good, status=200), INVALID_SECURITY))
    return {"refused": len(bad) + 1}


def writes_requests():
    """The two bodies that ask for a key have the order of WCF."""
    session = read_issued(received(secured(ISSUED, response())), CLIENT_ENTROPY)
    names = re.compile(r"<(t:\w+)")
    asked = ["t:RequestSecurityToken", "t:TokenType", "t:RequestType", "t:Entropy", "t:BinarySecret", "t:KeySize"]
    equal(names.findall(issue_body(CLIENT_ENTROPY, "x")), asked)
    equal(names.findall(renew_body(CLIENT_ENTROPY, "x", session)), [*asked, "t:RenewTarget"])
    return {}


CHECKS = [
    ("derives the known key", derives_key),
    ("signs the known Timestamp with lxml", lambda: signs_as_known(sign_with_lxml)),
    ("signs the known Timestamp with xmlsec1", lambda: signs_as_known(sign_with_xmlsec1)),
    ("has xmlsec1 refuse another key", xmlsec1_refuses_another_key),
    ("keeps the token as it came", keeps_token_verbatim),
    ("refuses spoilt issue replies", refuses_spoilt_answers),
    ("judges renewals", judges_renewal),
    ("judges faults", judges_faults),
    ("writes key requests as WCF does", writes_requests),
]
