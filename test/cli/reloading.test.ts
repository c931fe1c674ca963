import { expect } from 'chai';
import type { LiveSettings } from '../../src/cli/live-settings.js';
import { Reloading, type OnReload } from '../../src/cli/reloading.js';
import { ConfigurationError } from '../../src/config/problems.js';
import type { Configuration } from '../../src/config/schema.js';
import { AuditUnavailable } from '../../src/errors/errors.js';
import type { AuditEntry } from '../../src/operations/audit-trail.js';
import { CountedRandom } from '../support/counted-random.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { sandboxConfiguration } from '../support/sandbox-configuration.js';
import { StandingClock } from '../support/standing-clock.js';

const started = sandboxConfiguration();
const account = { client: 'epj-sandbox', username: 'epj', password: 'secret at PREG' };
const preg = {
  hl7v3Url: 'https://preg.invalid/hl7v3',
  security: 'username-token',
  callTimeoutSeconds: 10,
  maxConcurrentCalls: 32,
  accounts: [account],
} as const;

type Cutover = Configuration['cutover'];

function withCutover(cutover: Partial<Cutover>, base = started): Configuration {
  return { ...base, cutover: { ...base.cutover, ...cutover } };
}

const toPreg: Pick<Cutover, 'routes'> = { routes: [{ route: 'preg' }] };
const withPreg = withCutover({ preg: { ...preg, accounts: [account] } });

