import type { Authenticator } from '../../access/authenticator.js';
import type { Protocol } from '../../access/legacy-client.js';
import { requireOperation } from '../../access/permission.js';
import type { RateLimits } from '../../access/rate-limits.js';
import type { Route } from '../../registry/cutover/route.js';
import type { AuditOutcome } from '../../operations/audit-trail.js';
import type { NationalId } from '../../person/national-id.js';
import type { Clock } from '../../runtime/clock.js';
import type { CorrelationId } from '../../runtime/correlation.js';
import type { XmlDocumentText } from '../../xml/canonical.js';
import type { XmlCharset } from '../../xml/charset.js';
import { decodeXml } from '../../xml/decode.js';
import type { XmlElement } from '../../xml/element.js';
import { elementText } from '../../xml/element-text.js';
import { encodeXml } from '../../xml/encode.js';
import { defaultXmlLimits } from '../../xml/limits.js';
import { readXml } from '../../xml/reader.js';
import { callerOf, type RequestProvenance } from '../caller-of.js';
import type { LegacyHttpRequest } from '../http.js';
import { hasAddressing } from './addressing.js';
import { wantedRoute } from '../wanted-route.js';
import { withDeadline } from '../../runtime/deadline.js';
import { requestDeadline } from '../request-deadline.js';
import { dispatch } from './dispatch.js';
import { headersForUs, messageIdOf, readEnvelope, type SoapEnvelope } from './envelope.js';
import { identify, requireCallable, type Identity, type IdentificationParts } from './identification.js';
import { readAnnouncement, takeIn, type IntakeLimits } from './intake.js';
import { writeReply } from './reply.js';
import type { SecurityContexts } from './secure-conversation/security-contexts.js';
import type { TrustOperation } from './secure-conversation/trust-operations.js';
import type { ReplyBody, SoapAnswer, SoapOperation, SoapService } from './soap-service.js';
import { formOf, type SoapForm } from './soap-version.js';
import { hasSecurityHeader } from './ws-security.js';

/** What is known of a request so far. Filled in on the way, so that a fault and the audit trail can use what there is. */
export interface Exchange extends RequestProvenance {
  readonly correlationId: CorrelationId;
  readonly receivedAt: Date;
  charset: XmlCharset;
  /** The form in which the request came and its answer goes. */
  form: SoapForm;
  relatesTo: string | undefined;
  clientId: string | null;
  operation: string | null;
  subjects: readonly NationalId[];
  requester: string | undefined;
  /** How far the caller's clock is ahead of ours, the way of the message included. */
  clockSkewSeconds: number | undefined;
}

/** What the way of a request needs. */
export interface ExchangeParts {
  readonly service: SoapService;
  readonly authenticator: Authenticator;
  readonly rates: RateLimits;
  readonly contexts: SecurityContexts;
  /** What is served at every address beside the service's own operations. */
  readonly trustOperations: readonly TrustOperation[];
  readonly clock: Clock;
  readonly limits: IntakeLimits;
  readonly deadlineMilliseconds: number;
  /** Whether a message without WS-Security may be vouched for by HTTP Basic. */
  readonly httpBasic: boolean;
}

/** A good end: the reply as XML, and what the audit trail shall say. */
export interface Completed {
  readonly xml: string;
  readonly outcome: AuditOutcome;
}

/**
 * Takes one POST from its octets to its reply, under one deadline. The order of judgement is that of docs/soap.md:
 * what can be read, who asks, and only then what is asked, so that a stranger learns nothing about the service.
 * @throws AdapterError
 */
