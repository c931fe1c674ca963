import type { AxiosInstance } from 'axios';
import { hl7v3ServiceDescription } from '../../../contract/hl7v3/operations.js';
import { pregXmlServiceDescription } from '../../../contract/preg-xml/service-description.js';
import type { DescribedService } from '../../../contract/soap/wsdl.js';
import { InternalError, PregRejected, PregUnavailable } from '../../../errors/errors.js';
import { closeHttpClient, createHttpClient } from '../../../outbound/http-client.js';
import { alarm, type Clock } from '../../../runtime/clock.js';
import type { Caller } from '../../person-registry.js';
import type { PregReply, PregRequest, PregServiceName } from '../preg-service.js';
import type { Conversation } from './conversation.js';
import { OneShotConversation } from './one-shot-conversation.js';
import { PregAccounts } from './preg-accounts.js';
import { PregCalls } from './preg-calls.js';
import { PregEndpoint } from './preg-endpoint.js';
import { FaultHeard, faultError } from './preg-fault.js';
import type { OpenedPregService, PregAccount, PregServiceParts } from './preg-service-parts.js';
import { replyOf } from './reply-of.js';
import { SecureConversation } from './secure-conversation.js';
import { SoapSender } from './soap-sender.js';

/** Connections beside those of questions, for sessions. */
const SPARE_CONNECTIONS = 4;

/** How long PREG may take to take sessions back at the end. */
const FAREWELL_MILLISECONDS = 2_000;

/** Operations that change something, and are never sent twice on suspicion. */
const changing: ReadonlySet<string> = new Set([
  'AddPerson',
  'RevisePersonRecord',
  'LinkPersonRecords',
  'UnlinkPersonRecords',
]);

/**
 * The way to the old PREG over SOAP 1.2, by node-soap. Nothing is called before the first question; node-soap is loaded here, so
 * that nobody without PREG pays for it.
 */
export async function createPregService(parts: PregServiceParts): Promise<OpenedPregService> {
  const { settings, certificateAuthority, proxy, contract } = parts;
  const http = createHttpClient({
    certificateAuthority,
    proxy,
    maxSockets: settings.maxConcurrentCalls + SPARE_CONNECTIONS,
  });
  const { hl7v3Url, pregXmlUrl } = settings;
  const services = new Map<PregServiceName, Service>();
  if (hl7v3Url !== undefined) {
    services.set('hl7v3', await openService('hl7v3', hl7v3ServiceDescription, hl7v3Url, http, parts));
  }
  if (pregXmlUrl !== undefined) {
    const description = pregXmlServiceDescription(contract);
    services.set('preg-xml', await openService('preg-xml', description, pregXmlUrl, http, parts));
  }
  return new PregSoapService(parts, services, http);
}

interface Service {
  readonly description: DescribedService;
  readonly conversation: Conversation;
}

async function openService(
  service: PregServiceName,
  description: DescribedService,
  address: string,
  http: AxiosInstance,
  { settings, events, clock, random }: PregServiceParts,
): Promise<Service> {
  const endpoint = new PregEndpoint({
    service,
    address,
    namespace: description.targetNamespace,
    sender: await SoapSender.create(await import('soap'), description, address, http),
    events,
    clock,
    random,
  });
  const conversation =
    settings.security === 'username-token'
      ? new OneShotConversation(endpoint)
      : new SecureConversation({
          endpoint,
          clock,
          random,
          sessionTimeoutMilliseconds: settings.callTimeoutSeconds * 1_000,
        });
  return { description, conversation };
}

class PregSoapService implements OpenedPregService {
  readonly #clock: Clock;
  readonly #accounts: PregAccounts;
  readonly #calls: PregCalls;
  readonly #closed = new AbortController();

  constructor(
    { settings, clock, events }: PregServiceParts,
    private readonly services: ReadonlyMap<PregServiceName, Service>,
    private readonly http: AxiosInstance,
  ) {
    this.#clock = clock;
    this.#accounts = new PregAccounts(settings.accounts, clock);
    this.#calls = new PregCalls(settings, clock, events);
  }

  async call(request: PregRequest, caller: Caller): Promise<PregReply> {
    if (this.#closed.signal.aborted) throw new PregUnavailable('PREG is not asked any more');
    const service = this.services.get(request.service);
    if (service === undefined) {
      throw new PregRejected('no-address', `cutover.preg has no address for ${request.service}`);
    }
    const account = this.#accounts.of(caller.clientId);
    return this.#calls.make(request.service, caller, (signal) =>
      this.#ask(service, account, request, { ...caller, signal }),
    );
  }

  async #ask(
    { description, conversation }: Service,
    account: PregAccount,
    { operation: name, body }: PregRequest,
    { clientId, correlationId, signal }: Caller,
  ): Promise<PregReply> {
    const operation = description.operations.find((known) => known.name === name);
    if (operation === undefined) throw new InternalError(`PREG has no operation ${name}`);
    const question = { operation, body, isRead: !changing.has(name) };
    try {
      const heard = await conversation.ask(question, account, { clientId, correlationId, signal });
      return replyOf(heard);
    } catch (error) {
      if (!(error instanceof FaultHeard)) throw error;
      if (error.fault.meaning === 'account-refused') this.#accounts.refused(account);
      throw faultError(error.fault);
    }
  }

  async close(): Promise<void> {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort();
    const farewell = new AbortController();
    const stopAlarm = alarm(this.#clock, FAREWELL_MILLISECONDS, () => {
      farewell.abort(new PregUnavailable('PREG took too long to take sessions back'));
    });
    await Promise.all(
      Array.from(this.services.values(), ({ conversation }) => conversation.end(farewell.signal)),
    );
    stopAlarm();
    closeHttpClient(this.http);
  }
}