describe('a reload', () => {
  function setUp(
    configuration: Configuration,
    record: (entries: readonly AuditEntry[]) => void = () => undefined,
    onReload: readonly OnReload[] = [],
  ): {
    readonly events: RecordedEvents;
    readonly applied: LiveSettings[];
    readonly reload: (fresh: Configuration | Error) => void;
  } {
    const events = new RecordedEvents();
    const applied: LiveSettings[] = [];
    let next: Configuration | Error = configuration;
    const reloading = new Reloading({
      configuration,
      read: () => {
        if (next instanceof Error) throw next;
        return next;
      },
      reconfigure: (settings, beforehand) => {
        beforehand();
        applied.push(settings);
      },
      onReload,
      audit: { record },
      events,
      clock: new StandingClock('2025-03-01T12:00:00Z'),
      random: new CountedRandom(),
    });
    return {
      events,
      applied,
      reload: (fresh) => {
        next = fresh;
        reloading.reload();
      },
    };
  }

  it('changes nothing where nothing has changed, and says so', () => {
    const { events, applied, reload } = setUp(withPreg);
    reload(structuredClone(withPreg));
    expect(applied).to.deep.equal([]);
    expect(events.of.configurationReloaded).to.deep.equal([{ applied: [], awaitingRestart: [] }]);
  });

  it('applies the cutover and leaves its mark before, while everything else waits', () => {
    const entries: AuditEntry[] = [];
    const { events, applied, reload } = setUp(withPreg, (recorded) => {
      expect(applied, 'not before it is on record').to.deep.equal([]);
      entries.push(...recorded);
    });
    const comparison = { ...withPreg.cutover.comparison, samplePercent: 5 };
    const upstream = { ...withPreg.upstream, retries: 1 };
    const fresh = withCutover({ ...toPreg, comparison }, { ...withPreg, upstream });
    reload(fresh);
    expect(applied).to.have.length(1);
    expect(applied[0]?.cutover).to.deep.include({ ...toPreg, comparison });
    expect(events.of.configurationReloaded).to.deep.equal([
      {
        applied: ['cutover.routes', 'cutover.comparison.samplePercent'],
        awaitingRestart: ['upstream.retries'],
      },
    ]);
    expect(
      entries.map(({ operation, outcome, detail }) => ({ operation, outcome, ...detail })),
    ).to.deep.equal([
      {
        operation: 'reload',
        outcome: 'done',
        remoteAddress: 'localhost',
        settings: ['cutover.routes', 'cutover.comparison.samplePercent'],
      },
    ]);
  });

  it('takes over another password of operators, while one that comes or goes waits', () => {
    const withPassword = (passwordHash?: string): Configuration => ({
      ...started,
      listeners: { ...started.listeners, operations: { ...started.listeners.operations, passwordHash } },
    });
    const setting = 'listeners.operations.passwordHash';
    const guarded = setUp(withPassword('old'));
    guarded.reload(withPassword('new'));
    guarded.reload(withPassword());
    expect(guarded.events.of.configurationReloaded).to.deep.equal([
      { applied: [setting], awaitingRestart: [] },
      { applied: [], awaitingRestart: [setting] },
    ]);
    const open = setUp(withPassword());
    open.reload(withPassword('new'));
    expect(open.events.of.configurationReloaded).to.deep.equal([{ applied: [], awaitingRestart: [setting] }]);
  });

  it('tells the next time what still waits, and what has changed since', () => {
    const { events, applied, reload } = setUp(withPreg);
    const upstream = { ...withPreg.upstream, retries: 1 };
    const fresh = withCutover(toPreg, { ...withPreg, upstream });
    reload(fresh);
    reload(fresh);
    reload(withPreg);
    expect(applied).to.have.length(2);
    expect(events.of.configurationReloaded.slice(1)).to.deep.equal([
      { applied: [], awaitingRestart: ['upstream.retries'] },
      { applied: ['cutover.routes'], awaitingRestart: [] },
    ]);
  });

  it('applies routes that need nothing new of PREG, though an account was added', () => {
    const [epj] = withPreg.clients;
    if (epj === undefined) throw new Error('the sandbox has no client');
    const clients = [{ ...epj, id: 'epj-sandbox', protocols: ['hl7v3' as const] }];
    const base = { ...withPreg, clients };
    const { events, applied, reload } = setUp(base);
    const another = { client: 'lab', username: 'lab', password: 'secret at PREG' };
    const lab = { ...clients[0], ...epj, id: 'lab', protocols: ['hl7v3' as const] };
    const grown = { ...base, clients: [...clients, lab] };
    const routes = [
      { client: 'epj-sandbox', route: 'preg' as const },
      { client: 'lab', route: 'persontjenesten' as const },
    ];
    reload(withCutover({ routes, preg: { ...preg, accounts: [account, another] } }, grown));
    expect(applied.map(({ cutover }) => cutover.routes)).to.deep.equal([routes]);
    expect(events.of.configurationReloaded).to.deep.equal([
      { applied: ['clients[lab]', 'cutover.routes'], awaitingRestart: ['cutover.preg.accounts'] },
    ]);
    reload(withCutover({ ...toPreg, preg: { ...preg, accounts: [account, another] } }, grown));
    expect(applied, 'routes that need the account').to.have.length(1);
  });

  it('applies clients, profiles, purposes and the level of the log, each by its name', () => {
    const { events, applied, reload } = setUp(started);
    const [epj] = started.clients;
    if (epj === undefined) throw new Error('the sandbox has no client');
    const fresh: Configuration = {
      ...started,
      clients: [{ ...epj, enabled: false }, ...started.clients.slice(1)],
      profiles: { ...started.profiles, names: { groups: ['identity'] } },
      audit: { ...started.audit, purpose: 'Helsehjelp', retentionDays: 20 },
      logging: { ...started.logging, level: 'error', levels: { helseid: 'debug' }, format: 'pretty' },
    };
    reload(fresh);
    const { clients, profiles } = fresh;
    expect(applied[0]).to.deep.include({ clients, profiles });
    expect(applied[0]?.audit).to.deep.include({ ...started.audit, purpose: 'Helsehjelp' });
    expect(applied[0]?.logging).to.deep.equal({ ...fresh.logging, format: started.logging.format });
    expect(events.of.configurationReloaded).to.deep.equal([
      {
        applied: [
          'clients[epj-sandbox].enabled',
          'profiles.names',
          'audit.purpose',
          'logging.level',
          'logging.levels.helseid',
        ],
        awaitingRestart: ['audit.retentionDays'],
      },
    ]);
  });

  it('has drop folders looked into as it began, and names what waits of them', () => {
    const [epj] = started.clients;
    if (epj === undefined) throw new Error('the sandbox has no client');
    const dropping = (change: Partial<typeof epj.filematch>, id = epj.id): typeof epj => ({
      ...epj,
      id,
      filematch: { ...epj.filematch, ...change },
    });
    const before = { ...started, clients: [dropping({ folder: '/srv/a' }), dropping({}, 'lab')] };
    const { events, applied, reload } = setUp(before);
    reload({
      ...before,
      clients: [
        dropping({ folder: '/srv/b', mode: 'K', weakMatches: 'data' }),
        dropping({ folder: '/srv/c' }, 'lab'),
        dropping({ folder: '/srv/d' }, 'ward'),
      ],
    });
    expect(events.of.configurationReloaded).to.deep.equal([
      {
        applied: ['clients[epj-sandbox].filematch.weakMatches', 'clients[ward]'],
        awaitingRestart: [
          'clients[epj-sandbox].filematch.mode',
          'clients[epj-sandbox].filematch.folder',
          'clients[lab].filematch.folder',
          'clients[ward].filematch.folder',
        ],
      },
    ]);
    const folders = applied[0]?.clients.map(({ filematch: { folder, mode } }) => [folder, mode]);
    expect(folders).to.deep.equal([
      ['/srv/a', 'V'],
      [undefined, 'V'],
      [undefined, 'V'],
    ]);
    reload({ ...before, clients: before.clients.slice(1) });
    reload(before);
    expect(applied.at(-1)?.clients[0]?.filematch.folder, 'of a client that came back').to.equal('/srv/a');
  });

  it('goes on by the PREG that it was started with, whatever becomes of its settings', () => {
    const { events, applied, reload } = setUp(withPreg);
    const changed = {
      ...preg,
      accounts: [{ ...account, password: 'another secret' }],
      callTimeoutSeconds: 3,
    };
    reload(withCutover({ ...toPreg, preg: changed }));
    expect(applied[0]?.cutover).to.deep.include({ ...toPreg, preg: withPreg.cutover.preg });
    expect(events.of.configurationReloaded).to.deep.equal([
      {
        applied: ['cutover.routes'],
        awaitingRestart: ['cutover.preg.callTimeoutSeconds', 'cutover.preg.accounts[0].password'],
      },
    ]);
    expect(JSON.stringify(events.of)).to.not.contain('secret');
  });

  for (const [what, base, fresh] of [
    ['a PREG', started, withCutover(toPreg, withPreg)],
    [
      'a service',
      withPreg,
      withCutover({
        ...toPreg,
        preg: { ...preg, pregXmlUrl: 'https://preg.invalid/x', accounts: [account] },
      }),
    ],
    [
      'an account',
      withPreg,
      withCutover({ ...toPreg, preg: { ...preg, accounts: [account, { ...account, client: 'lab' }] } }),
    ],
    [
      'a PREG of the sandbox',
      started,
      withCutover(toPreg, sandboxConfiguration({ PREG_ADAPTER__SANDBOX__PREG__PORT: '0' })),
    ],
  ] as const) {
    it(`leads nobody to ${what} that is not there before a restart`, () => {
      const { events, applied, reload } = setUp(base);
      reload(fresh);
      expect(applied).to.deep.equal([]);
      const [event] = events.of.configurationReloaded;
      expect(event?.applied).to.deep.equal([]);
      expect(event?.awaitingRestart).to.include('cutover.routes');
    });
  }

  it('with a broken file changes nothing and says why, and works once the file is mended', () => {
    const { events, applied, reload } = setUp(withPreg);
    const problem = { path: 'cutover.routes[0].route', found: '"prog"', expected: 'one of preg' };
    reload(new ConfigurationError('hospital.yaml', [problem]));
    expect(applied).to.deep.equal([]);
    expect(events.of.configurationRefused).to.deep.equal([
      { problems: ['cutover.routes[0].route: found "prog", expected one of preg'] },
    ]);
    reload(withCutover(toPreg, withPreg));
    expect(applied).to.have.length(1);
  });

  it('changes nothing that cannot be put on record, and tries it all again the next time', () => {
    let isBroken = true;
    const { events, applied, reload } = setUp(withPreg, () => {
      if (isBroken) throw new AuditUnavailable('the disk is full');
    });
    const fresh = withCutover(toPreg, withPreg);
    reload(fresh);
    expect(applied).to.deep.equal([]);
    expect(events.of.configurationRefused[0]?.problems[0]).to.contain('the disk is full');
    isBroken = false;
    reload(fresh);
    expect(applied).to.have.length(1);
  });

  it('has everybody told who reads files anew, after what has changed, and also where nothing has', () => {
    const told: string[] = [];
    const { applied, reload } = setUp(withPreg, undefined, [
      () => {
        throw new Error('nobody foresaw it');
      },
      ({ cutover }) => told.push(`${cutover.routes.length} after ${applied.length}`),
      () => told.push('and another'),
    ]);
    reload(withCutover(toPreg, withPreg));
    reload(withCutover(toPreg, withPreg));
    reload(new ConfigurationError('hospital.yaml', []));
    expect(told).to.deep.equal(['1 after 1', 'and another', '1 after 1', 'and another']);
  });
});
