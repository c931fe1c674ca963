import { expect } from 'chai';
import type { Credentials } from '../../../../src/access/authenticator.js';
import type { LegacyClient, Protocol } from '../../../../src/access/legacy-client.js';
import { AuditUnavailable, NotAuthenticated, Overloaded } from '../../../../src/errors/errors.js';
import type { MessageOrigin } from '../../../../src/legacy/hl7v2/endpoint.js';
import { createHl7v2Door } from '../../../../src/legacy/hl7v2/http/hl7v2-door.js';
import type { FrontDoor, LegacyHttpResponse } from '../../../../src/legacy/http.js';
import type { AuditEntry } from '../../../../src/operations/audit-trail.js';
import { newCorrelationId } from '../../../../src/runtime/correlation.js';
import { CountedRandom } from '../../../support/counted-random.js';
import { noQuirks } from '../../../support/quirks.js';
import { auditInto } from '../../../support/recorded-audit.js';
import { RecordedEvents } from '../../../support/recorded-events.js';
import { StandingClock } from '../../../support/standing-clock.js';

const header = {
  sender: { application: '', facility: '' },
  receiver: { application: '', facility: '' },
  type: { code: 'QBP', event: 'Q22' },
  controlId: '1',
  processingId: 'P',
  version: '2.5',
  charset: '',
};

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Null for nobody. */
  readonly user?: string | null;
  readonly password?: string;
  readonly signal?: AbortSignal;
}

/** The door over an endpoint that keeps what it is given. Users: `epj`, who may speak HL7 v2, and `soap`, who may not. */
function bench({
  record,
  onAuthenticate = () => undefined,
}: { record?: () => void; onAuthenticate?: () => void } = {}): {
  readonly door: FrontDoor;
  readonly given: { readonly message: string; readonly origin: MessageOrigin }[];
  readonly audited: AuditEntry[];
  readonly events: RecordedEvents;
  readonly tried: Credentials[];
  readonly ask: (asked?: Asked) => Promise<LegacyHttpResponse>;
} {
  const given: { message: string; origin: MessageOrigin }[] = [];
  const audited: AuditEntry[] = [];
  const tried: Credentials[] = [];
  const events = new RecordedEvents();
  const clients: Readonly<Partial<Record<string, LegacyClient>>> = {
    epj: client('epj-1', 'hl7v2'),
    soap: client('epj-2', 'hl7v3'),
  };
  const door = createHl7v2Door({
    endpoint: {
      answer: (octets, origin) => {
        given.push({ message: Buffer.from(octets).toString('latin1'), origin });
        return Promise.resolve({ octets: Buffer.from('MSA|AE\xe6', 'latin1'), charsetLabel: 'iso-8859-1' });
      },
      refuseTooLarge: () => Promise.reject(new Error('nothing is too large here')),
      refuseBusy: (octets) => ({
        octets: Buffer.concat([Buffer.from('AE to '), octets]),
        charsetLabel: 'utf-8',
      }),
    },
    authenticator: {
      // Async, so that what is thrown is a rejection, as everywhere.
      // eslint-disable-next-line @typescript-eslint/require-await
      authenticate: async (credentials) => {
        tried.push(credentials);
        onAuthenticate();
        const known = clients[credentials.username];
        if (known === undefined || !('password' in credentials) || credentials.password !== 'secret') {
          throw new NotAuthenticated('unknown');
        }
        return known;
      },
    },
    audit: auditInto(audited, record),
    events,
    clock: new StandingClock('2026-07-01T12:00:00Z'),
    random: new CountedRandom(),
  });
  return {
    door,
    given,
    audited,
    events,
    tried,
    ask: ({ method = 'POST', headers = {}, body = 'MSH|', user = 'epj', password = 'secret', signal } = {}) =>
      door.answer({
        method,
        path: '/hl7v2',
        query: '',
        headers: {
          ...(user === null
            ? {}
            : { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }),
          ...headers,
        },
        body: Buffer.from(body, 'latin1'),
        remoteAddress: '192.0.2.7',
        signal: signal ?? new AbortController().signal,
      }),
  };
}

function client(id: string, protocol: Protocol): LegacyClient {
  return {
    id,
    protocols: new Set([protocol]),
    organisation: { parent: '999999999' },
    access: 'full',
    visible: new Set(),
    quirks: noQuirks,
  };
}

