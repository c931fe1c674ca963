import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { register } from 'prom-client';
import type { AdapterEvents } from '../../../src/operations/events.js';
import type { Metrics } from '../../../src/operations/metrics/metrics.js';
import { logFixture } from '../log-fixture.js';
import { syntheticNumber } from '../../support/synthetic-number.js';
import { everyEvent } from './every-event.js';
import { metricsUnderTest, tellAll } from './metrics-fixture.js';
import { readPage, valueOf, type Page } from './text-format.js';

async function pageOf(metrics: Metrics): Promise<Page> {
  return readPage((await metrics.expose()).body);
}

function answered(change: Partial<AdapterEvents['requestAnswered']> = {}): AdapterEvents['requestAnswered'] {
  return {
    correlationId: everyEvent('').requestAnswered.correlationId,
    clientId: 'ward',
    protocol: 'hl7v3',
    operation: 'GetDemographics',
    outcome: 'found',
    milliseconds: 40,
    ...change,
  };
}

const PROMTOOL = spawnSync('promtool', ['--version']).status === 0;

describe('metrics', () => {
  it('hold nothing of what events carry beside names that are known', async () => {
    const metrics = metricsUnderTest();
    const number = syntheticNumber(7);
    const secrets = [number, 'Solveig Nordmann', 'Storgata 17', 'line\nrupture"zitat\\'];
    for (const secret of secrets) tellAll(metrics, everyEvent(secret));
    const { body } = await metrics.expose();
    for (const secret of [...secrets, number.slice(0, 6), number.slice(6), 'Nordmann', 'rupture', 'zitat']) {
      expect(body).not.to.include(secret);
    }
    expect(body).to.include('client="other"');
  });

  it('do not grow with strangers', async () => {
    const metrics = metricsUnderTest();
    const tellMany = (from: number): void => {
      for (let index = from; index < from + 200; index += 1) tellAll(metrics, everyEvent(`name-${index}`));
    };
    tellMany(0);
    const before = (await pageOf(metrics)).samples.length;
    tellMany(200);
    expect((await pageOf(metrics)).samples).to.have.length(before);
  });

  it('begin anew with each adapter and leave the registry of the package alone', async () => {
    const metrics = metricsUnderTest();
    metrics.listener('requestAnswered', answered());
    const found = { client: 'ward', protocol: 'hl7v3', operation: 'GetDemographics', outcome: 'found' };
    expect(valueOf(await pageOf(metrics), 'preg_adapter_requests_total', found)).to.equal(1);
    expect(valueOf(await pageOf(metricsUnderTest()), 'preg_adapter_requests_total', found)).to.equal(
      undefined,
    );
    expect(register.getMetricsAsArray()).to.deep.equal([]);
  });

  it('count requests by client, protocol, operation and outcome, and how long they took', async () => {
    const metrics = metricsUnderTest();
    metrics.listener('requestAnswered', answered({ clockSkewSeconds: -8 }));
    metrics.listener('requestAnswered', answered({ milliseconds: 700 }));
    metrics.listener('requestAnswered', answered({ outcome: 'audit-unavailable' }));
    metrics.listener('requestAnswered', answered({ clientId: null, operation: null }));
    const page = await pageOf(metrics);
    const labels = { client: 'ward', protocol: 'hl7v3', operation: 'GetDemographics' };
    expect(valueOf(page, 'preg_adapter_requests_total', { ...labels, outcome: 'found' })).to.equal(2);
    expect(
      valueOf(page, 'preg_adapter_requests_total', { ...labels, outcome: 'audit-unavailable' }),
    ).to.equal(1);
    expect(
      valueOf(page, 'preg_adapter_requests_total', {
        client: 'none',
        protocol: 'hl7v3',
        operation: 'none',
        outcome: 'found',
      }),
    ).to.equal(1);
    expect(valueOf(page, 'preg_adapter_request_seconds_bucket', { ...labels, le: '0.05' })).to.equal(2);
    expect(valueOf(page, 'preg_adapter_request_seconds_bucket', { ...labels, le: '1' })).to.equal(3);
    expect(valueOf(page, 'preg_adapter_request_seconds_sum', labels)).to.be.closeTo(0.78, 1e-9);
    expect(valueOf(page, 'preg_adapter_client_clock_ahead_seconds', { client: 'ward' })).to.equal(-8);
  });

  describe('take one event of each name', () => {
    let page: Page;

    before(async () => {
      const metrics = metricsUnderTest();
      tellAll(metrics, everyEvent('ward'));
      page = await pageOf(metrics);
    });

    const other = 'other';
    for (const [name, labels, value] of [
      ['preg_adapter_authentication_failures_total', {}, 1],
      ['preg_adapter_kept_answers_total', { source: 'stale-cache' }, 1],
      ['preg_adapter_shared_lookups_total', {}, 1],
      ['preg_adapter_audit_trouble', {}, 0],
      ['preg_adapter_audit_entries_lost_total', {}, 9],
      ['preg_adapter_upstream_calls_total', { operation: other, status: other }, 1],
      ['preg_adapter_upstream_call_seconds_count', { operation: other }, 1],
      ['preg_adapter_upstream_connections_total', {}, 1],
      ['preg_adapter_upstream_retries_total', { operation: other }, 1],
      [
        'preg_adapter_upstream_calls_refused_total',
        { client: 'ward', lane: 'batch', code: 'store-failed' },
        1,
      ],
      ['preg_adapter_upstream_held_back_total', {}, 1],
      ['preg_adapter_breaker_state', { service: 'persontjenesten', state: 'open' }, 1],
      ['preg_adapter_breaker_state', { service: 'persontjenesten', state: 'closed' }, 0],
      ['preg_adapter_breaker_opened_total', { service: 'persontjenesten' }, 1],
      ['preg_adapter_breaker_state', { service: 'preg/preg-xml', state: 'half-open' }, 1],
      ['preg_adapter_tokens_total', { outcome: 'fetched' }, 1],
      ['preg_adapter_tokens_total', { outcome: 'dropped' }, 1],
      ['preg_adapter_tokens_total', { outcome: 'token-refused' }, 0],
      ['preg_adapter_token_seconds_sum', {}, 0.09],
      ['preg_adapter_clock_ahead_seconds', { holder: 'helseid' }, -4],
      ['preg_adapter_clock_refused', { holder: 'helseid' }, 1],
      ['preg_adapter_preg_calls_total', { service: 'hl7v3', operation: other, outcome: 'store-failed' }, 1],
      ['preg_adapter_cutover_compared_total', { client: 'ward', route: 'shadow-preg' }, 3],
      ['preg_adapter_cutover_differences_total', { client: 'ward', kind: 'different' }, 2],
      ['preg_adapter_cutover_differences_total', { client: 'ward', kind: 'unexplained' }, 1],
      ['preg_adapter_cutover_differences_total', { client: 'ward', kind: 'identity' }, 1],
      ['preg_adapter_cutover_outcomes_total', { source: 'persontjenesten', outcome: 'not-found' }, 1],
      ['preg_adapter_cutover_found_total', { source: 'preg' }, 3],
      ['preg_adapter_cutover_found_total', { source: 'persontjenesten' }, 0],
      [
        'preg_adapter_cutover_fallbacks_total',
        { client: 'ward', out_of_order: 'persontjenesten', outcome: 'found' },
        1,
      ],
      ['preg_adapter_cutover_comparisons_failed_total', {}, 1],
      ['preg_adapter_cutover_dropped_total', {}, 4],
      ['preg_adapter_cutover_moved_back_total', { client: 'ward' }, 1],
      ['preg_adapter_cutover_store_trouble', { what: 'usage' }, 1],
      ['preg_adapter_cutover_comparisons_lost_total', {}, 6],
      ['preg_adapter_unmapped_values_total', { row: other }, 1],
      ['preg_adapter_values_cut_total', { row: other }, 1],
      ['preg_adapter_feed_events_total', {}, 5],
      ['preg_adapter_feed_unknown_events_total', {}, 1],
      ['preg_adapter_feed_failures_total', {}, 1],
      ['preg_adapter_filematch_jobs_accepted_total', { client: 'ward', door: other }, 1],
      ['preg_adapter_filematch_jobs_ended_total', { client: 'ward', outcome: 'completed' }, 1],
      ['preg_adapter_filematch_jobs_ended_total', { client: 'ward', outcome: 'rejected' }, 1],
      ['preg_adapter_filematch_jobs_ended_total', { client: 'ward', outcome: 'failed' }, 1],
      ['preg_adapter_filematch_rows_total', { client: 'ward', outcome: 'matched' }, 2],
      ['preg_adapter_filematch_waits_total', { waiting_for: other }, 1],
      ['preg_adapter_filematch_job_seconds_sum', {}, 61],
      ['preg_adapter_filematch_files_refused_total', { client: 'ward' }, 1],
      ['preg_adapter_filematch_folder_trouble', { client: 'ward' }, 1],
      ['preg_adapter_mllp_connections_refused_total', { reason: 'too-many' }, 3],
      ['preg_adapter_mllp_handshakes_failed_total', {}, 3],
      ['preg_adapter_mllp_connections_cut_total', { reason: 'failed' }, 1],
      ['preg_adapter_mllp_octets_skipped_total', {}, 4],
      ['preg_adapter_notifications_sent_total', { receiver: other }, 1],
      ['preg_adapter_notifications_not_taken_total', { receiver: other, reason: 'not-taken' }, 1],
      ['preg_adapter_notifications_not_taken_total', { receiver: other, reason: 'not-built' }, 1],
      ['preg_adapter_notifications_given_up_total', { receiver: other }, 2],
      ['preg_adapter_receiver_reachable', { receiver: other }, 0],
      ['preg_adapter_troubles_total', { check: 'other', status: 'failed' }, 1],
      ['preg_adapter_trouble_seconds_total', { check: 'other' }, 5],
      ['preg_adapter_probes_total', { outcome: 'store-failed' }, 1],
      ['preg_adapter_occurrences_total', { event: 'identitySplit' }, 1],
      ['preg_adapter_occurrences_total', { event: 'configurationRefused' }, 1],
      ['preg_adapter_health', { check: 'store', status: 'ok' }, 1],
      ['preg_adapter_health', { check: 'store', status: 'failed' }, 0],
      ['preg_adapter_ready', {}, 1],
      ['preg_adapter_certificate_expiry_timestamp_seconds', { certificate: 'listeners.legacy' }, 1893456000],
      ['preg_adapter_key_expiry_timestamp_seconds', {}, 1861920000],
      ['preg_adapter_feed_lag_seconds', {}, 12],
      ['preg_adapter_feed_events_behind', {}, 3],
      ['preg_adapter_filematch_jobs', { waiting_for: 'nothing' }, 1],
      ['preg_adapter_filematch_jobs', { waiting_for: 'disk' }, 1],
      ['preg_adapter_filematch_jobs', { waiting_for: 'turn' }, 0],
      ['preg_adapter_filematch_rows_left', {}, 42],
      ['preg_adapter_notifications', { state: 'unseen' }, 1],
      ['preg_adapter_notifications_oldest_seconds', {}, 90],
      [
        'preg_adapter_cutover_route_percent',
        { client: 'ward', protocol: 'hl7v3', operation: '*', route: 'shadow-preg' },
        75,
      ],
      ['preg_adapter_cutover_held_back', { client: 'lab' }, 1],
    ] satisfies [string, Record<string, string>, number][]) {
      it(`into ${name} ${JSON.stringify(labels)}`, () => {
        expect(valueOf(page, name, labels)).to.equal(value);
      });
    }

    it('into errors by code, once for each event that carries one', () => {
      const carrying = Object.values(everyEvent('ward')).filter((event: object) => 'error' in event).length;
      expect(valueOf(page, 'preg_adapter_errors_total', { code: 'store-failed' })).to.equal(carrying);
      expect(valueOf(page, 'preg_adapter_errors_total', { code: 'audit-unavailable' })).to.equal(0);
    });

    it('with nothing left to others that could be known', () => {
      for (const [name, count] of [
        ['process_resident_memory_bytes', 1e6],
        ['process_start_time_seconds', 1e9],
        ['nodejs_heap_used_bytes', 1e6],
      ] as const) {
        expect(valueOf(page, name)).to.be.greaterThan(count);
      }
    });
  });

  it('leave out what cannot be read, and tell the log', async () => {
    const log = logFixture();
    const broken = (): never => {
      throw new TypeError('broken');
    };
    const metrics = metricsUnderTest({ filematch: broken, feed: broken, readiness: broken }, log.logger);
    const page = await pageOf(metrics);
    expect(valueOf(page, 'preg_adapter_filematch_jobs', { waiting_for: 'disk' })).to.equal(undefined);
    expect(valueOf(page, 'preg_adapter_feed_lag_seconds')).to.equal(undefined);
    expect(valueOf(page, 'preg_adapter_ready')).to.equal(undefined);
    expect(valueOf(page, 'preg_adapter_notifications', { state: 'dead' })).to.equal(4);
    expect(await log.records()).to.have.length(5);
  });

  it('forget what is over', async () => {
    let heldBack = ['lab'];
    let expiresAt: Date | undefined = new Date('2029-01-01T00:00:00Z');
    const metrics = metricsUnderTest({
      keyExpiresAt: () => expiresAt,
      cutover: { routes: () => [], heldBack: () => heldBack },
    });
    expect(valueOf(await pageOf(metrics), 'preg_adapter_cutover_held_back', { client: 'lab' })).to.equal(1);
    heldBack = [];
    expiresAt = undefined;
    const page = await pageOf(metrics);
    expect(valueOf(page, 'preg_adapter_cutover_held_back', { client: 'lab' })).to.equal(undefined);
    expect(valueOf(page, 'preg_adapter_key_expiry_timestamp_seconds')).to.equal(undefined);
  });

  it('are told in a format that Prometheus reads', async function () {
    if (!PROMTOOL) this.skip();
    const metrics = metricsUnderTest();
    tellAll(metrics, everyEvent('ward'));
    const { body } = await metrics.expose();
    const judged = spawnSync('promtool', ['check', 'metrics'], { input: body, encoding: 'utf8' });
    expect([judged.status, judged.stdout + judged.stderr]).to.deep.equal([0, '']);
  });

  it('cost a lookup less than ten microseconds', () => {
    const { listener } = metricsUnderTest();
    const { upstreamCalled } = everyEvent('get-by-nin');
    const request = answered({ clockSkewSeconds: 1 });
    const rounds = 20_000;
    const lookUp = (): void => {
      for (let round = 0; round < rounds; round += 1) {
        listener('upstreamCalled', upstreamCalled);
        listener('requestAnswered', request);
      }
    };
    lookUp();
    const costs = Array.from({ length: 5 }, () => {
      const begun = process.cpuUsage();
      lookUp();
      const { user, system } = process.cpuUsage(begun);
      return (user + system) / rounds;
    });
    expect(Math.min(...costs)).to.be.lessThan(10);
  });
});
