import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LegacyClient } from '../../src/access/legacy-client.js';
import { RateLimits } from '../../src/access/rate-limits.js';
import { hl7v3ServiceDescription } from '../../src/contract/hl7v3/operations.js';
import { pregXmlServiceDescription } from '../../src/contract/preg-xml/service-description.js';
import type { DescribedService } from '../../src/contract/soap/wsdl.js';
import { NotAuthenticated } from '../../src/errors/errors.js';
import type { FrontDoor } from '../../src/legacy/http.js';
import { createSoapEndpoint } from '../../src/legacy/soap/endpoint.js';
import { SecurityContexts } from '../../src/legacy/soap/secure-conversation/security-contexts.js';
import type { SoapAnswer, SoapCall, SoapService } from '../../src/legacy/soap/soap-service.js';
import { createPregService } from '../../src/registry/preg/soap/create-preg-service.js';
import type { OpenedPregService, PregSettings } from '../../src/registry/preg/soap/preg-service-parts.js';
import type { PregReply, PregRequest, PregServiceName } from '../../src/registry/preg/preg-service.js';
import type { Caller } from '../../src/registry/person-registry.js';
import type { Clock } from '../../src/runtime/clock.js';
import { newCorrelationId } from '../../src/runtime/correlation.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import type { XmlElement } from '../../src/xml/element.js';
import { escapeText } from '../../src/xml/escape.js';
import type { LoopbackServer } from './loopback-server.js';
import { contracts } from './preg-xml.js';
import { RecordedEvents } from './recorded-events.js';
import { someClient } from './session-bench.js';
import { sessionParts } from './session-parts.js';
import { namespaces } from './soap-request.js';
import { StandingClock } from './standing-clock.js';

/** PREG as our own front ends play it, over operations that say back what they hear, and the client that asks it. */

/** A request as it came, with what it says it wants. */
export interface ReceivedMessage {
  readonly path: string;
  /** The last part of the action, `GetDemographics` or `SCT/Renew`. */
  readonly action: string;
  readonly contentType: string;
  readonly text: string;
}

/** Answers in place of PREG. @returns whether it did, or will */
export type Misbehaviour = (
  message: ReceivedMessage,
  response: ServerResponse,
  request: IncomingMessage,
) => boolean;

export interface LegacyPreg {
  readonly clock: StandingClock;
  readonly events: RecordedEvents;
  readonly received: readonly ReceivedMessage[];
  readonly actions: () => readonly string[];
  readonly server: LoopbackServer;
  readonly preg: OpenedPregService;
  /** What stands in PREG's way; none by default. */
  misbehave: Misbehaviour;
  /** Called within each operation. */
  working: (body: XmlElement, call: SoapCall) => Promise<void>;
  /** Asks for a value, which the answer holds. */
  ask(value?: string, options?: AskOptions): Promise<PregReply>;
  /** Ends every session at PREG, as a restart does. */
  forgetSessions(): void;
  /** How far PREG's clock is ahead of ours; not at all by default. */
  aheadMilliseconds: number;
  /** What becomes of PREG's answers on their way. */
  rewrite: (answer: string) => string;
  /** Settings of the client. */
  readonly settings: PregSettings;
}

export interface AskOptions {
  readonly service?: PregServiceName;
  readonly operation?: string;
  readonly body?: string;
  readonly caller?: Partial<Caller>;
}

export interface LegacyPregOptions {
  readonly settings?: Partial<PregSettings>;
  readonly keyLifetimeMilliseconds?: number;
  /** The password that PREG knows. */
  readonly password?: string;
  readonly certificateAuthority?: string;
}

export const PASSWORD = 'hemmelig & <lang>';
const paths = {
  hl7v3: '/Personregister.HL7/PersonRegistry.svc',
  'preg-xml': '/Personregister.WCF/PersonService.svc',
};
const descriptions: Readonly<Record<PregServiceName, DescribedService>> = {
  hl7v3: hl7v3ServiceDescription,
  'preg-xml': pregXmlServiceDescription(contracts['2018']),
};

