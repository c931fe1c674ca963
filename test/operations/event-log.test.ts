import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { errorCatalogue, type ErrorCode } from '../../src/errors/catalogue.js';
import {
  AuditUnavailable,
  CallerLeft,
  InternalError,
  NotAuthorised,
  NotAuthenticated,
  PregUnavailable,
  TokenRefused,
  TokenUnavailable,
  UpstreamRateLimited,
  UpstreamUnavailable,
  type AdapterError,
} from '../../src/errors/errors.js';
import { createEventBus } from '../../src/operations/event-bus.js';
import { createEventLog } from '../../src/operations/event-log.js';
import type { AdapterEvents } from '../../src/operations/events.js';
import { newCorrelationId } from '../../src/runtime/correlation.js';
import { CountedRandom } from '../support/counted-random.js';
import { logFixture } from './log-fixture.js';

const correlationId = newCorrelationId(new CountedRandom());

const logPage = readFileSync(path.resolve(import.meta.dirname, '../../../docs/log.md'), 'utf8');

/** The one line that an event leaves, after a look whether docs/log.md tells of it. */
async function lineOf<Name extends keyof AdapterEvents>(
  name: Name,
  event: AdapterEvents[Name],
): Promise<Record<string, unknown>> {
  const log = logFixture();
  const bus = createEventBus(log.logger);
  bus.subscribe(createEventLog(log.logger));
  bus.emit(name, event);
  const records = await log.records();
  expect(records).to.have.length(1);
  const line = records[0] ?? {};
  expect(logPage).to.include(`\n| ${String(line['message'])} | ${String(line['module'])} |`);
  return line;
}

function answered(change: Partial<AdapterEvents['requestAnswered']>): AdapterEvents['requestAnswered'] {
  return {
    correlationId,
    clientId: 'ward-system',
    protocol: 'hl7v3',
    operation: 'GetDemographics',
    outcome: 'found',
    httpStatus: 200,
    milliseconds: 12.3456,
    ...change,
  };
}

