import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../src/config/package-root.js';
import { errorCatalogue, type ErrorCode } from '../../../src/errors/catalogue.js';
import {
  InvalidQuery,
  StoreFailed,
  TokenUnavailable,
  UpstreamTimeout,
  UpstreamUnavailable,
} from '../../../src/errors/errors.js';
import { newCorrelationId } from '../../../src/runtime/correlation.js';
import { CountedRandom } from '../../support/counted-random.js';
import { DashboardWorld, toldElsewhere } from './dashboard-world.js';

const correlationId = newCorrelationId(new CountedRandom());

describe('what the dashboard records', () => {
  let world: DashboardWorld;

  beforeEach(() => {
    world = new DashboardWorld();
  });

  const now = (): Date => world.clock.now();

  describe('of requests', () => {
    it('is told by client and protocol, those first that ask most, for an hour', () => {
      world.minutesAgo(70).answered().minutesAgo(50).answered().answered().minutesAgo(0);
      world.answered({ clientId: 'legevakt', protocol: 'preg-xml' });
      const rows = world.recorder.traffic.byClient(now());
      expect(rows.map(({ client, protocol, requests }) => [client, protocol, requests])).to.deep.equal([
        ['epj-sentrum', 'hl7v3', 2],
        ['legevakt', 'preg-xml', 1],
      ]);
      expect(rows[0]?.perMinute).to.have.length(60);
      expect(rows[0]?.perMinute.indexOf(2)).to.equal(9);
    });

    it('keeps a client in sight that was heard long ago', () => {
      world.minutesAgo(200).answered().minutesAgo(0);
      const [row] = world.recorder.traffic.byClient(now());
      expect(row?.requests).to.equal(0);
      expect(row?.lastAt.toISOString()).to.equal('2026-03-02T07:03:41.000Z');
    });

    it('tells failures of ours from what clients should not have sent', () => {
      world
        .minutesAgo(0)
        .answered({ error: new UpstreamTimeout('slow') })
        .answered({ error: new StoreFailed('disk') })
        .answered({ error: new InvalidQuery('name', 'too short') })
        .answered({ outcome: 'preg-refused' })
        .answered({ outcome: 'refused' })
        .answered({ outcome: 'caller-left' })
        .answered({ outcome: 'not-found' });
      const { requests, failed, refused } = world.recorder.traffic.total(now());
      expect({ requests, failed, refused }).to.deep.equal({ requests: 7, failed: 2, refused: 3 });
    });

    it('takes for failures what the alert of docs/examples/alerts.yaml counts', () => {
      const alerts = readFileSync(join(packageRoot(), 'docs', 'examples', 'alerts.yaml'), 'utf8');
      const [, counted = ''] = /preg_adapter_requests_total\{outcome=~"([^"]+)"/.exec(alerts) ?? [];
      const codes = Object.keys(errorCatalogue).filter(isErrorCode);
      const failing = codes.filter((outcome) => {
        const fresh = new DashboardWorld().answered({ outcome });
        return fresh.recorder.traffic.total(fresh.clock.now()).failed === 1;
      });
      expect(failing).to.include.members(['upstream-unavailable', 'overloaded', 'internal']);
      expect(failing).to.deep.equal(codes.filter((code) => new RegExp(`^(?:${counted})$`).test(code)));
    });

    it('is told by operation, for all or for one client', () => {
      world.minutesAgo(0).answered().answered({ operation: 'FindCandidates' });
      world.answered({ clientId: 'legevakt' });
      const told = (client?: string): readonly unknown[] =>
        world.recorder.traffic
          .byOperation(now(), client)
          .map(({ operation, requests }) => [operation, requests]);
      expect(told()).to.deep.equal([
        ['GetDemographics', 2],
        ['FindCandidates', 1],
      ]);
      expect(told('legevakt')).to.deep.equal([['GetDemographics', 1]]);
    });

    it('calls by one name whoever and whatever is not known beforehand, so that memory stays bounded', () => {
      world.minutesAgo(0);
      for (let stranger = 0; stranger < 50; stranger += 1) {
        const name = `stranger ${stranger}`;
        world.answered({ clientId: name, protocol: name, operation: name });
      }
      world.answered({ clientId: null, operation: null });
      const { traffic } = world.recorder;
      const named = traffic.byClient(now()).map(({ client, protocol }) => [client, protocol]);
      expect(named).to.deep.equal([
        ['other', 'other'],
        ['none', 'hl7v3'],
      ]);
      expect(traffic.byOperation(now()).map(({ operation }) => operation)).to.deep.equal(['other', 'none']);
    });

    it('counts those that were refused unread as failed, by nobody known', () => {
      world
        .minutesAgo(1)
        .answered()
        .tell('requestsRefused', {
          correlationId,
          count: 40,
          milliseconds: 9_000,
          protocols: [
            { protocol: 'hl7v3', refused: 30 },
            { protocol: null, refused: 10 },
          ],
          noPlace: 0,
          longWait: 40,
          callers: 2,
          busiest: '10.0.0.0',
        });
      world.minutesAgo(0);
      const { requests, failed, p95 } = world.recorder.traffic.total(now());
      expect([requests, failed]).to.deep.equal([41, 40]);
      // Of which nobody knows how long they would have taken.
      expect(p95).to.be.within(30, 50);
      expect(
        world.recorder.traffic.byClient(now()).map(({ client, failed: of }) => [client, of]),
      ).to.deep.equal([
        ['none', 30],
        ['none', 10],
        ['epj-sentrum', 0],
      ]);
      expect(world.recorder.causes.recent(now()).map(({ code, answers }) => [code, answers])).to.deep.equal([
        ['overloaded', 40],
      ]);
    });

    it('draws three hours, minute by minute, by protocol, failures apart', () => {
      world.minutesAgo(179).answered().minutesAgo(1).answered({ protocol: 'hl7v2' });
      world.answered({ error: new UpstreamUnavailable('down') }).minutesAgo(0);
      const minutes = world.recorder.traffic.plot(now());
      expect(minutes).to.have.length(180);
      expect([...(minutes[0]?.served ?? [])]).to.deep.equal([['hl7v3', 1]]);
      expect(minutes[178]?.served.get('hl7v2')).to.equal(1);
      expect(minutes.map(({ failed }) => failed).indexOf(1)).to.equal(178);
    });
  });

  describe('of errors', () => {
    it('tells requests from what else met the cause, and names who met it last', () => {
      world
        .minutesAgo(100)
        .answered({ error: new StoreFailed('disk') })
        .minutesAgo(5);
      world.answered({ error: new StoreFailed('disk') });
      world.answered({ clientId: 'legevakt', error: new StoreFailed('disk') });
      world.tell('eventsNotRead', toldElsewhere(new StoreFailed('disk'))).minutesAgo(0);
      const causes = world.recorder.causes.recent(now());
      expect(
        causes.map(({ lastAt, ...cause }) => ({ ...cause, ago: now().getTime() - lastAt.getTime() })),
      ).to.deep.equal([
        {
          code: 'store-failed',
          answers: 2,
          elsewhere: 1,
          sinceStart: 4,
          clients: ['legevakt', 'epj-sentrum'],
          ago: 300_000,
        },
      ]);
    });

    it('is forgotten after an hour', () => {
      world
        .minutesAgo(61)
        .answered({ error: new StoreFailed('disk') })
        .minutesAgo(0);
      expect(world.recorder.causes.recent(now())).to.deep.equal([]);
    });
  });

  describe('of calls', () => {
    it('counts those as failed that a register should not give, and nobody’s number as an answer', () => {
      world.minutesAgo(0).called(200).called(404).called(null).called(503).called(429);
      const [row] = world.recorder.persontjenesten.rows(now());
      expect([row?.operation, row?.calls, row?.failed]).to.deep.equal(['get-by-nin', 5, 3]);
      expect(world.recorder.persontjenesten.state(now()).lastFailure?.what).to.equal('429');
    });

    it('knows since when a register is not asked, and until when it wants to be left alone', () => {
      world.minutesAgo(3).tell('breakerChanged', { state: 'open', retryInSeconds: 30 });
      world.minutesAgo(1).tell('callsHeldBack', { seconds: 90 }).minutesAgo(0);
      const state = world.recorder.persontjenesten.state(now());
      expect(state.breaker).to.deep.equal({ state: 'open', since: new Date('2026-03-02T10:20:41Z') });
      expect(state.heldBackUntil).to.deep.equal(new Date('2026-03-02T10:24:11Z'));
      world.clock.advance(31_000);
      expect(world.recorder.persontjenesten.state(now()).heldBackUntil).to.equal(undefined);
    });

    it('blames PREG neither for sessions that ended nor for callers who left', () => {
      const call = {
        correlationId,
        clientId: 'legevakt',
        service: 'hl7v3',
        operation: 'GetDemographics',
      } as const;
      const rest = { httpStatus: 200, milliseconds: 9, reusedConnection: true };
      world.minutesAgo(0);
      for (const outcome of ['answered', 'session-over', 'caller-left', 'preg-unavailable'] as const) {
        world.tell('pregCalled', { ...call, ...rest, outcome });
      }
      const [row] = world.recorder.preg.rows(now());
      expect([row?.calls, row?.failed]).to.deep.equal([3, 1]);
    });
  });

  describe('of tokens', () => {
    it('says since when there is none for an organisation, and forgets it once there is', () => {
      const subject = { scope: 'nhn:persontjenesten/full', organisation: { parent: '994598759' } };
      const error = new TokenUnavailable('away', { retryInSeconds: 5 });
      world.minutesAgo(9).tell('tokenFailed', { ...subject, error });
      world.minutesAgo(5).tell('tokenFailed', { ...subject, error });
      expect(world.recorder.tokens.all().map(({ trouble }) => trouble)).to.deep.equal([
        { code: 'token-unavailable', since: new Date('2026-03-02T10:14:41Z') },
      ]);
      world.token();
      expect(world.recorder.tokens.all().map(({ trouble }) => trouble)).to.deep.equal([undefined]);
      world.tell('tokenDropped', subject);
      expect(world.recorder.tokens.all().map(({ freshUntil }) => freshUntil)).to.deep.equal([undefined]);
    });
  });

  describe('of values', () => {
    it('names codes, and nothing that is none', () => {
      world.minutesAgo(2);
      for (const value of ['NewCode', 'Kari Nordmann', 'NewCode', '11829912345']) {
        world.tell('unmappedValue', { correlationId, row: 'postalType', value });
      }
      expect(world.recorder.values.all().map(({ row, value, count }) => [row, value, count])).to.deep.equal([
        ['postalType', 'NewCode', 2],
        ['postalType', '…', 2],
      ]);
    });

    it('tells no more than some values of a row apart', () => {
      world.minutesAgo(0);
      for (let letter = 0; letter < 26; letter += 1) {
        const value = `Code${String.fromCharCode(65 + letter)}`;
        world.tell('unmappedValue', { correlationId, row: 'postalType', value });
      }
      const values = world.recorder.values.all();
      expect(values).to.have.length(11);
      expect(values.reduce((sum, { count }) => sum + count, 0)).to.equal(26);
    });
  });

  it('counts failed logins for an hour', () => {
    world.minutesAgo(90).tell('authenticationFailed', { remoteAddress: '10.0.0.1', failures: 1 });
    world
      .minutesAgo(4)
      .tell('authenticationFailed', { remoteAddress: '10.0.0.1', failures: 2 })
      .minutesAgo(0);
    expect(world.recorder.failedLogins(now())).to.deep.equal({
      count: 1,
      lastAt: new Date('2026-03-02T10:19:41Z'),
    });
  });
});

function isErrorCode(code: string): code is ErrorCode {
  return code in errorCatalogue;
}