/** Starts both with the help of {@link loopbackServers}. */
export async function startLegacyPreg(
  start: (handler: (request: IncomingMessage, response: ServerResponse) => void) => Promise<LoopbackServer>,
  options: LegacyPregOptions = {},
): Promise<LegacyPreg> {
  const clock = new StandingClock('2022-03-01T12:00:00Z');
  const events = new RecordedEvents();
  const received: ReceivedMessage[] = [];
  const client = someClient('epj-1', new Set(['hl7v3', 'preg-xml']));
  const parts = sessionParts(client);
  const known = new Set<string>();
  const forgotten = new Set<string>();
  const doors = doorsOf(
    client,
    {
      ...parts,
      contexts: {
        ...parts.contexts,
        stateOf: (identifier, instance) => {
          known.add(identifier);
          const state = parts.contexts.stateOf(identifier, instance);
          return { ...state, cancelled: state.cancelled || forgotten.has(identifier) };
        },
      },
    },
    {
      ...options,
      clock: {
        now: () => new Date(clock.now().getTime() + bench.aheadMilliseconds),
        sleep: (time, signal) => clock.sleep(time, signal),
      },
    },
    (body, call) => bench.working(body, call),
  );
  const server = await start((request, response) => {
    void respond(request, response, received, doors, () => bench);
  });
  const address = `http://127.0.0.1:${server.port}`;
  const settings: PregSettings = {
    hl7v3Url: address + paths.hl7v3,
    pregXmlUrl: address + paths['preg-xml'],
    security: 'username-token',
    callTimeoutSeconds: 10,
    maxConcurrentCalls: 8,
    accounts: [{ client: 'epj-1', username: 'epj', password: PASSWORD }],
    ...options.settings,
  };
  const preg = await createPregService({
    settings,
    contract: contracts['2018'],
    certificateAuthority: options.certificateAuthority,
    events,
    clock,
    random: systemRandom,
  });
  const bench: LegacyPreg = {
    clock,
    events,
    received,
    actions: () => received.map(({ action }) => action),
    server,
    preg,
    settings,
    misbehave: () => false,
    working: () => Promise.resolve(),
    ask: (value = 'hello', asked = {}) => preg.call(requestFor(value, asked), callerOf(asked.caller)),
    forgetSessions: () => {
      for (const identifier of known) forgotten.add(identifier);
    },
    aheadMilliseconds: 0,
    rewrite: (answer) => answer,
  };
  return bench;
}

/** A caller of the client that PREG knows. */
export function callerOf(parts: Partial<Caller> = {}): Caller {
  return {
    clientId: 'epj-1',
    organisation: { parent: '999999999' },
    access: 'full',
    visible: new Set(),
    correlationId: newCorrelationId(systemRandom),
    signal: new AbortController().signal,
    ...parts,
  };
}

export function requestFor(
  value: string,
  { service = 'hl7v3', operation, body }: AskOptions = {},
): PregRequest {
  const name = operation ?? (service === 'hl7v3' ? 'GetDemographics' : 'GetPerson');
  const namespace = descriptions[service].targetNamespace;
  return {
    service,
    operation: name,
    body: body ?? `<p:${name} xmlns:p="${namespace}"><p:value>${escapeText(value)}</p:value></p:${name}>`,
  };
}

/** What the bench's operations say back. */
export function valueIn({ body }: PregReply): string {
  return body.children[0]?.text ?? 'nothing';
}

function doorsOf(
  client: LegacyClient,
  { clients, contexts: ledger, contextSeal: seal }: ReturnType<typeof sessionParts>,
  options: LegacyPregOptions & { readonly clock: Clock },
  working: (body: XmlElement, call: SoapCall) => Promise<void>,
): readonly FrontDoor[] {
  const { clock, keyLifetimeMilliseconds = 15 * 60 * 60_000, password = PASSWORD } = options;
  const contexts = new SecurityContexts({
    ledger,
    seal,
    clients,
    clock,
    random: systemRandom,
    keyLifetimeMilliseconds,
  });
  return (['hl7v3', 'preg-xml'] as const).map((name) =>
    createSoapEndpoint({
      service: echoService(name, working),
      authenticator: {
        authenticate: (credentials) =>
          'password' in credentials && credentials.username === 'epj' && credentials.password === password
            ? Promise.resolve(client)
            : Promise.reject(new NotAuthenticated('unknown')),
      },
      contexts,
      rates: new RateLimits(clock),
      audit: { record: () => Promise.resolve() },
      events: { emit: () => undefined },
      clock,
      random: systemRandom,
      settings: {
        deadlineMilliseconds: 60_000,
        maxRequestBytes: 1_048_576,
        maxDecompressedBytes: 1_048_576,
        httpBasic: false,
      },
    }),
  );
}

