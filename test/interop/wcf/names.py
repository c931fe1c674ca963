"""Namespaces, URIs and fixed texts on the wire (preg-hl7v3, parts 1.2 to 1.5 and 7)."""

SOAP = "http://www.w3.org/2003/05/soap-envelope"
ADDRESSING = "http://www.w3.org/2005/08/addressing"
SECEXT = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
UTILITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
TRUST = "http://schemas.xmlsoap.org/ws/2005/02/trust"
CONVERSATION = "http://schemas.xmlsoap.org/ws/2005/02/sc"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
HL7 = "urn:hl7-org:v3"
DIAGNOSTICS = "http://schemas.microsoft.com/2004/09/ServiceModel/Diagnostics"

ANONYMOUS = f"{ADDRESSING}/anonymous"
PASSWORD_TEXT = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"
TOKEN_TYPE = f"{CONVERSATION}/sct"
NONCE = f"{TRUST}/Nonce"
COMPUTED_KEY = f"{TRUST}/CK/PSHA1"
EXCLUSIVE_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
HMAC_SHA1 = f"{DSIG}hmac-sha1"
SHA1 = f"{DSIG}sha1"

ISSUE = f"{TRUST}/RST/SCT"
ISSUED = f"{TRUST}/RSTR/SCT"
RENEW = f"{TRUST}/RST/SCT/Renew"
RENEWED = f"{TRUST}/RSTR/SCT/Renew"
CANCEL = f"{TRUST}/RST/SCT/Cancel"
CANCELLED = f"{TRUST}/RSTR/SCT/Cancel"
SECURITY_FAULT = f"{ADDRESSING}/soap/fault"

DISPATCHER = "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher"

SENDER = f"{{{SOAP}}}Sender"
# Security faults, which are not secured: the subcode, and the reason to the letter.
FAILED_AUTHENTICATION = (
    f"{{{SECEXT}}}FailedAuthentication",
    "At least one security token in the message could not be validated.",
)
INVALID_SECURITY = (
    f"{{{SECEXT}}}InvalidSecurity",
    "An error occurred when verifying security for the message.",
)
BAD_CONTEXT_TOKEN = (
    f"{{{CONVERSATION}}}BadContextToken",
    "The security context token is expired or is not valid. The message was not processed.",
)
# Faults that are secured: the subcode, and the action where the contract fixes one. The reason is free.
INVALID_REQUEST = (f"{{{TRUST}}}InvalidRequest", None)
UNREADABLE = (f"{{{DISPATCHER}}}DeserializationFailed", f"{DISPATCHER}/fault")
