"""Envelopes as WCF sends them (samples/hl7v3-soap)."""
import base64
import uuid
from xml.sax.saxutils import escape

from .names import (
    ADDRESSING,
    ANONYMOUS,
    DIAGNOSTICS,
    NONCE,
    PASSWORD_TEXT,
    SECEXT,
    SOAP,
    TOKEN_TYPE,
    TRUST,
    UTILITY,
)


def urn():
    return f"urn:uuid:{uuid.uuid4()}"


def local_id():
    return f"uuid-{uuid.uuid4()}-1"


def trace_header():
    """What a client adds that has trace propagation on (part 1.2). The service is free to pass over it."""
    activity = uuid.uuid4()
    return f'<ActivityId CorrelationId="{uuid.uuid4()}" xmlns="{DIAGNOSTICS}">{activity}</ActivityId>'


def envelope(action, to, security, body, *, message_id, reply=True, extra=""):
    """`security` is the list of what the Security header holds."""
    reply_to = f"<a:ReplyTo><a:Address>{ANONYMOUS}</a:Address></a:ReplyTo>" if reply else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<s:Envelope xmlns:s="{SOAP}" xmlns:a="{ADDRESSING}" xmlns:u="{UTILITY}"><s:Header>'
        f'<a:Action s:mustUnderstand="1">{action}</a:Action><a:MessageID>{message_id}</a:MessageID>{extra}{reply_to}'
        f'<a:To s:mustUnderstand="1">{escape(to)}</a:To>'
        f'<o:Security s:mustUnderstand="1" xmlns:o="{SECEXT}">{"".join(security)}</o:Security>'
        f"</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    )


def username_token(user, password, identifier):
    return (
        f'<o:UsernameToken u:Id="{identifier}"><o:Username>{escape(user)}</o:Username>'
        f'<o:Password Type="{PASSWORD_TEXT}">{escape(password)}</o:Password></o:UsernameToken>'
    )


def token_request(request, children):
    return (
        f'<t:RequestSecurityToken xmlns:t="{TRUST}"><t:TokenType>{TOKEN_TYPE}</t:TokenType>'
        f"<t:RequestType>{TRUST}/{request}</t:RequestType>{children}</t:RequestSecurityToken>"
    )


def key_wish(entropy, identifier):
    secret = base64.b64encode(entropy).decode()
    return (
        f'<t:Entropy><t:BinarySecret u:Id="{identifier}" Type="{NONCE}">{secret}</t:BinarySecret></t:Entropy>'
        "<t:KeySize>256</t:KeySize>"
    )


def target(element, identifier):
    """A RenewTarget or CancelTarget."""
    return (
        f'<t:{element}><o:SecurityTokenReference xmlns:o="{SECEXT}">'
        f'<o:Reference URI="{identifier}" ValueType="{TOKEN_TYPE}"/>'
        f"</o:SecurityTokenReference></t:{element}>"
    )


def issue_body(entropy, identifier):
    return token_request("Issue", key_wish(entropy, identifier))


def renew_body(entropy, identifier, session):
    return token_request("Renew", key_wish(entropy, identifier) + target("RenewTarget", session.identifier))


def cancel_body(session):
    return (
        f'<t:RequestSecurityToken xmlns:t="{TRUST}"><t:RequestType>{TRUST}/Cancel</t:RequestType>'
        f'{target("CancelTarget", session.identifier)}</t:RequestSecurityToken>'
    )
