import { readdirSync, readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JsonObject } from '../../../src/mapping/json.js';
import { numbersIn } from '../../../src/mapping/transforms/identity.js';
import { isNationalId, type NationalId } from '../../../src/person/national-id.js';
import { DATABASE_FILE } from '../../../src/store/database.js';
import type { StoredComparison } from '../../../src/store/comparison-repository.js';
import { runCommand, type CommandResult, type CommandSurroundings } from '../../support/command-line.js';
import { postSoap } from '../../support/get-demographics.js';
import { withStore } from '../../support/opened-store.js';
import { PERSON_SERVICE_PATH, personServiceRequest } from '../../support/person-service-request.js';
import { addressLists, elementsIn, isProtectedSomewhere } from '../../support/protected-somewhere.js';
import { until } from '../../support/until.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../../support/sandboxed-adapter.js';

const CLIENT = 'epj-sandbox';
const ENVIRONMENT = {
  PREG_ADAPTER__SANDBOX__PREG__PORT: '0',
  PREG_ADAPTER__SANDBOX__PREG__DIFFERING_PERCENT: '100',
  PREG_ADAPTER__CUTOVER__ROUTES__0__ROUTE: 'shadow-preg',
  PREG_ADAPTER__CUTOVER__COMPARISON__MAX_WAITING: '10000',
  PREG_ADAPTER__CUTOVER__COMPARISON__KEEP_VALUES: 'true',
};

describe('what is kept of comparisons, in a data folder where everybody differs', function () {
  this.timeout(60_000);
  let adapter: SandboxedAdapter;
  let protectedPeople: readonly NationalId[];
  let numbers: readonly NationalId[];

  before(async () => {
    adapter = await startSandboxedAdapter(ENVIRONMENT);
    const agent = new Agent({ ca: adapter.certificatePem, keepAlive: true, maxSockets: 4 });
    const people = [...adapter.sandbox.population.documents()].flatMap((document) => {
      const number = numbersIn(document)[0]?.nin ?? '';
      return isNationalId(number) ? [{ number, isProtected: isProtectedSomewhere(ofToday(document)) }] : [];
    });
    numbers = people.map(({ number }) => number);
    protectedPeople = people.filter(({ isProtected }) => isProtected).map(({ number }) => number);
    for (const number of numbers) {
      await postSoap(adapter.legacyUrl + PERSON_SERVICE_PATH, getPerson(number), agent);
    }
    agent.destroy();
    // What is still on its way when the adapter stops is given up; most is begun once nobody asks any more.
    await until(
      () => adapter.log().split('both registers were asked the same').length > numbers.length,
      1_000_000,
    );
    await adapter.running.stop();
  });

  after(async () => {
    await adapter.stop();
  });

  const command = (args: readonly string[], surroundings: CommandSurroundings = {}): Promise<CommandResult> =>
    runCommand([...args, '--config', 'config/sandbox.yaml'], {
      environment: { ...ENVIRONMENT, PREG_ADAPTER__DATA__DIRECTORY: adapter.dataDirectory },
      ...surroundings,
    });
  const comparisons = (): readonly StoredComparison[] =>
    withStore(adapter.dataDirectory, (store) =>
      (['expected', 'unexplained'] as const).flatMap((verdict) =>
        store.comparisons.list({ clientId: CLIENT, verdict, limit: 10_000 }),
      ),
    );

  it('is what differs, with values where the settings ask for them', () => {
    const found = comparisons();
    expect(found.length).to.be.above(10);
    const withValues = found.filter(({ differences }) => differences.some(({ hasValues }) => hasValues));
    expect(withValues.length).to.be.above(5);
  });

  it('is no value of anybody who is protected', () => {
    const pseudonyms = withStore(adapter.dataDirectory, (store) =>
      protectedPeople.flatMap((number) =>
        [...store.audit.bySubject(number)].map(({ pseudonym }) => pseudonym),
      ),
    );
    const theirs = comparisons().filter(({ pseudonym }) => pseudonyms.includes(pseudonym));
    expect(theirs.length).to.be.above(0);
    expect(
      theirs.flatMap(({ differences }) => differences).filter(({ hasValues }) => hasValues),
    ).to.deep.equal([]);
  });

  it('can be read as neither number nor value by who has the files alone', () => {
    const octets = readdirSync(adapter.dataDirectory)
      .filter((name) => name.startsWith(DATABASE_FILE))
      .map((name) => readFileSync(join(adapter.dataDirectory, name)).toString('latin1').toUpperCase())
      .join('\n');
    expect(octets).to.include(CLIENT.toUpperCase());
    const values = withStore(adapter.dataDirectory, () =>
      comparisons().flatMap(({ differences }) =>
        differences.flatMap((difference) => Object.values(difference.values() ?? {})),
      ),
    );
    // Shorter ones turn up by chance.
    const telling = values.filter((value) => value !== null && value.length > 7 && !/^[0-9-]+$/.test(value));
    expect(telling.length).to.be.above(5);
    const found = [...numbers, ...telling].filter((text) => octets.includes(String(text).toUpperCase()));
    expect(found).to.deep.equal([]);
  });

  it('shows in the report, and on a terminal', async () => {
    const { out } = await command(['readiness', '--client', CLIENT]);
    expect(out).to.match(/^Route +shadow-preg$/m);
    expect(out).to.match(/^preg-xml +GetPerson +\d+ /m);
    expect(out).to.match(/^Verdict +not ready$/m);
    const shown = await command(['cutover', 'differences', '--client', CLIENT, '--values'], {
      terminal: { isTTY: true, columns: 200 },
    });
    expect([shown.code, shown.err]).to.deep.equal([0, '']);
  });
});

/** A level that stands at a former address alone protects nobody any more. */
function ofToday(document: JsonObject): JsonObject {
  const lists = addressLists.map(
    (list) => [list, elementsIn(document, list).filter(({ isValid }) => isValid !== false)] as const,
  );
  return { ...document, ...Object.fromEntries(lists) };
}

function getPerson(number: string): string {
  return personServiceRequest({
    operation: 'GetPerson',
    content: `<parameters xmlns:b="http://schemas.datacontract.org/2004/07/NHN.Contracts.Data"><b:NIN>${number}</b:NIN></parameters>`,
    now: new Date(),
    username: CLIENT,
    password: CLIENT,
  });
}
