import { randomUUID } from 'node:crypto';
import { Agent } from 'node:https';
import { createClientAsync, WSSecurity, type Client } from 'soap';
import { z } from 'zod';
import type { SandboxedAdapter } from '../support/sandboxed-adapter.js';

const SERVICE = '/Personregister.HL7/PersonRegistry.svc';
const ACTIONS = 'http://tempuri.org/IPersonRegistry';
const ADDRESSING = 'http://www.w3.org/2005/08/addressing';

/** One call with node-soap, a SOAP client by others, through the WSDL that we serve. @returns the reply's body, parsed */
export async function callWithNodeSoap(
  adapter: SandboxedAdapter,
  { operation, content, password = 'epj-sandbox', service = SERVICE, actions = ACTIONS }: NodeSoapCall,
): Promise<unknown> {
  const connection = { httpsAgent: new Agent({ ca: adapter.certificatePem }), proxy: false };
  const url = adapter.legacyUrl + service;
  const client = await createClientAsync(`${url}?wsdl`, {
    endpoint: url,
    forceSoap12Headers: true,
    wsdl_options: connection,
  });
  client.setSecurity(
    new WSSecurity('epj-sandbox', password, {
      passwordType: 'PasswordText',
      hasTimeStamp: true,
      mustUnderstand: true,
    }),
  );
  addressed(client, url, `${actions}/${operation}`);
  const method: unknown = client[`${operation}Async`];
  if (typeof method !== 'function') throw new Error(`the WSDL offers no ${operation}`);
  const reply: unknown = await method.call(client, content, connection);
  return z.array(z.unknown()).parse(reply)[0];
}

export interface NodeSoapCall {
  readonly operation: string;
  /** As node-soap takes it: attributes in `attributes`, text in `$value`. */
  readonly content: object;
  readonly password?: string;
  /** Path of the service; that of HL7 v3 when left out. */
  readonly service?: string;
  /** What the actions of the service begin with. */
  readonly actions?: string;
}

function addressed(client: Client, url: string, action: string): void {
  const headers = [
    ['Action', action],
    ['MessageID', `urn:uuid:${randomUUID()}`],
    ['To', url],
  ];
  for (const [name, text] of headers) {
    client.addSoapHeader(`<a:${name ?? ''} xmlns:a="${ADDRESSING}">${text ?? ''}</a:${name ?? ''}>`);
  }
}

/** node-soap gives a lone element as itself and several as a list. */
export function oneOrMore<Schema extends z.ZodType>(schema: Schema): z.ZodType<z.output<Schema>[]> {
  return z.union([z.array(schema), schema.transform((one) => [one])]);
}
