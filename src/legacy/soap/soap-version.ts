import { ADDRESSING, SOAP11, SOAP12 } from '../../contract/soap/namespaces.js';

/** What differs from one version of SOAP to the other, as data. docs/soap.md shows both. */
export interface SoapVersion {
  readonly name: 'SOAP 1.1' | 'SOAP 1.2';
  /** The namespace of the envelope and of everything of SOAP's in it. */
  readonly namespace: string;
  /** The media type that announces the version. */
  readonly mediaType: string;
  /** The attribute that says whom a header is for, without its namespace. */
  readonly roleAttribute: 'actor' | 'role';
  /** Values of that attribute that mean us. */
  readonly ourRoles: ReadonlySet<string>;
  /**
   * Where the action of a message stands. `header`: in WS-Addressing, which every message has to have. `http`: in
   * SOAPAction, beside which WS-Addressing may stand.
   */
  readonly actionIn: 'header' | 'http';
  /** The local names of SOAP's own fault codes, by what 1.2 calls them. */
  readonly faultCodes: Readonly<Record<FaultCode, string>>;
  readonly faultForm: 'faultcode' | 'Code';
}

/** SOAP's own fault codes, as 1.2 calls them. */
export type FaultCode = 'Sender' | 'Receiver' | 'MustUnderstand' | 'VersionMismatch';

/** SOAP 1.1 (W3C Note of 8 May 2000), as WCF's basicHttpBinding and most stacks before it send it. */
export const soap11: SoapVersion = {
  name: 'SOAP 1.1',
  namespace: SOAP11,
  mediaType: 'text/xml',
  roleAttribute: 'actor',
  ourRoles: new Set(['', 'http://schemas.xmlsoap.org/soap/actor/next']),
  actionIn: 'http',
  faultCodes: {
    Sender: 'Client',
    Receiver: 'Server',
    MustUnderstand: 'MustUnderstand',
    VersionMismatch: 'VersionMismatch',
  },
  faultForm: 'faultcode',
};

/** SOAP 1.2, as PREG served it. Contract: preg-hl7v3 1.2. */
export const soap12: SoapVersion = {
  name: 'SOAP 1.2',
  namespace: SOAP12,
  mediaType: 'application/soap+xml',
  roleAttribute: 'role',
  ourRoles: new Set(['', `${SOAP12}/role/ultimateReceiver`, `${SOAP12}/role/next`]),
  actionIn: 'header',
  faultCodes: {
    Sender: 'Sender',
    Receiver: 'Receiver',
    MustUnderstand: 'MustUnderstand',
    VersionMismatch: 'VersionMismatch',
  },
  faultForm: 'Code',
};

/** The versions that are served, the one of the metadata first. */
export const soapVersions: readonly SoapVersion[] = [soap12, soap11];

/** The form that an answer takes: that of its request. */
export interface SoapForm {
  readonly version: SoapVersion;
  /** Whether the answer has WS-Addressing headers. */
  readonly addressed: boolean;
  /** Whether the answer may have a Security header: who knows nothing of WS-Security could not understand it. */
  readonly secured: boolean;
}

/** The form of a request of which the media type alone is known. */
export function formOf(version: SoapVersion): SoapForm {
  return { version, addressed: version.actionIn === 'header', secured: true };
}

/** The namespaces that every envelope of this form declares, beside those of its own content. */
export function namespacesOf({
  version,
  addressed,
}: Pick<SoapForm, 'version' | 'addressed'>): Readonly<Record<string, string>> {
  return addressed
    ? { 'xmlns:s': version.namespace, 'xmlns:a': ADDRESSING }
    : { 'xmlns:s': version.namespace };
}
