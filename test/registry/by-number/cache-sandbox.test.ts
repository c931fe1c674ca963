import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../src/config/package-root.js';
import type { Adapter } from '../../../src/main.js';
import { createFollower, type Upstream } from '../../../src/upstream.js';
import type { AuditEntry } from '../../../src/operations/audit-trail.js';
import type { NationalId } from '../../../src/person/national-id.js';
import type { Clock } from '../../../src/runtime/clock.js';
import { systemClock } from '../../../src/runtime/system-clock.js';
import { systemRandom } from '../../../src/runtime/system-random.js';
import type { Change } from '../../../src/sandbox/population/changes/change.js';
import { numberInUse } from '../../../src/sandbox/population/person-document.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import type { Store } from '../../../src/store/store.js';
import { posted } from '../../conformance/answered-people.js';
import { addressStrings } from '../../support/address-strings.js';
import { adapterWithCache } from '../../support/cached-adapter.js';
import { getDemographicsRequest } from '../../support/get-demographics-request.js';
import { memoryStore } from '../../support/memory-store.js';
import { number } from '../../support/person-documents.js';
import { auditInto } from '../../support/recorded-audit.js';
import { RecordedEvents } from '../../support/recorded-events.js';
import { serverCertificate } from '../../support/server-certificate.js';
import { until } from '../../support/until.js';
import { wayToSandbox } from '../../support/way-to-sandbox.js';

/** System time, which a test sets ahead. */
class AheadClock implements Clock {
  ahead = 0;

  now(): Date {
    return new Date(systemClock.now().getTime() + this.ahead);
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(milliseconds, signal);
  }
}

const POLL_SECONDS = 0.05;
const PATIENCE = 10_000_000;

