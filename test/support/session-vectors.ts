/** A session with invented keys and one message signed in it, each step worked out. Contract: hl7v3-soap/vectors.json. */
export const sessionVectors = {
  clientEntropy: Uint8Array.from({ length: 32 }, (_, index) => index),
  serverEntropy: Uint8Array.from({ length: 32 }, (_, index) => 0x20 + index),
  key: new Uint8Array(Buffer.from('df59132c2af6d230e4337732076a14561694be12838cc00203d63c816653d75b', 'hex')),
  tokenId: 'uuid-11111111-2222-4333-8444-555555555555-1',
  tokenIdentifier: 'urn:uuid:11111111-2222-4333-8444-555555555555',
  timestampCanonical:
    '<u:Timestamp xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" u:Id="_0"><u:Created>2025-01-15T10:30:00.000Z</u:Created><u:Expires>2025-01-15T10:35:00.000Z</u:Expires></u:Timestamp>',
  timestampDigest: 'w5oJBBArCDXmbI1sNQX5g5ECxyw=',
  signedInfoCanonical:
    '<SignedInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></CanonicalizationMethod><SignatureMethod Algorithm="http://www.w3.org/2000/09/xmldsig#hmac-sha1"></SignatureMethod><Reference URI="#_0"><Transforms><Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></Transform></Transforms><DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"></DigestMethod><DigestValue>w5oJBBArCDXmbI1sNQX5g5ECxyw=</DigestValue></Reference></SignedInfo>',
  signatureValue: '7czBJe5vIqXPC0b+PqHT5UDp8FY=',
} as const;
