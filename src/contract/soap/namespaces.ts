/** Namespaces and fixed addresses of SOAP and its headers, as PREG's clients use them. Contract: preg-hl7v3 1.2–1.5, 7. */

export const SOAP11 = 'http://schemas.xmlsoap.org/soap/envelope/';
export const SOAP12 = 'http://www.w3.org/2003/05/soap-envelope';
/** WS-Addressing 1.0. */
export const ADDRESSING = 'http://www.w3.org/2005/08/addressing';
/** WS-Security 1.0. */
export const SECURITY = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
/** Timestamps and ids of WS-Security. */
export const SECURITY_UTILITY =
  'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
/** WS-SecureConversation of February 2005. */
export const SECURE_CONVERSATION = 'http://schemas.xmlsoap.org/ws/2005/02/sc';
/** WS-Trust of February 2005. */
export const TRUST = 'http://schemas.xmlsoap.org/ws/2005/02/trust';
/** Where .NET keeps its own additions to WS-SecureConversation: the cookie of a context token, actions of faults. */
export const DOTNET_SECURITY = 'http://schemas.microsoft.com/ws/2006/05/security';
/** Type of a security context token, in references to one and in requests for one. */
export const CONTEXT_TOKEN_TYPE = `${SECURE_CONVERSATION}/sct`;
/** XML Signature 1.0. */
export const XML_SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#';
/** Exclusive XML Canonicalization 1.0 without comments: both the algorithm and the namespace of its parameter. */
export const EXCLUSIVE_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
/** Where .NET's own fault codes live. */
export const DISPATCHER =
  'http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher';

/** The reply goes back on the same connection. */
export const ANONYMOUS = `${ADDRESSING}/anonymous`;

const USERNAME_TOKEN_PROFILE =
  'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0';
/** Type of a password that is sent as it is. */
export const PASSWORD_TEXT = `${USERNAME_TOKEN_PROFILE}#PasswordText`;
/** Type of a digest of the password, the nonce and the time of creation. */
export const PASSWORD_DIGEST = `${USERNAME_TOKEN_PROFILE}#PasswordDigest`;
/** Encoding of a nonce; the only one there is. */
export const BASE64_BINARY =
  'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary';

/** Actions of faults. */
export const FaultAction = {
  /** Faults of SOAP and WS-Security. */
  Soap: `${ADDRESSING}/soap/fault`,
  /** Faults of WS-Addressing. */
  Addressing: `${ADDRESSING}/fault`,
  /** Faults of .NET's dispatcher. */
  Dispatcher: `${DISPATCHER}/fault`,
  /** Faults of .NET about the keys of a security context. */
  SecureConversation: `${DOTNET_SECURITY}/SecureConversationFault`,
} as const;