describe("documents in memory, over the sandbox's register and feed", function () {
  this.timeout(60_000);
  const clock = new AheadClock();
  const events = new RecordedEvents();
  const audited: AuditEntry[] = [];
  let sandbox: Sandbox;
  let upstream: Upstream;
  let store: Store;
  let adapter: Adapter;
  let stop: () => Promise<void>;

  before(async () => {
    sandbox = await startSandbox({
      clock: systemClock,
      random: systemRandom,
      host: '127.0.0.1',
      persontjenestenPort: 0,
      helseidPort: 0,
      population: 100,
      personFolders: [join(packageRoot(), 'fixtures', 'persons')],
      certificate: await serverCertificate(),
    });
    upstream = await wayToSandbox(sandbox, { events, calls: { retries: 0 } });
    residents = [...openly()];
    store = memoryStore({ clock, random: systemRandom });
    adapter = adapterWithCache({
      transport: upstream.transport,
      store,
      audit: auditInto(audited),
      events,
      clock,
      staleWhileDown: true,
      organisation: sandbox.organisation,
    });
    const follower = createFollower({
      settings: { organisation: sandbox.organisation, access: 'full', pollSeconds: POLL_SECONDS },
      version: 3,
      transport: upstream.feedTransport,
      log: store.changeLog,
      onTurn: () => adapter.cache?.refresh(),
      events,
      clock,
      random: systemRandom,
    });
    const stopping = new AbortController();
    const following = follower.run(stopping.signal);
    stop = async () => {
      stopping.abort();
      await following;
      upstream.close();
      store.close();
      await sandbox.stop();
    };
    await until(() => store.changeLog.state() !== undefined, PATIENCE);
    // What is kept answers from some time after the log began.
    await later(61_000);
  });

  after(() => stop());

  /** Lets it happen and be read. */
  async function happening(change: Change): Promise<void> {
    const read = events.of.eventsRead.length;
    sandbox.changes.apply(change);
    await until(() => events.of.eventsRead.length > read, PATIENCE);
  }

  /** Time passes, and the follower has looked since. */
  async function later(milliseconds: number): Promise<void> {
    clock.ahead += milliseconds;
    const now = clock.now();
    await until(() => (store.changeLog.state()?.caughtUpAt ?? new Date(0)) > now, PATIENCE);
  }

  /** People who live somewhere openly and have no relatives, by whom events would tell of them. */
  function openly(): readonly NationalId[] {
    return [...sandbox.population.documents()].flatMap((document) => {
      const isOpen = !/"(ClientAddress|Confidential|StrictlyConfidential)"/.test(JSON.stringify(document));
      const isAlive = JSON.stringify(document['status'] ?? '').includes('"Resident"');
      const lives = addressStrings(document, 'current').size > 3;
      const nin = numberInUse(document);
      return isOpen && isAlive && lives && nin !== undefined ? [number(nin)] : [];
    });
  }

  let residents: NationalId[];

  function resident(): NationalId {
    const next = residents.shift();
    if (next === undefined) throw new Error('nobody is left');
    return next;
  }

  interface Answered {
    readonly status: number;
    readonly envelope: string;
    readonly source: string | null | undefined;
    readonly calls: number;
  }

  async function ask(nin: NationalId): Promise<Answered> {
    const calls = events.of.upstreamCalled.length;
    const answer = await posted(adapter, getDemographicsRequest({ numbers: [nin], now: clock.now() }));
    const source = audited.at(-1)?.keptSource;
    return { ...answer, source, calls: events.of.upstreamCalled.length - calls };
  }

  it('answer the second time, without a call, and the audit trail says so', async () => {
    const nin = resident();
    const first = await ask(nin);
    expect(first.envelope).to.contain('<addr').and.to.contain('AA');
    expect(first.source).to.equal(null);
    expect(first.calls).to.be.greaterThan(0);
    const second = await ask(nin);
    expect(second.envelope).to.contain('<addr');
    expect([second.source, second.calls]).to.deep.equal(['cache', 0]);
  });

  it('do not show a person any more who was protected, as soon as the follower has had its turn', async () => {
    const nin = resident();
    await ask(nin);
    expect((await ask(nin)).source).to.equal('cache');
    await happening({ type: 'protect', nin, level: 'StrictlyConfidential' });
    const hidden = await ask(nin);
    expect(hidden.envelope).to.not.contain('<addr');
    expect(hidden.envelope).to.contain('confidentialityCode code="V"');
    expect(hidden.source).to.equal(null);
  });

  it('are trouble for who was not asked for lately, while the register is down', async () => {
    const nin = resident();
    sandbox.faults.always('persontjenesten', { kind: 'server-error', status: 503 }, { path: '/person/' });
    const answer = await ask(nin);
    sandbox.faults.clear();
    expect([answer.status, answer.source]).to.deep.equal([500, null]);
  });

  it('answer without addresses when they are old and the register is down, and the audit trail says that they are stale', async () => {
    const nin = resident();
    await ask(nin);
    await later(6 * 60_000);
    sandbox.faults.always('persontjenesten', { kind: 'server-error', status: 503 }, { path: '/person/' });
    const answer = await ask(nin);
    sandbox.faults.clear();
    expect([answer.status, answer.source]).to.deep.equal([200, 'stale-cache']);
    expect(answer.envelope).to.not.contain('<addr');
    expect(answer.envelope).to.contain('<family>');
    const fresh = await ask(nin);
    expect([fresh.status, fresh.source]).to.deep.equal([200, null]);
    expect(fresh.envelope).to.contain('<addr');
  });

  it('are gone when an event told of the person before the register went down', async () => {
    const nin = resident();
    await ask(nin);
    await later(6 * 60_000);
    await happening({ type: 'protect', nin, level: 'Confidential' });
    sandbox.faults.always('persontjenesten', { kind: 'server-error', status: 503 }, { path: '/person/' });
    const answer = await ask(nin);
    sandbox.faults.clear();
    expect([answer.status, answer.source]).to.deep.equal([500, null]);
  });
});