describe('the event log', () => {
  it('names settings that were changed, louder where some of them wait', async () => {
    const all = await lineOf('configurationReloaded', { applied: ['cutover.routes'], awaitingRestart: [] });
    expect(all).to.deep.include({ level: 'info', applied: ['cutover.routes'], awaitingRestart: [] });
    const some = await lineOf('configurationReloaded', { applied: [], awaitingRestart: ['clients'] });
    expect(some).to.deep.include({ level: 'warn', awaitingRestart: ['clients'] });
    const problems = ['clients: found nothing, expected a list of clients'];
    const none = await lineOf('configurationRefused', { problems });
    expect(none).to.deep.include({ level: 'error', problems });
  });

  it('tells of certificates that were exchanged, and of those that could not be', async () => {
    const setting = 'listeners.legacy';
    const endsAt = new Date('2026-01-01T00:00:00Z');
    expect(await lineOf('certificateRenewed', { setting, endsAt })).to.deep.include({
      level: 'info',
      setting,
      endsAt: '2026-01-01T00:00:00.000Z',
    });
    expect(await lineOf('certificateRenewed', { setting, endsAt: undefined })).not.to.have.property('endsAt');
    expect(await lineOf('certificateUnusable', { setting, problem: 'ENOENT' })).to.deep.include({
      level: 'error',
      problem: 'ENOENT',
    });
  });

  it('writes one line per request', async () => {
    expect(await lineOf('requestAnswered', answered({}))).to.deep.equal({
      at: '2025-03-01T12:00:00.000Z',
      level: 'info',
      message: 'request answered',
      correlationId,
      module: 'request',
      clientId: 'ward-system',
      protocol: 'hl7v3',
      operation: 'GetDemographics',
      httpStatus: 200,
      outcome: 'found',
      milliseconds: 12.3,
    });
  });

  const errors: AdapterError[] = [
    new NotAuthorised('no'),
    new NotAuthenticated('no'),
    new UpstreamUnavailable('down'),
    new AuditUnavailable('full'),
    new InternalError('bug', new TypeError('x')),
  ];
  for (const error of errors) {
    it(`is as loud about ${error.code} as the catalogue says, and gives its hint`, async () => {
      const line = await lineOf('requestAnswered', answered({ outcome: error.code, httpStatus: 500, error }));
      expect(line).to.include({
        level: errorCatalogue[error.code].logLevel,
        hint: errorCatalogue[error.code].hint,
      });
      expect(line['error']).to.include({ code: error.code, message: error.message });
    });
  }

  for (const outcome of ['invalid-query', 'overloaded', 'internal'] satisfies ErrorCode[]) {
    it(`is as loud about the outcome ${outcome} when no error is at hand`, async () => {
      const line = await lineOf('requestAnswered', answered({ outcome }));
      expect(line).to.include({ level: errorCatalogue[outcome].logLevel, outcome });
    });
  }

  for (const [httpStatus, level] of [
    [200, 'debug'],
    [404, 'debug'],
    [429, 'warn'],
    [503, 'warn'],
    [null, 'warn'],
  ] as const) {
    it(`writes a call upstream that ended with ${httpStatus ?? 'no answer'} at level ${level}`, async () => {
      const line = await lineOf('upstreamCalled', {
        correlationId,
        operation: 'get-by-nin',
        httpStatus,
        milliseconds: 1,
        reusedConnection: true,
      });
      expect(line).to.include({
        level,
        httpStatus,
        correlationId,
        module: 'persontjenesten',
        reusedConnection: true,
      });
    });
  }

  it('writes about tokens', async () => {
    const organisation = { parent: '310000027', child: '310000043' };
    const fetched = { scope: 'nhn:read', expiresInSeconds: 600, milliseconds: 90 };
    const freshUntil = new Date('2026-03-01T12:09:55.000Z');
    expect(await lineOf('tokenFetched', { ...fetched, freshUntil, organisation })).to.include({
      ...organisation,
      level: 'info',
      module: 'helseid',
      ...fetched,
    });
    expect(await lineOf('tokenDropped', { scope: 'nhn:read', organisation })).to.include({
      ...organisation,
      level: 'info',
      scope: 'nhn:read',
    });
    for (const error of [new TokenUnavailable('down'), new TokenRefused('invalid_client')]) {
      const line = await lineOf('tokenFailed', { scope: 'nhn:read', organisation, error });
      expect(line).to.include({ level: error.description.logLevel, hint: error.description.hint });
      expect(line).to.include(organisation);
    }
    const alarm = { name: 'invalid_client', meaning: 'Nobody knows us.', action: 'Ask.' };
    const error = new TokenRefused('HelseID answered 400', { alarm, retryInSeconds: 7 });
    expect(await lineOf('tokenFailed', { scope: 'nhn:read', organisation, error })).to.include({
      alarm: 'invalid_client',
      meaning: 'Nobody knows us.',
      hint: 'Ask.',
      retryInSeconds: 7,
    });
  });

  it('writes about the key for HelseID and about clocks', async () => {
    const expiresAt = new Date('2031-05-06T07:08:09.000Z');
    expect(await lineOf('signingKeyChanged', { keyId: 'k2', expiresAt })).to.include({
      level: 'info',
      keyId: 'k2',
      expiresAt: '2031-05-06T07:08:09.000Z',
    });
    expect(await lineOf('signingKeyUnusable', { problem: 'a certificate' })).to.include({
      level: 'error',
      problem: 'a certificate',
    });
    const drift = { holder: 'helseid', aheadSeconds: -4, refused: false } as const;
    expect(await lineOf('clockDrift', drift)).to.include({ level: 'warn', ...drift });
    expect(await lineOf('clockDrift', { ...drift, aheadSeconds: null, refused: true })).to.include({
      level: 'warn',
      refused: true,
    });
    expect(await lineOf('clockDrift', { ...drift, aheadSeconds: 1 })).to.include({ level: 'info' });
  });

  it('tells of calls that are made again or not made at all, less loudly than of the request they are for', async () => {
    const again = { correlationId, operation: 'get-by-nin', retry: 1, error: new UpstreamUnavailable('cut') };
    const retried = await lineOf('callRetried', { ...again, inMilliseconds: 123.4 });
    expect(retried).to.include({ level: 'info', correlationId, retry: 1, inMilliseconds: 123 });
    expect(retried['error']).to.include({ code: 'upstream-unavailable' });
    const error = new UpstreamRateLimited('too many calls wait');
    const refused = await lineOf('callRefused', { correlationId, clientId: 'epj-1', lane: 'batch', error });
    expect(refused).to.include({ level: 'debug', clientId: 'epj-1', lane: 'batch' });
    expect(refused['error']).to.include({ code: 'upstream-rate-limited' });
  });

  it('writes for how long no call is made', async () => {
    const line = await lineOf('callsHeldBack', { seconds: 59.96 });
    expect(line).to.include({ level: 'info', module: 'persontjenesten', seconds: 60 });
  });

  it('is loud when Persontjenesten is given up, and tells each step back', async () => {
    const opened = await lineOf('breakerChanged', { state: 'open', retryInSeconds: 10 });
    expect(opened).to.include({ level: 'error', state: 'open', retryInSeconds: 10 });
    for (const state of ['half-open', 'closed'] as const) {
      expect(await lineOf('breakerChanged', { state })).to.include({ level: 'info', state });
    }
  });

  it('is loud when PREG gives no answer or is given up, and silent about what goes well', async () => {
    const call = {
      correlationId,
      clientId: 'epj-1',
      service: 'hl7v3',
      operation: 'GetDemographics',
      httpStatus: 200,
      milliseconds: 12.34,
      reusedConnection: true,
    } as const;
    expect(await lineOf('pregCalled', { ...call, outcome: 'answered' })).to.include({
      level: 'debug',
      module: 'preg',
      clientId: 'epj-1',
      outcome: 'answered',
      milliseconds: 12.3,
    });
    const error = new PregUnavailable('the call failed: ECONNREFUSED');
    const failed = await lineOf('pregCalled', { ...call, outcome: error.code, httpStatus: null, error });
    expect(failed).to.include({ level: 'warn', outcome: 'preg-unavailable', hint: error.description.hint });
    expect(failed['error']).to.include({ code: 'preg-unavailable' });
    const left = new CallerLeft('the caller left');
    expect(await lineOf('pregCalled', { ...call, outcome: left.code, error: left })).to.include({
      level: 'debug',
    });
    const opened = await lineOf('pregBreakerChanged', {
      service: 'hl7v3',
      state: 'open',
      retryInSeconds: 10,
    });
    expect(opened).to.include({ level: 'error', service: 'hl7v3', retryInSeconds: 10 });
    for (const state of ['half-open', 'closed'] as const) {
      expect(await lineOf('pregBreakerChanged', { service: 'preg-xml', state })).to.include({
        level: 'info',
      });
    }
  });

  it('writes an unmapped code, but not a text in its place', async () => {
    const line = await lineOf('unmappedValue', {
      correlationId,
      row: 'MaritalStatus',
      value: 'SomethingNew',
    });
    expect(line).to.include({ level: 'warn', correlationId, row: 'MaritalStatus', value: 'SomethingNew' });
    for (const value of [
      'Kari Nordmann',
      'Storgata12',
      'Ola-Nordmann',
      'Storgata 1, Oslo',
      '',
      'x'.repeat(65),
    ]) {
      expect((await lineOf('unmappedValue', { correlationId, row: 'r', value }))['value']).to.equal(
        '[not a code]',
      );
    }
  });

  it('tells of answers from memory, and aloud of old ones', async () => {
    expect(await lineOf('answeredFromCache', { correlationId, source: 'cache' })).to.include({
      level: 'debug',
      correlationId,
      source: 'cache',
    });
    expect(await lineOf('answeredFromCache', { correlationId, source: 'stale-cache' })).to.include({
      level: 'warn',
      source: 'stale-cache',
    });
  });

  it('leads from a lookup to the call that it shared', async () => {
    const callCorrelationId = newCorrelationId({ uuid: () => '00000000-0000-4000-8000-123456789012' });
    expect(await lineOf('lookupShared', { correlationId, callCorrelationId, people: 7 })).to.deep.include({
      level: 'debug',
      correlationId,
      callCorrelationId,
      people: 7,
    });
  });

  it('writes about cut values, check digits and wrong passwords', async () => {
    expect(await lineOf('valueCut', { correlationId, row: 'AddressLine1' })).to.include({
      level: 'warn',
      row: 'AddressLine1',
    });
    expect(await lineOf('irregularCheckDigits', { correlationId, clientId: 'c' })).to.include({
      level: 'info',
      clientId: 'c',
    });
    expect(await lineOf('constraintsPassedOver', { correlationId, clientId: 'c', count: 2 })).to.include({
      level: 'info',
      count: 2,
    });
    expect(await lineOf('authenticationFailed', { remoteAddress: '192.0.2.1', failures: 3 })).to.include({
      level: 'warn',
      remoteAddress: '192.0.2.1',
      failures: 3,
    });
  });

  it('tells of connections that were turned away, and by which listener', async () => {
    const turnedAway = { listener: 'oldTls', remoteAddress: '192.0.2.1', count: 7 } as const;
    expect(await lineOf('connectionsTurnedAway', { ...turnedAway, reason: 'unknown-address' })).to.include({
      level: 'warn',
      ...turnedAway,
      reason: 'unknown-address',
    });
  });

  it('tells of connections for HL7 v2 without what was sent over them', async () => {
    const remoteAddress = '192.0.2.1';
    expect(
      await lineOf('mllpConnectionsRefused', { remoteAddress, reason: 'unknown-address', count: 7 }),
    ).to.include({ level: 'warn', remoteAddress, reason: 'unknown-address', count: 7 });
    expect(
      await lineOf('mllpHandshakeFailed', { remoteAddress, code: 'CERT_HAS_EXPIRED', count: 2 }),
    ).to.include({
      level: 'warn',
      code: 'CERT_HAS_EXPIRED',
    });
    expect(await lineOf('mllpConnectionCut', { remoteAddress, reason: 'idle' })).to.include({
      level: 'debug',
    });
    expect(await lineOf('mllpConnectionCut', { remoteAddress, reason: 'message-too-slow' })).to.include({
      level: 'warn',
      reason: 'message-too-slow',
    });
    const error = new InternalError('unforeseen error');
    expect(await lineOf('mllpConnectionCut', { remoteAddress, reason: 'failed', error })).to.include({
      level: 'error',
      hint: errorCatalogue.internal.hint,
    });
    expect(await lineOf('mllpOctetsSkipped', { remoteAddress, octets: 3, brokenFrames: 1 })).to.include({
      level: 'warn',
      octets: 3,
      brokenFrames: 1,
    });
    expect(await lineOf('mllpListenerFailed', { code: 'EMFILE' })).to.include({
      level: 'error',
      code: 'EMFILE',
    });
  });
});
