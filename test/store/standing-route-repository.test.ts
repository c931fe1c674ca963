import { spawnSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect } from 'chai';
import { StoreFailed } from '../../src/errors/errors.js';
import type { RouteScope, StandingRoute } from '../../src/registry/cutover/route.js';
import { DATABASE_FILE } from '../../src/store/database.js';
import { migrate, migrations } from '../../src/store/migrations.js';
import { StoredStandingRoutes } from '../../src/store/standing-route-repository.js';
import type { Store } from '../../src/store/store.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { auditEntry, openTestStore } from './store-fixture.js';

function route(change: Partial<StandingRoute> = {}): StandingRoute {
  return {
    clientId: 'epj',
    protocol: undefined,
    operation: undefined,
    route: 'shadow-preg',
    percent: undefined,
    setBy: 'operator',
    at: new Date('2026-03-01T12:00:00.000Z'),
    reason: undefined,
    ...change,
  };
}

describe('the repository of standing routes', () => {
  const folder = temporaryFolders();
  const opened: Store[] = [];
  afterEach(() => {
    for (const store of opened.splice(0)) store.close();
  });
  const storeIn = (directory: string): Store => {
    const store = openTestStore(directory);
    opened.push(store);
    return store;
  };

  it('begins with none', () => {
    expect(storeIn(folder()).standingRoutes.all()).to.deep.equal([]);
  });

  it('gives back what was set, as it was set, also after a restart', () => {
    const directory = folder();
    const routes = [
      route(),
      route({ clientId: undefined, protocol: 'preg-xml', percent: 10, route: 'persontjenesten' }),
      route({ protocol: 'hl7v3', operation: 'FindCandidates', route: 'preg' }),
      route({ setBy: 'guard', reason: 'too many unexplained differences' }),
    ];
    const store = openTestStore(directory);
    for (const one of routes) store.standingRoutes.set(one);
    expect(store.standingRoutes.all()).to.have.deep.members(routes);
    store.close();
    expect(storeIn(directory).standingRoutes.all()).to.have.deep.members(routes);
  });

  it('has one of each setter in a scope, the last, and one for some of a hundred beside it', () => {
    const { standingRoutes } = storeIn(folder());
    standingRoutes.set(route());
    standingRoutes.set(route({ percent: 5 }));
    standingRoutes.set(route({ percent: 10 }));
    standingRoutes.set(route({ setBy: 'guard' }));
    standingRoutes.set(route({ setBy: 'guard', reason: 'errors' }));
    expect(standingRoutes.all()).to.have.deep.members([
      route(),
      route({ percent: 10 }),
      route({ setBy: 'guard', reason: 'errors' }),
    ]);
    standingRoutes.set(route({ route: 'persontjenesten' }));
    expect(standingRoutes.all()).to.deep.equal([route({ route: 'persontjenesten' })]);
  });

  it('takes over what was set before routes for some and for all could stand beside each other', () => {
    const database = new BetterSqlite3(':memory:');
    migrate(
      database,
      migrations.slice(
        0,
        migrations.findIndex(({ name }) => name === 'cutover canaries'),
      ),
    );
    database.exec(`
      INSERT INTO cutover_route VALUES ('epj', '', '', 'operator', 'shadow-preg', 5, 7, NULL);
      INSERT INTO cutover_route VALUES ('epj', '', '', 'guard', 'shadow-preg', NULL, 8, 'errors');`);
    migrate(database);
    const standingRoutes = new StoredStandingRoutes({ database, assertInPlace: () => undefined });
    expect(standingRoutes.all()).to.deep.equal([
      route({ percent: 5, at: new Date(7) }),
      route({ setBy: 'guard', at: new Date(8), reason: 'errors' }),
    ]);
    standingRoutes.set(route({ percent: 25, at: new Date(9) }));
    expect(standingRoutes.all()).to.have.deep.members([
      route({ at: new Date(9) }),
      route({ percent: 25, at: new Date(9) }),
    ]);
    database.close();
  });

  const guarded: RouteScope = { clientId: 'epj', protocol: 'hl7v3', operation: 'GetDemographics' };
  for (const [scope, isReleased] of [
    [guarded, true],
    [{ clientId: 'epj', protocol: 'hl7v3' }, true],
    [{ clientId: 'epj' }, true],
    [{ operation: 'GetDemographics' }, false],
    [{}, false],
    [{ clientId: 'other' }, false],
    [{ clientId: 'epj', protocol: 'preg-xml' }, false],
    [{ clientId: 'epj', operation: 'FindCandidates' }, false],
  ] as const satisfies readonly (readonly [RouteScope, boolean])[]) {
    it(`${isReleased ? 'ends' : 'keeps'} what the guard set, when an operator acts for ${JSON.stringify(scope)}`, () => {
      const { standingRoutes } = storeIn(folder());
      standingRoutes.set(route({ ...guarded, setBy: 'guard' }));
      standingRoutes.set(route({ clientId: undefined, ...scope }));
      const left = standingRoutes.all().filter(({ setBy }) => setBy === 'guard');
      expect(left).to.have.length(isReleased ? 0 : 1);
    });
  }

  it('ends what the guard set for single clients when an operator wants that for all', () => {
    const { standingRoutes } = storeIn(folder());
    standingRoutes.set(route({ ...guarded, setBy: 'guard' }));
    standingRoutes.set(route({ clientId: undefined }), { releasing: true });
    expect(standingRoutes.all()).to.deep.equal([route({ clientId: undefined })]);
  });

  it('leaves a wider route of the guard when an operator acts for a part of it', () => {
    const { standingRoutes } = storeIn(folder());
    standingRoutes.set(route({ setBy: 'guard' }));
    standingRoutes.set(route({ protocol: 'hl7v3', route: 'persontjenesten' }));
    expect(standingRoutes.all()).to.have.length(2);
  });

  it('leaves what operators set when the guard acts', () => {
    const { standingRoutes } = storeIn(folder());
    standingRoutes.set(route({ protocol: 'hl7v3' }));
    standingRoutes.set(route({ setBy: 'guard' }));
    expect(standingRoutes.all()).to.have.length(2);
  });

  it('clears exactly a scope, by whomever it was set, and tells how many', () => {
    const { standingRoutes } = storeIn(folder());
    standingRoutes.set(route());
    standingRoutes.set(route({ setBy: 'guard' }));
    standingRoutes.set(route({ protocol: 'hl7v3' }));
    expect(standingRoutes.clear({ clientId: 'epj', operation: 'FindCandidates' })).to.equal(0);
    expect(standingRoutes.clear({ clientId: 'epj' })).to.equal(2);
    expect(standingRoutes.all()).to.deep.equal([route({ protocol: 'hl7v3' })]);
  });

  it('sees at once what another process has set or cleared', () => {
    const directory = folder();
    const server = storeIn(directory);
    expect(server.standingRoutes.all()).to.deep.equal([]);
    const fixture = new URL('./store-fixture.js', import.meta.url);
    const child = (deed: string): void => {
      const { status, stderr } = spawnSync(
        process.execPath,
        [
          '--input-type=module',
          '--eval',
          `import { openTestStore } from ${JSON.stringify(fixture.href)};
          const store = openTestStore(${JSON.stringify(directory)});
          ${deed};
          store.close();`,
        ],
        { encoding: 'utf8' },
      );
      expect(status, stderr).to.equal(0);
    };
    child(`store.standingRoutes.set({ clientId: 'epj', route: 'preg', setBy: 'operator', at: new Date(7) })`);
    expect(server.standingRoutes.all().map((one) => one.route)).to.deep.equal(['preg']);
    child(`store.standingRoutes.clear({ clientId: 'epj' })`);
    expect(server.standingRoutes.all()).to.deep.equal([]);
  });

  it('reads the routes again only when somebody has written', () => {
    const directory = folder();
    const store = storeIn(directory);
    const beside = storeIn(directory);
    store.standingRoutes.set(route());
    const first = store.standingRoutes.all();
    expect(store.standingRoutes.all()).to.equal(first);
    // What this process writes elsewhere, an audit entry for each answer, is no reason.
    store.audit.record([auditEntry()]);
    expect(store.standingRoutes.all()).to.equal(first);
    beside.audit.record([auditEntry()]);
    expect(store.standingRoutes.all()).to.not.equal(first);
    expect(store.standingRoutes.all()).to.deep.equal(first);
  });

  it('fails as a store when it is closed, or its file was moved away', () => {
    const directory = folder();
    const { standingRoutes } = storeIn(directory);
    renameSync(path.join(directory, DATABASE_FILE), path.join(directory, 'moved'));
    expect(() => {
      standingRoutes.set(route());
    }).to.throw(StoreFailed);
    const closed = openTestStore(folder());
    closed.close();
    expect(() => closed.standingRoutes.all()).to.throw(StoreFailed);
  });
});