function echoService(
  name: PregServiceName,
  working: (body: XmlElement, call: SoapCall) => Promise<void>,
): SoapService {
  const { operations, targetNamespace } = descriptions[name];
  return {
    protocol: name,
    paths: [paths[name]],
    greeting: 'PREG',
    metadata: () => ({ wsdl: '', singleWsdl: '', schemas: new Map() }),
    operations: operations.map((operation) => ({
      ...operation,
      bodyNamespace: targetNamespace,
      bodyLocalName: operation.name,
      handle: async (body, call): Promise<SoapAnswer> => {
        await working(body, call);
        return {
          body: {
            name: `${operation.name}Response`,
            attributes: { xmlns: targetNamespace },
            content: [{ name: 'value', content: [body.children[0]?.text ?? ''] }],
          },
          outcome: 'found',
        };
      },
    })),
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  received: ReceivedMessage[],
  doors: readonly FrontDoor[],
  bench: () => Pick<LegacyPreg, 'misbehave' | 'rewrite'>,
): Promise<void> {
  const chunks: Uint8Array[] = [];
  request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  await new Promise((resolve) => request.once('end', resolve));
  const body = Buffer.concat(chunks);
  const text = body.toString('utf8');
  const path = request.url ?? '';
  const message: ReceivedMessage = {
    path,
    action: /<a:Action[^>]*>[^<]*?\/(SCT[/\w]*|\w+)<\/a:Action>/.exec(text)?.[1] ?? '',
    contentType: request.headers['content-type'] ?? '',
    text,
  };
  received.push(message);
  if (bench().misbehave(message, response, request)) return;
  const answer = await doors
    .find((door) => door.paths.includes(path))
    ?.answer({
      method: request.method ?? '',
      path,
      query: '',
      headers: { 'content-type': message.contentType, host: request.headers.host },
      body,
      remoteAddress: '127.0.0.1',
      signal: new AbortController().signal,
    });
  const told = Buffer.from(answer?.body ?? '').toString('utf8');
  response.writeHead(answer?.status ?? 404, answer?.headers).end(bench().rewrite(told));
}

/** A fault of SOAP 1.2 as .NET writes it. `subcode` is `w:`, `c:`, `d:`, `a:`, `t:` or `m:` and a local name. */
export function faultXml(
  code: 'Sender' | 'Receiver',
  subcode?: string,
  reason = 'something is wrong',
): string {
  const inner =
    subcode === undefined
      ? ''
      : `<s:Subcode><s:Value ${Object.entries(faultNamespaces)
          .map(([prefix, uri]) => `xmlns:${prefix}="${uri}"`)
          .join(' ')}>${subcode}</s:Value></s:Subcode>`;
  return (
    `<s:Envelope xmlns:s="${namespaces.soap}"><s:Body><s:Fault><s:Code><s:Value>s:${code}</s:Value>${inner}</s:Code>` +
    `<s:Reason><s:Text xml:lang="en-US">${reason}</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>`
  );
}

const faultNamespaces = {
  w: namespaces.security,
  c: 'http://schemas.xmlsoap.org/ws/2005/02/sc',
  d: 'http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher',
  a: namespaces.addressing,
  t: 'http://schemas.xmlsoap.org/ws/2005/02/trust',
  m: 'http://schemas.microsoft.com/ws/2006/05/security',
};

/** Answers in place of PREG with this, those that are asked for alone where they are named. */
export function answering(
  status: number,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = { 'Content-Type': 'application/soap+xml; charset=utf-8' },
  action?: string,
): Misbehaviour {
  return (message, response) => {
    if (action !== undefined && message.action !== action) return false;
    response.writeHead(status, headers).end(body);
    return true;
  };
}
