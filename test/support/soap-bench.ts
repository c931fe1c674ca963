import type { Authenticator, Credentials } from '../../src/access/authenticator.js';
import type { LegacyClient } from '../../src/access/legacy-client.js';
import { RateLimits } from '../../src/access/rate-limits.js';
import { NotAuthenticated } from '../../src/errors/errors.js';
import type { FrontDoor, LegacyHttpRequest, LegacyHttpResponse } from '../../src/legacy/http.js';
import { createSoapEndpoint, type SoapEndpointSettings } from '../../src/legacy/soap/endpoint.js';
import {
  SecurityContexts,
  type SecurityContextsParts,
} from '../../src/legacy/soap/secure-conversation/security-contexts.js';
import type { SoapAnswer, SoapCall, SoapOperation, SoapService } from '../../src/legacy/soap/soap-service.js';
import type { AuditEntry } from '../../src/operations/audit-trail.js';
import type { AdapterEvents, EventSink } from '../../src/operations/events.js';
import type { XmlElement } from '../../src/xml/element.js';
import { CountedRandom } from './counted-random.js';
import { auditInto } from './recorded-audit.js';
import { sessionParts } from './session-parts.js';
import { StandingClock } from './standing-clock.js';
import { ECHO_ACTION, SENT_AT, soapMessage } from './soap-request.js';
import { noQuirks } from './quirks.js';

export const CORRELATION_ID = '11111111-2222-4333-8444-555555555555';
export const ECHO_PATH = '/Echo/Echo.svc';

