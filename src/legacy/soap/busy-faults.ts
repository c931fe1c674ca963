import type { Protocol } from '../../access/legacy-client.js';
import { Overloaded } from '../../errors/errors.js';
import { encodeXml } from '../../xml/encode.js';
import type { LegacyHttpResponse } from '../http.js';
import { bareBusy, type BusyDoor, type BusyHead } from '../busy-door.js';
import type { Refusing } from '../overload/refusals.js';
import { faultTable } from './fault-table.js';
import { writeFault } from './fault.js';
import { formOf, soap11, soap12, type SoapForm } from './soap-version.js';

/** The forms that a caller may speak, as far as the head of its request tells. */
const forms = {
  addressed: formOf(soap12),
  plain: formOf(soap11),
  /** Who shows a password by HTTP Basic knows nothing of WS-Security, most likely. */
  basic: { ...formOf(soap11), secured: false },
} as const satisfies Record<string, SoapForm>;

type FormName = keyof typeof forms;

/** A fault as it was written for one moment. */
interface Written {
  readonly at: Date;
  readonly correlationId: string;
  readonly response: LegacyHttpResponse;
}

/**
 * Faults for callers whose message nobody has read: in the version that Content-Type announces, related to nothing. Each is
 * written once in a second, whoever gets it.
 */
export class BusyFaults implements BusyDoor {
  readonly #written = new Map<FormName, Written>();

  constructor(readonly protocol: Protocol) {}

  refuse({ method, headers }: BusyHead, refusing: Refusing): LegacyHttpResponse {
    if (method !== 'POST') return bareBusy;
    const name = formNameOf(headers);
    const known = this.#written.get(name);
    if (known?.at === refusing.at && known.correlationId === refusing.correlationId) return known.response;
    const response = write(forms[name], refusing);
    this.#written.set(name, { ...refusing, response });
    return response;
  }
}

function formNameOf(headers: BusyHead['headers']): FormName {
  const isOld = headers['content-type']?.trimStart().toLowerCase().startsWith(soap11.mediaType) === true;
  if (!isOld) return 'addressed';
  return headers['authorization'] === undefined ? 'plain' : 'basic';
}

function write(form: SoapForm, { correlationId, at }: Refusing): LegacyHttpResponse {
  const row = faultTable.overloaded;
  const xml = writeFault(form, row, new Overloaded('there is too much to do'), {
    correlationId,
    relatesTo: undefined,
    now: at,
  });
  return {
    status: 503,
    headers: { 'Content-Type': `${form.version.mediaType}; charset=utf-8`, 'Retry-After': '1' },
    body: encodeXml(xml, 'utf-8'),
  };
}
