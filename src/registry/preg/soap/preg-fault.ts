import {
  DISPATCHER,
  DOTNET_SECURITY,
  SECURE_CONVERSATION,
  SECURITY,
  SOAP12,
  TRUST,
} from '../../../contract/soap/namespaces.js';
import { PregRefused, PregRejected, PregUnavailable } from '../../../errors/errors.js';
import type { XmlElement } from '../../../xml/element.js';
import { isNamed, plainText } from '../../../xml/element-reading.js';
import { resolveQualifiedName, type QualifiedName } from '../../../xml/qualified-name.js';

/**
 * What a fault of PREG means for who asked (contracts preg-hl7v3 part 7, preg-xml-filematch-hl7v2 1.8).
 * `session-over` and `renewal-wanted` are mended by another session or key; `account-refused` is of user name and password;
 * `not-let-in` of anything else of WS-Security; `failed` passes by itself; `refused` is of the question.
 */
export type FaultMeaning =
  'session-over' | 'renewal-wanted' | 'account-refused' | 'not-let-in' | 'failed' | 'refused';

/** A SOAP fault. Its reason is left behind: it may quote what was asked. */
export interface PregFault {
  readonly meaning: FaultMeaning;
  /** Local names of its codes from outer to inner, fit for a log. */
  readonly codes: string;
}

/** PREG answered with a fault. Known to who asks it alone: others are told by {@link faultError}. */
export class FaultHeard extends Error {
  constructor(readonly fault: PregFault) {
    super(`PREG answered with the fault ${fault.codes}`);
    this.name = 'FaultHeard';
  }
}

interface Rule {
  readonly namespace: string;
  /** Any of the namespace where absent. */
  readonly localName?: string;
  readonly meaning: FaultMeaning;
}

/** The first that fits one of the codes. */
const rules: readonly Rule[] = [
  { namespace: SECURE_CONVERSATION, localName: 'RenewNeeded', meaning: 'renewal-wanted' },
  { namespace: SECURE_CONVERSATION, meaning: 'session-over' },
  // .NET tells thus that it closed a session for being idle or for being one too many.
  { namespace: DOTNET_SECURITY, meaning: 'session-over' },
  { namespace: DISPATCHER, localName: 'SessionTerminated', meaning: 'session-over' },
  { namespace: SECURITY, localName: 'FailedAuthentication', meaning: 'account-refused' },
  { namespace: SECURITY, meaning: 'not-let-in' },
  { namespace: TRUST, localName: 'FailedAuthentication', meaning: 'account-refused' },
  { namespace: DISPATCHER, localName: 'InternalServiceFault', meaning: 'failed' },
  { namespace: SOAP12, localName: 'Receiver', meaning: 'failed' },
];

/** Reads a Fault of SOAP 1.2. One that says nothing that is known is a refusal. */
export function readFault(fault: XmlElement): PregFault {
  const codes = codesIn(fault);
  const rule = rules.find(({ namespace, localName }) =>
    codes.some(
      (code) => code.namespace === namespace && (localName === undefined || code.localName === localName),
    ),
  );
  return {
    meaning: rule?.meaning ?? 'refused',
    codes: codes
      .map(({ localName }) => (/^[A-Za-z][\w.-]{0,60}$/.test(localName) ? localName : '?'))
      .join('/'),
  };
}

/** The error for who asked; what a session could have mended is one, too, when it came again. */
export function faultError({ meaning, codes }: PregFault): PregUnavailable | PregRejected | PregRefused {
  switch (meaning) {
    case 'failed':
    case 'session-over':
    case 'renewal-wanted':
      return new PregUnavailable(`the fault ${codes}`);
    case 'account-refused':
      return new PregRejected('not-let-in', `the account is refused by the fault ${codes}`);
    case 'not-let-in':
      return new PregRejected('not-let-in', `the fault ${codes}`);
    case 'refused':
      // With a code inside it is about the message, which is the adapter's.
      return codes === 'Sender'
        ? new PregRefused(`the fault ${codes}`)
        : new PregRejected('refused', `the fault ${codes}`);
  }
}

/** Deeper ones are not looked for: there are two at most in what .NET sends. */
const DEEPEST = 8;

function codesIn(fault: XmlElement): readonly QualifiedName[] {
  const codes: QualifiedName[] = [];
  let code = fault.children.find((child) => isNamed(child, SOAP12, 'Code'));
  for (let depth = 0; code !== undefined && depth < DEEPEST; depth += 1) {
    const value = code.children.find((child) => isNamed(child, SOAP12, 'Value'));
    const name = value && resolveQualifiedName(plainText(value) ?? '', value);
    if (name !== undefined) codes.push(name);
    code = code.children.find((child) => isNamed(child, SOAP12, 'Subcode'));
  }
  return codes;
}
