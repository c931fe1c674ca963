import type { LegacyClient } from '../../../src/access/legacy-client.js';
import { RateLimits } from '../../../src/access/rate-limits.js';
import { NotAuthenticated } from '../../../src/errors/errors.js';
import type { Hl7v2Endpoint, MessageOrigin } from '../../../src/legacy/hl7v2/endpoint.js';
import {
  createMessageEndpoint,
  type MessageEndpointSettings,
} from '../../../src/legacy/hl7v2/message-endpoint.js';
import type { Hl7v2Answer, Hl7v2Call, Hl7v2Operation } from '../../../src/legacy/hl7v2/operation.js';
import { componentOf, segmentNamed, type Hl7Message } from '../../../src/legacy/hl7v2/message/message.js';
import { segment, text } from '../../../src/legacy/hl7v2/message/segment.js';
import type { AuditEntry } from '../../../src/operations/audit-trail.js';
import { fieldGroups } from '../../../src/person/field-groups.js';
import { CountedRandom } from '../../support/counted-random.js';
import { transliteration } from '../../support/hl7v2.js';
import { noQuirks } from '../../support/quirks.js';
import { auditInto } from '../../support/recorded-audit.js';
import { RecordedEvents } from '../../support/recorded-events.js';
import { StandingClock } from '../../support/standing-clock.js';

/** What a bench differs in. */
export interface EndpointBenchParts {
  /** What the operation does; by default it tells ZQQ-1 back in ZAA-1. */
  readonly answer?: (request: Hl7Message, call: Hl7v2Call) => Promise<Hl7v2Answer>;
  readonly refusal?: Hl7v2Operation['refusal'];
  readonly client?: Partial<LegacyClient> | undefined;
  readonly identify?: MessageOrigin['identify'];
  readonly settings?: Partial<MessageEndpointSettings>;
  readonly onAudit?: (entry: AuditEntry) => void;
}

/** An endpoint with one operation, `QBP^Q22`, and what it leaves behind. */
export class EndpointBench {
  readonly clock = new StandingClock('2026-03-01T12:00:00Z');
  readonly events = new RecordedEvents();
  readonly audited: AuditEntry[] = [];
  readonly endpoint: Hl7v2Endpoint;
  readonly leave = new AbortController();
  readonly client: LegacyClient;

  constructor(private readonly parts: EndpointBenchParts = {}) {
    this.client = {
      id: 'epj',
      protocols: new Set(['hl7v2']),
      organisation: { parent: '310000027' },
      access: 'full',
      visible: new Set(fieldGroups),
      quirks: noQuirks,
      ...parts.client,
    };
    this.endpoint = createMessageEndpoint({
      operations: [
        {
          name: 'QBP^Q22',
          messageCode: 'QBP',
          triggerEvent: 'Q22',
          answerType: { code: 'RSP', event: 'K22', structure: 'RSP_K21' },
          answer: parts.answer ?? echo,
          refusal: parts.refusal ?? ((_request, code) => [segment('QAK', { 2: text(code) })]),
        },
      ],
      transliteration,
      rates: new RateLimits(this.clock),
      audit: auditInto(this.audited, parts.onAudit),
      events: this.events,
      clock: this.clock,
      random: new CountedRandom(),
      settings: {
        deadlineMilliseconds: 30_000,
        processingId: 'any',
        defaultCharset: '8859/1',
        ...parts.settings,
      },
    });
  }

  get origin(): MessageOrigin {
    return {
      remoteAddress: '192.0.2.7',
      signal: this.leave.signal,
      identify: this.parts.identify ?? ((): LegacyClient => this.client),
    };
  }

  /** The answer's segments, for a message whose octets are these or those of this text in ISO-8859-1. */
  async ask(message: string | Uint8Array): Promise<readonly string[]> {
    const octets = typeof message === 'string' ? Buffer.from(message, 'latin1') : message;
    return linesOf((await this.endpoint.answer(octets, this.origin)).octets);
  }
}

/** An answer's segments, read as ISO-8859-1. */
export function linesOf(octets: Uint8Array): readonly string[] {
  const lines = Buffer.from(octets).toString('latin1').split('\r');
  if (lines.pop() !== '') throw new Error('the last segment has no end');
  return lines;
}

/** Never tells anybody. */
export function nobody(): never {
  throw new NotAuthenticated('nobody is known');
}

/** What a header differs in. */
export interface HeaderDifferences {
  readonly type?: string;
  readonly id?: string;
  readonly processing?: string;
  readonly version?: string;
  readonly charset?: string;
}

/** A message that asks for a value to be told back. */
export function query(value = 'x', differences: HeaderDifferences = {}): string {
  const {
    type = 'QBP^Q22^QBP_Q21',
    id = 'M1',
    processing = 'P',
    version = '2.5',
    charset = '8859/1',
  } = differences;
  return `MSH|^~\\&|EPJ^1.2^ISO|SYKEHUS|REG|NHN|20260301||${type}|${id}|${processing}|${version}|||||NOR|${charset}\rZQQ|${value}\r`;
}

function echo(request: Hl7Message): Promise<Hl7v2Answer> {
  const value = componentOf(segmentNamed(request, 'ZQQ'), 1);
  return Promise.resolve({ segments: [segment('ZAA', { 1: text(value) })], outcome: 'found' });
}