describe('POST /hl7v2', () => {
  it('is answered 503 with an acknowledgement where there is no time for it', () => {
    const { door, audited } = bench();
    const refusing = { correlationId: newCorrelationId(new CountedRandom()), at: new Date(0) };
    const refused = door.busy?.refuseRead?.(Buffer.from('MSH|'), refusing);
    expect(refused).to.include({ status: 503 });
    expect(refused?.headers).to.include({ 'Content-Type': 'application/hl7-v2; charset=utf-8' });
    expect(Buffer.from(refused?.body ?? '').toString()).to.equal('AE to MSH|');
    expect(audited).to.deep.equal([]);
  });

  it('is answered 200 with the message of the endpoint, whatever it says', async () => {
    const { door, ask, given, audited, events } = bench();
    expect(door.paths).to.deep.equal(['/hl7v2']);
    const response = await ask({ body: 'MSH|^~\\&|\xe6\r' });
    expect(response).to.deep.include({
      status: 200,
      headers: {
        'Content-Type': 'application/hl7-v2; charset=iso-8859-1',
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
      },
    });
    expect(Buffer.from(response.body).toString('latin1')).to.equal('MSA|AE\xe6');
    expect(given.map(({ message }) => message)).to.deep.equal(['MSH|^~\\&|\xe6\r']);
    expect(given[0]?.origin.remoteAddress).to.equal('192.0.2.7');
    // They are the endpoint's to leave.
    expect([audited.length, events.of.requestAnswered.length]).to.deep.equal([0, 0]);
  });

  it('is of the client that has logged in, whatever the message calls its sender', async () => {
    const { ask, given, tried } = bench();
    await ask();
    expect(given[0]?.origin.identify({ ...header, sender: { application: 'X', facility: 'Y' } }).id).to.equal(
      'epj-1',
    );
    expect(tried).to.deep.equal([{ username: 'epj', password: 'secret', remoteAddress: '192.0.2.7' }]);
  });

  it('may have the frame of MLLP around its message', async () => {
    const { ask, given } = bench();
    for (const body of ['\x0bMSH|a\r\x1c\r', '\x0bMSH|a\r\x1c', '\x0bMSH|a\r', 'MSH|a\r'])
      await ask({ body });
    expect(given.map(({ message }) => message)).to.deep.equal(Array(4).fill('MSH|a\r'));
  });

  for (const type of [
    'application/hl7-v2',
    'application/hl7-v2; charset=utf-8',
    'application/hl7-v2+er7',
    'x-application/hl7-v2+er7; charset="iso-8859-1"',
    'Text/Plain',
    undefined,
  ]) {
    it(`is taken as ${type ?? 'nothing in particular'}`, async () => {
      const { ask } = bench();
      const headers = type === undefined ? {} : { 'content-type': type };
      expect(await ask({ headers })).to.have.property('status', 200);
    });
  }

  const refusals: readonly [
    what: string,
    asked: Asked,
    status: number,
    outcome: string,
    clientId: string | null,
  ][] = [
    ['without credentials', { user: null }, 401, 'not-authenticated', null],
    ['with a wrong password', { password: 'x' }, 401, 'not-authenticated', null],
    ['of somebody unknown', { user: 'nobody' }, 401, 'not-authenticated', null],
    ['without credentials by GET', { user: null, method: 'GET' }, 401, 'not-authenticated', null],
    ['of a client without the protocol', { user: 'soap' }, 403, 'not-authorised', 'epj-2'],
    ['by another method', { method: 'GET' }, 405, 'malformed-request', 'epj-1'],
    ['of another type', { headers: { 'content-type': 'text/xml' } }, 415, 'malformed-request', 'epj-1'],
    ['of no type at all', { headers: { 'content-type': 'x' } }, 415, 'malformed-request', 'epj-1'],
    ['that is compressed', { headers: { 'content-encoding': 'gzip' } }, 415, 'malformed-request', 'epj-1'],
  ];
  for (const [what, asked, status, outcome, clientId] of refusals) {
    it(`${what} is refused with ${status}, and on record`, async () => {
      const { ask, given, audited, events } = bench();
      const response = await ask(asked);
      expect([response.status, response.body]).to.deep.equal([status, '']);
      expect(given).to.deep.equal([]);
      expect(audited).to.have.length(1);
      expect(audited[0]).to.deep.include({
        protocol: 'hl7v2',
        operation: null,
        subject: null,
        clientId,
        outcome,
        detail: { remoteAddress: '192.0.2.7' },
      });
      expect(events.of.requestAnswered[0]).to.deep.include({ outcome, clientId, httpStatus: status });
      expect(events.of.requestAnswered[0]?.correlationId).to.equal(audited[0]?.correlationId);
    });
  }

  it('asks for credentials where there are none, and tells what it takes', async () => {
    const { ask } = bench();
    expect((await ask({ user: null })).headers)
      .to.have.property('WWW-Authenticate')
      .that.matches(/^Basic /);
    expect((await ask({ method: 'PUT' })).headers).to.have.property('Allow', 'POST');
    expect((await ask({ headers: { 'content-type': 'text/xml' } })).headers)
      .to.have.property('Accept')
      .that.contains('application/hl7-v2');
  });

  it('is refused with 503 where too many log in, or nothing can be put on record', async () => {
    const crowded = bench({
      onAuthenticate: () => {
        throw new Overloaded('too many');
      },
    });
    expect(await crowded.ask()).to.deep.include({ status: 503, body: '' });
    for (const trouble of [new AuditUnavailable('full'), new Error('full')]) {
      const offRecord = bench({
        record: () => {
          throw trouble;
        },
      });
      expect(await offRecord.ask({ user: null })).to.deep.include({ status: 503, body: '' });
      expect(offRecord.events.of.requestAnswered[0]?.outcome).to.equal('audit-unavailable');
    }
  });

  it('of somebody who has left meanwhile is not looked into', async () => {
    const leaving = new AbortController();
    const { ask, given, audited } = bench({
      onAuthenticate: () => {
        leaving.abort();
      },
    });
    await ask({ signal: leaving.signal });
    expect(given).to.deep.equal([]);
    expect(audited[0]).to.include({ outcome: 'caller-left', clientId: 'epj-1' });
  });
});
