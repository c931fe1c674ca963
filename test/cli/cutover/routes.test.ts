import { join } from 'node:path';
import { expect } from 'chai';
import type { StandingRoute } from '../../../src/registry/cutover/route.js';
import type { Store } from '../../../src/store/store.js';
import { runCommand, type CommandResult } from '../../support/command-line.js';
import { withStore } from '../../support/opened-store.js';
import { temporaryFolders } from '../../support/temporary-folder.js';
import { BesideStore, hospital } from './cutover-world.js';

describe('preg-adapter cutover', function () {
  this.timeout(20_000);

  const newFolder = temporaryFolders();
  let folder: string;
  let config: string;
  beforeEach(() => {
    folder = newFolder();
    config = hospital(folder);
  });

  const cutover = (...args: string[]): Promise<CommandResult> =>
    runCommand(['cutover', ...args, '--config', config]);
  const onStore = <Result>(use: (store: Store) => Result): Result => withStore(join(folder, 'data'), use);
  const standing = (): readonly StandingRoute[] => onStore((store) => store.standingRoutes.all());
  const guardActs = (change: Partial<StandingRoute> = {}): void => {
    const route = { clientId: 'epj', route: 'shadow-preg', setBy: 'guard', at: new Date(7) } as const;
    onStore((store) => {
      store.standingRoutes.set({ ...route, reason: 'too much is unexplained', ...change });
    });
  };
  const audited = () =>
    onStore((store) =>
      [...store.audit.entries()].map(({ clientId, operation, outcome, detail }) => ({
        clientId,
        operation,
        outcome,
        scope: detail.scope,
        route: detail.route,
      })),
    );

  describe('show', () => {
    it('shows the route of each client and protocol, who set it, and the timetable', async () => {
      const { code, out } = await cutover('show');
      expect(code).to.equal(0);
      expect(out.split('\n').map((line) => line.split(/ {2,}/))).to.deep.equal([
        ['CLIENT', 'PROTOCOL', 'OPERATION', 'ROUTE', 'SET BY', 'LATER'],
        ['epj', 'hl7v3', 'all others', 'shadow-preg', 'configuration', '2999-12-31: persontjenesten'],
        ['epj', 'preg-xml', 'all others', 'shadow-preg', 'configuration', '2999-12-31: persontjenesten'],
        ['pas', 'hl7v2', 'all others', 'preg', 'configuration'],
        [''],
      ]);
    });

    it('shows an operation that has a route of its own, what was set and why, and that the timetable waits', async () => {
      await cutover('set', '--client', 'epj', '--route', 'preg', '--operation', 'GetPerson');
      guardActs({ clientId: 'pas' });
      const { out } = await cutover('show');
      const [routes = '', set = ''] = out.split('Set while the adapter ran:\n');
      expect(routes).to.match(/^epj +preg-xml +GetPerson +preg +operator$/m);
      expect(routes).to.not.match(/hl7v3 +GetPerson/);
      expect(routes).to.match(/^pas +hl7v2 +all others +shadow-preg +guard$/m);
      expect(set).to.match(/^epj +all +GetPerson +preg +operator +\d{4}-\d\d-\d\d \d\d:\d\d$/m);
      expect(set).to.match(/^pas +all +all +shadow-preg +guard +1970-01-01 00:00 +too much is unexplained$/m);
    });

    it('shows one client, as JSON too', async () => {
      await cutover('set', '--client', 'epj', '--route', 'persontjenesten', '--percent', '10');
      const { out } = await cutover('show', '--client', 'epj', '--json');
      const shown: unknown = JSON.parse(out);
      expect(shown).to.have.nested.property('preg', true);
      expect(shown).to.have.property('routes').with.length(2);
      expect(shown)
        .to.have.nested.property('routes[0]')
        .that.deep.equals({
          clientId: 'epj',
          protocol: 'hl7v3',
          ways: [
            { route: 'persontjenesten', percent: 10, setBy: 'operator', answers: 'persontjenesten' },
            { route: 'shadow-preg', setBy: 'rule', answers: 'preg', compares: 'persontjenesten' },
          ],
          later: [
            {
              from: '2999-12-30T23:00:00.000Z',
              ways: [
                { route: 'persontjenesten', percent: 10, setBy: 'operator', answers: 'persontjenesten' },
                { route: 'persontjenesten', setBy: 'rule', answers: 'persontjenesten' },
              ],
            },
          ],
        });
      expect(shown).to.have.nested.property('standing[0].setBy', 'operator');
      expect((await cutover('show', '--client', 'ris')).err).to.equal(
        'There is no client ris; there is epj, pas.\n',
      );
    });

    it('says that there is nothing to choose from without a PREG', async () => {
      config = hospital(folder, '', '{}');
      onStore((store) => {
        store.standingRoutes.set({ route: 'preg', setBy: 'operator', at: new Date(7) });
      });
      const { out } = await cutover('show');
      expect(out).to.match(/^There is no PREG in the configuration/);
      expect(out).to.match(/^epj +hl7v3 +all others +persontjenesten +default$/m);
    });
  });

  describe('set', () => {
    it('sets a route that a process beside goes by at once, and is audited', async () => {
      const beside = new BesideStore(folder);
      try {
        expect(await beside.routes()).to.deep.equal([]);
        const { code, out, err } = await cutover('set', '--client', 'epj', '--route', 'persontjenesten');
        expect([code, err]).to.deep.equal([0, '']);
        expect(out).to.match(/^epj: persontjenesten from now on\.\n\nCLIENT/);
        expect(out).to.match(/^epj +hl7v3 +all others +persontjenesten +operator$/m);
        expect(out).to.not.match(/^pas/m);
        expect(await beside.routes()).to.deep.equal([
          { clientId: 'epj', route: 'persontjenesten', setBy: 'operator' },
        ]);
        await cutover('clear', '--client', 'epj');
        expect(await beside.routes()).to.deep.equal([]);
      } finally {
        await beside.end();
      }
      expect(audited()).to.deep.equal([
        {
          clientId: 'command-line',
          operation: 'cutover set',
          outcome: 'done',
          scope: { clientId: 'epj' },
          route: { route: 'persontjenesten' },
        },
        {
          clientId: 'command-line',
          operation: 'cutover clear',
          outcome: 'done',
          scope: { clientId: 'epj' },
          route: undefined,
        },
      ]);
    });

    it('sets a canary for one operation, beside what holds for the others', async () => {
      const { out } = await cutover(
        ...['set', '--client', 'epj', '--protocol', 'hl7v3', '--operation', 'FindCandidates'],
        ...['--route', 'persontjenesten', '--percent', '10'],
      );
      expect(out).to.match(/^epj, hl7v3, FindCandidates: 10 % persontjenesten from now on\.\n/);
      expect(out).to.match(
        /^epj +hl7v3 +FindCandidates +10 % persontjenesten, else shadow-preg +operator, configuration /m,
      );
      expect(out).to.not.contain('preg-xml');
      expect(standing()[0]).to.deep.include({ percent: 10, operation: 'FindCandidates', protocol: 'hl7v3' });
    });

    it('sets a route for all, and names those that keep their own', async () => {
      await cutover('set', '--client', 'pas', '--route', 'shadow-persontjenesten');
      const { out, err } = await cutover('set', '--all-clients', '--route', 'preg');
      expect(out).to.match(/^all clients: preg from now on\./);
      expect(err).to.match(/^Except for pas: shadow-persontjenesten, set by the operator at .* UTC\.\n$/);
    });

    it('leaves the others where they were while a canary grows, as the guide has it', async () => {
      config = hospital(folder, 'cutover: { routes: [{ route: preg }] }');
      await cutover('set', '--client', 'epj', '--route', 'shadow-preg');
      for (const percent of ['5', '25']) {
        const { out } = await cutover(
          ...['set', '--client', 'epj', '--route', 'shadow-persontjenesten', '--percent', percent],
        );
        expect(out).to.match(
          new RegExp(
            `^epj +hl7v3 +all others +${percent} % shadow-persontjenesten, else shadow-preg +operator$`,
            'm',
          ),
        );
      }
      const { out } = await cutover('set', '--client', 'epj', '--route', 'shadow-persontjenesten');
      expect(out).to.match(/^epj +hl7v3 +all others +shadow-persontjenesten +operator$/m);
      expect(standing()).to.have.length(1);
    });

    it('leaves the others where the guard held them, and says that the hold is over', async () => {
      config = hospital(
        folder,
        'cutover: { routes: [{ route: preg }, { client: epj, route: persontjenesten, from: 2022-01-01 }] }',
      );
      guardActs();
      const { out, err } = await cutover(
        ...['set', '--client', 'epj', '--route', 'shadow-persontjenesten', '--percent', '5'],
      );
      expect(out).to.match(
        /^epj +hl7v3 +all others +5 % shadow-persontjenesten, else shadow-preg +operator$/m,
      );
      expect(err).to.equal(
        'Ended: epj: shadow-preg, set by the guard at 1970-01-01 00:00 UTC. It goes on for the others, set by you.\n',
      );
      expect(audited().map(({ operation, scope, route }) => ({ operation, scope, route }))).to.deep.equal([
        {
          operation: 'cutover set',
          scope: { clientId: 'epj' },
          route: { route: 'shadow-persontjenesten', percent: 5 },
        },
        { operation: 'cutover release', scope: { clientId: 'epj' }, route: undefined },
      ]);
    });

    it('keeps what the guard set for a client when set for all, unless that is wanted', async () => {
      guardActs();
      const all = ['set', '--all-clients', '--route', 'shadow-persontjenesten', '--percent', '10'];
      const kept = await cutover(...all);
      expect(kept.err).to.equal(
        'Not followed: epj: shadow-preg, set by the guard at 1970-01-01 00:00 UTC, goes first. --release ends that.\n',
      );
      expect(kept.out).to.match(/^epj +hl7v3 +all others +shadow-preg +guard$/m);
      const released = await cutover(...all, '--release');
      expect(released.err).to.match(/^Ended: epj: shadow-preg, set by the guard at 1970-01-01 00:00 UTC\./);
      expect(released.out).to.match(
        /^epj +hl7v3 +all others +10 % shadow-persontjenesten, else shadow-preg +operator$/m,
      );
      expect(audited().map(({ operation }) => operation)).to.deep.equal([
        'cutover set',
        'cutover set',
        'cutover release',
      ]);
      expect((await cutover('set', '--client', 'epj', '--route', 'preg', '--release')).err).to.match(
        /^--release goes with --all-clients/,
      );
    });

    it('takes a hundred percent for everybody', async () => {
      await cutover('set', '--client', 'epj', '--route', 'persontjenesten', '--percent', '100');
      expect(standing()).to.have.length(1);
      expect(standing()[0]?.percent).to.equal(undefined);
    });

    it('ends what the guard set for the same', async () => {
      guardActs();
      const { out, err } = await cutover('set', '--client', 'epj', '--route', 'persontjenesten');
      expect(err).to.equal('Ended: epj: shadow-preg, set by the guard at 1970-01-01 00:00 UTC.\n');
      expect(out).to.match(/hl7v3 +all others +persontjenesten +operator$/m);
      expect(standing().map(({ setBy }) => setBy)).to.deep.equal(['operator']);
    });

    it('says so when the guard goes before it', async () => {
      guardActs();
      const { out, err } = await cutover(
        ...['set', '--client', 'epj', '--protocol', 'hl7v3', '--route', 'persontjenesten'],
      );
      expect(out).to.match(/hl7v3 +all others +shadow-preg +guard$/m);
      expect(err).to.match(
        /^Not followed: epj: shadow-preg, set by the guard at 1970-01-01 00:00 UTC, goes first\./,
      );
    });

    const refused: readonly (readonly [what: string, args: readonly string[], complaint: RegExp])[] = [
      [
        'neither client nor all',
        ['--route', 'preg'],
        /^Name a client by --client, or all by --all-clients\.\n/,
      ],
      ['both', ['--route', 'preg', '--client', 'epj', '--all-clients'], /^Name a client/],
      [
        'no such client',
        ['--route', 'preg', '--client', 'ris'],
        /^There is no client ris; there is epj, pas\.\n/,
      ],
      [
        'a protocol that it does not speak',
        ['--route', 'preg', '--client', 'pas', '--protocol', 'hl7v3'],
        /^pas does not speak hl7v3, but hl7v2\.\n/,
      ],
      [
        'an operation of another protocol',
        ['--route', 'preg', '--client', 'epj', '--protocol', 'hl7v3', '--operation', 'GetPerson'],
        /^There is no operation GetPerson; there is FindCandidates, GetDemographics,/,
      ],
      ['no such route', ['--route', 'nowhere', '--client', 'epj'], /Allowed choices are preg, shadow-preg/],
      [
        'no percentage',
        ['--route', 'preg', '--client', 'epj', '--percent', '0'],
        /from 1 to 100 is expected/,
      ],
      [
        'more than all',
        ['--route', 'preg', '--client', 'epj', '--percent', '101'],
        /from 1 to 100 is expected/,
      ],
    ];
    for (const [what, args, complaint] of refused) {
      it(`is refused for ${what}, and changes nothing`, async () => {
        const { code, err } = await cutover('set', ...args);
        expect(code).to.equal(1);
        expect(err).to.match(complaint);
        expect(standing()).to.deep.equal([]);
        expect(audited()).to.deep.equal([]);
      });
    }

    it('is refused where the others would move by default', async () => {
      config = hospital(folder, 'cutover: { routes: [{ client: epj, route: shadow-preg }] }');
      const canary = ['--route', 'persontjenesten', '--percent', '10'];
      const { code, err } = await cutover('set', '--client', 'pas', ...canary);
      expect(code).to.equal(1);
      expect(err).to.match(/^Nothing says where the other 90 % of pas go, so that they would move too\./);
      await cutover('set', '--client', 'pas', '--route', 'shadow-preg');
      expect((await cutover('set', '--client', 'pas', ...canary)).code).to.equal(0);
      expect((await cutover('set', '--client', 'epj', ...canary)).code).to.equal(0);
    });

    it('is refused without a PREG, also to Persontjenesten', async () => {
      config = hospital(folder, '', '{}');
      for (const route of ['preg', 'persontjenesten']) {
        const { err } = await cutover('set', '--client', 'epj', '--route', route);
        expect(err).to.match(/^There is no PREG in the configuration/);
      }
    });

    it('is set for all but those without an account once these have a route of their own', async () => {
      const preg =
        "cutover: { preg: { hl7v3Url: 'https://preg.example/hl7', pregXmlUrl: 'https://preg.example/xml'," +
        ' accounts: [{ client: epj, username: a, password: b }] } }';
      config = hospital(folder, preg, '{}');
      const back = (): ReturnType<typeof cutover> => cutover('set', '--all-clients', '--route', 'preg');
      const { code, err } = await back();
      expect([code, err]).to.deep.equal([
        1,
        'There is no account at PREG (cutover.preg.accounts) for pas; nothing was set.' +
          ' Give them a route of their own first: cutover set --client … --route persontjenesten.\n',
      ]);
      await cutover('set', '--client', 'pas', '--route', 'persontjenesten');
      expect((await back()).code).to.equal(0);
    });

    it('is refused where the client cannot be asked for at PREG', async () => {
      const account = '{ client: epj, username: a, password: b }';
      const preg = (accounts: string) =>
        `cutover: { preg: { hl7v3Url: 'https://preg.example/hl7', accounts: [${accounts}] } }`;
      config = hospital(folder, preg(account), '{}');
      const set = (...args: string[]) => cutover('set', ...args, '--route', 'shadow-preg');
      expect((await set('--client', 'pas')).err).to.equal(
        'There is no account at PREG (cutover.preg.accounts) for pas; nothing was set.\n',
      );
      expect((await set('--all-clients')).err).to.match(/for pas; nothing was set\. /);
      expect((await set('--client', 'epj')).err).to.equal(
        'PREG cannot be asked for this: the configuration has no cutover.preg.pregXmlUrl.\n',
      );
      expect((await set('--client', 'epj', '--protocol', 'hl7v3')).code).to.equal(0);
      expect((await cutover('set', '--client', 'pas', '--route', 'persontjenesten')).code).to.equal(0);
    });
  });

  describe('clear', () => {
    it('ends what operator and guard set for exactly that, so that the configuration holds again', async () => {
      await cutover('set', '--client', 'epj', '--route', 'persontjenesten');
      guardActs();
      const { code, out } = await cutover('clear', '--client', 'epj');
      expect(code).to.equal(0);
      expect(out).to.match(/^epj: cleared\.\n\nCLIENT/);
      expect(out).to.match(/hl7v3 +all others +shadow-preg +configuration +2999/);
      expect(standing()).to.deep.equal([]);
    });

    it('names what was set where there is nothing for exactly that', async () => {
      expect((await cutover('clear', '--client', 'epj')).err).to.equal('Nothing was set for epj.\n');
      await cutover('set', '--client', 'epj', '--route', 'preg', '--operation', 'GetPerson');
      expect((await cutover('clear', '--client', 'pas')).err).to.equal(
        'Nothing was set for pas. There is a route for epj, GetPerson.\n',
      );
      const { code, err } = await cutover('clear', '--client', 'epj');
      expect([code, err]).to.deep.equal([
        1,
        'Nothing was set for epj as a whole, but for epj, GetPerson: --within clears that.\n',
      ]);
      expect((await cutover('clear', '--client', 'epj', '--within')).out).to.match(
        /^epj, GetPerson: cleared\./,
      );
      expect(standing()).to.deep.equal([]);
    });

    it('ends the route of a client that there is no more', async () => {
      guardActs({ clientId: 'gone' });
      const { out } = await cutover('clear', '--client', 'gone');
      expect(out).to.equal('gone: cleared.\n');
    });
  });
});