export async function answerPost(
  parts: ExchangeParts,
  exchange: Exchange,
  request: LegacyHttpRequest,
): Promise<Completed> {
  return withDeadline(
    requestDeadline({
      clock: parts.clock,
      milliseconds: parts.deadlineMilliseconds,
      signal: request.signal,
    }),
    async (signal) => {
      const { envelope, document } = await read(parts, exchange, request);
      signal.throwIfAborted();
      const identity = await identify(identificationParts(parts, exchange), {
        envelope,
        document,
        authorization: request.headers['authorization'],
        remoteAddress: request.remoteAddress,
        receivedAt: exchange.receivedAt,
        signal,
      });
      const { operation, body } = dispatch<SoapOperation | TrustOperation>(
        [...parts.service.operations, ...parts.trustOperations],
        {
          version: exchange.form.version,
          envelope,
          soapAction: request.headers['soapaction'],
          messageId: exchange.relatesTo,
        },
      );
      exchange.operation = operation.name;
      const replyWith = (content: ReplyBody): string =>
        writeReply(exchange.form, {
          action: operation.replyAction,
          relatesTo: exchange.relatesTo,
          securedAt: parts.clock.now(),
          body: content,
        });
      if ('answer' in operation) {
        parts.rates.take(identity.client, 'session');
        return { xml: replyWith(operation.answer(body, identity)), outcome: 'done' };
      }
      requireCallable(identity, exchange.receivedAt);
      // Counted first, so that what is refused is counted, too.
      parts.rates.take(identity.client);
      requireOperation(identity.client, operation.name);
      const answer = await call(operation, body, {
        exchange,
        identity,
        protocol: parts.service.protocol,
        wantedRoute: wantedRoute(request.headers),
        bodyText: () => elementText(document, body),
        signal,
        deadline: new Date(exchange.receivedAt.getTime() + parts.deadlineMilliseconds),
        replyWith,
      });
      return { xml: replyWith(answer.body), outcome: answer.outcome };
    },
  );
}

/** What an operation of the service is called with. */
interface Call {
  readonly exchange: Exchange;
  readonly identity: Identity;
  readonly protocol: Protocol;
  readonly wantedRoute: Route | undefined;
  readonly signal: AbortSignal;
  readonly deadline: Date;
  bodyText(): string;
  replyWith(content: ReplyBody): string;
}

function call(operation: SoapOperation, body: XmlElement, context: Call): Promise<SoapAnswer> {
  const { exchange, protocol, wantedRoute, signal, deadline } = context;
  const { client } = context.identity;
  return operation.handle(body, {
    client,
    caller: callerOf(client, exchange, {
      protocol,
      operation: operation.name,
      wantedRoute,
      signal,
      deadline,
    }),
    receivedAt: exchange.receivedAt,
    describe: (subjects, detail) => {
      exchange.subjects = subjects;
      exchange.requester = detail?.requester ?? exchange.requester;
    },
    bodyText: () => context.bodyText(),
    replyLength: (content) => Buffer.byteLength(encodeXml(context.replyWith(content), exchange.charset)),
  });
}

function identificationParts(
  { authenticator, contexts, service, httpBasic }: ExchangeParts,
  exchange: Exchange,
): IdentificationParts {
  return {
    authenticator,
    contexts,
    protocol: service.protocol,
    httpBasic,
    onTimestamp: ({ created }) => {
      exchange.clockSkewSeconds = Math.round((created - exchange.receivedAt.getTime()) / 1000);
    },
    onClient: ({ id }) => {
      exchange.clientId = id;
    },
  };
}

/** @throws HttpRefusal, EncodingConflict, DoctypeRefused, MalformedRequest, VersionMismatch */
async function read(
  parts: ExchangeParts,
  exchange: Exchange,
  request: LegacyHttpRequest,
): Promise<{ readonly envelope: SoapEnvelope; readonly document: XmlDocumentText }> {
  const announcement = readAnnouncement(request, parts.limits);
  const { version } = announcement;
  exchange.form = formOf(version);
  const intake = await takeIn(request, announcement, parts.limits);
  const { text, charset } = decodeXml(intake.octets, intake.charset);
  exchange.charset = charset;
  // The octets are limited already, by a setting.
  const root = readXml(text, { ...defaultXmlLimits, totalLength: parts.limits.maxDecompressedBytes });
  exchange.relatesTo = messageIdOf(root);
  const envelope = readEnvelope(root, version);
  // In kind: whoever sends headers of addressing or security gets them back.
  const addressed = exchange.form.addressed || hasAddressing(headersForUs(envelope));
  const secured = !parts.httpBasic || hasSecurityHeader(envelope);
  exchange.form = { version, addressed, secured };
  return { envelope, document: { text, root } };
}