/** A SOAP endpoint over a service that says back what it hears, with everything around it in the test's hands. */
export interface SoapBench {
  readonly door: FrontDoor;
  readonly clock: StandingClock;
  readonly audited: AuditEntry[];
  readonly answered: AdapterEvents['requestAnswered'][];
  readonly tried: Credentials[];
  /** Calls that reached the operation. */
  readonly calls: { readonly body: XmlElement; readonly call: SoapCall }[];
  post(
    body: string | Uint8Array,
    headers?: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<LegacyHttpResponse>;
  request(parts: Partial<LegacyHttpRequest>): Promise<LegacyHttpResponse>;
}

export interface BenchOptions {
  readonly now?: string;
  readonly settings?: Partial<SoapEndpointSettings>;
  readonly handle?: (body: XmlElement, call: SoapCall) => Promise<SoapAnswer>;
  readonly authenticate?: Authenticator['authenticate'];
  readonly protocols?: LegacyClient['protocols'];
  readonly rate?: LegacyClient['rate'];
  readonly record?: (entry: AuditEntry) => void;
  readonly metadata?: SoapService['metadata'];
  readonly sessions?: Partial<SecurityContextsParts>;
}

export function soapBench(options: BenchOptions = {}): SoapBench {
  const clock = new StandingClock(options.now ?? SENT_AT);
  const audited: AuditEntry[] = [];
  const answered: AdapterEvents['requestAnswered'][] = [];
  const tried: Credentials[] = [];
  const calls: SoapBench['calls'] = [];
  const client: LegacyClient = {
    id: 'epj-1',
    protocols: options.protocols ?? new Set(['hl7v3'] as const),
    organisation: { parent: '999999999' },
    access: 'full',
    visible: new Set(),
    quirks: noQuirks,
    rate: options.rate,
  };
  const audit = auditInto(audited, options.record);
  const events: EventSink = {
    emit: (name, event) => {
      if (name === 'requestAnswered' && isAnswered(event)) answered.push(event);
    },
  };
  const authenticator: Authenticator = {
    authenticate: (credentials, signal) => {
      tried.push(credentials);
      if (options.authenticate !== undefined) return options.authenticate(credentials, signal);
      return 'password' in credentials && credentials.username === 'epj' && credentials.password === 'secret'
        ? Promise.resolve(client)
        : Promise.reject(new NotAuthenticated('unknown'));
    },
  };
  const { clients, contexts: ledger, contextSeal: seal } = sessionParts(client);
  const contexts = new SecurityContexts({
    ledger,
    seal,
    clients,
    clock,
    random: new CountedRandom(),
    keyLifetimeMilliseconds: 15 * 60 * 60_000,
    ...options.sessions,
  });
  const operation: SoapOperation = {
    name: 'Echo',
    action: ECHO_ACTION,
    replyAction: `${ECHO_ACTION}Response`,
    bodyNamespace: 'urn:example:echo',
    bodyLocalName: 'Echo',
    handle: (body, call) => {
      calls.push({ body, call });
      return (options.handle ?? echo)(body, call);
    },
  };
  const door = createSoapEndpoint({
    service: {
      protocol: 'hl7v3',
      paths: [ECHO_PATH],
      operations: [operation],
      greeting: 'Echo is here.',
      metadata:
        options.metadata ??
        ((address) => ({
          wsdl: `<wsdl at="${address}"/>`,
          singleWsdl: `<single at="${address}"/>`,
          schemas: new Map([['xsd0', '<schema/>']]),
        })),
    },
    authenticator,
    rates: new RateLimits(clock),
    contexts,
    audit,
    events,
    clock,
    random: { uuid: () => CORRELATION_ID, bytes: (length) => new Uint8Array(length) },
    settings: {
      deadlineMilliseconds: 30_000,
      maxRequestBytes: 1_048_576,
      maxDecompressedBytes: 4_194_304,
      httpBasic: false,
      ...options.settings,
    },
  });
  const request: SoapBench['request'] = (parts) =>
    door.answer({
      method: 'GET',
      path: ECHO_PATH,
      query: '',
      headers: { host: 'preg.example.invalid' },
      body: new Uint8Array(0),
      remoteAddress: '192.0.2.7',
      signal: new AbortController().signal,
      ...parts,
    });
  return {
    door,
    clock,
    audited,
    answered,
    tried,
    calls,
    request,
    post: (body, headers = {}, signal) =>
      request({
        method: 'POST',
        headers: {
          host: 'preg.example.invalid',
          'content-type': 'application/soap+xml; charset=utf-8',
          ...headers,
        },
        body: typeof body === 'string' ? Buffer.from(body) : body,
        ...(signal === undefined ? {} : { signal }),
      }),
  };
}

function isAnswered(event: object): event is AdapterEvents['requestAnswered'] {
  return 'outcome' in event && 'httpStatus' in event;
}

function echo(body: XmlElement): Promise<SoapAnswer> {
  return Promise.resolve({
    body: {
      name: 'EchoResponse',
      attributes: { xmlns: 'urn:example:echo' },
      content: [{ name: 'value', content: [body.children[0]?.text ?? ''] }],
    },
    outcome: 'found',
  });
}

/** The text of an answer in UTF-8. */
export function textOf(response: LegacyHttpResponse): string {
  return typeof response.body === 'string' ? response.body : Buffer.from(response.body).toString('utf8');
}

/** The innermost code and the reason of a fault. */
export function faultOf(response: LegacyHttpResponse): { readonly code: string; readonly reason: string } {
  const text = textOf(response);
  const codes = [...text.matchAll(/<s:Value[^>]*>([^<]*)<\/s:Value>/g)];
  return {
    code: codes.at(-1)?.[1] ?? 'no fault',
    reason: /<s:Text xml:lang="en-US">([^<]*)<\/s:Text>/.exec(text)?.[1] ?? '',
  };
}

/** What every fault promises: our own text, a SOAP media type, status 500, no internals. */
export function isCleanFault(response: LegacyHttpResponse): boolean {
  return (
    response.status === 500 &&
    /^application\/soap\+xml; charset=[a-z0-9-]+$/.test(response.headers['Content-Type'] ?? '') &&
    !/\bat \/|node_modules|\.js:|Error:|secret/.test(textOf(response))
  );
}

/** Whether the bench still answers as it should. */
export async function stillAnswers(bench: SoapBench): Promise<boolean> {
  const response = await bench.post(soapMessage());
  return response.status === 200 && textOf(response).includes('<value>hello</value>');
}
