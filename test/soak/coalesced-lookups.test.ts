import { Agent } from 'node:https';
import { expect } from 'chai';
import type { JsonObject } from '../../src/mapping/json.js';
import { numbersIn } from '../../src/mapping/transforms/identity.js';
import type { NationalId } from '../../src/person/national-id.js';
import type { ReceivedRequest } from '../../src/sandbox/requests.js';
import { HL7V3_PATH, getDemographicsRequest } from '../support/get-demographics-request.js';
import { postSoap } from '../support/get-demographics.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';
import { syntheticNumber } from '../support/synthetic-number.js';

const PARALLEL = 256;

/** The hash of the password that the sandbox's account has, too. */
const PASSWORD_HASH =
  'scrypt$N=32768,r=8,p=1$9PIIbkTPb77hICDJ40qxvg==$4O5vJgBI2/oaS4sbVK6aEFF4V5MhOzI1JtsFCeUVGf0=';

/** Accounts besides the sandbox's own: another view, other fields, another part of the organisation. */
const others: readonly Readonly<Record<string, string>>[] = [
  { USERNAME: 'epj-restricted', ACCESS: 'restricted' },
  { USERNAME: 'epj-names', PROFILE: 'names' },
  { USERNAME: 'epj-ward', ORGANISATION__CHILD: '310000043' },
];

const usernames = ['epj-sandbox', ...others.map(({ USERNAME = '' }) => USERNAME)];

function accounts(): Record<string, string> {
  const settings = others.flatMap((own, index) =>
    Object.entries({
      ID: own['USERNAME'] ?? '',
      PASSWORD_HASH,
      PROTOCOLS: 'hl7v3',
      ORGANISATION__PARENT: '999999999',
      ...own,
    }).map(([name, value]) => [`PREG_ADAPTER__CLIENTS__${index + 1}__${name}`, value] as const),
  );
  return Object.fromEntries(settings);
}

/** A number to ask by, and the one that the answer is to be about; undefined when nobody has it. */
interface Sought {
  readonly asked: string;
  readonly told: string | undefined;
}

describe('256 lookups at the same time', () => {
  let adapter: SandboxedAdapter;
  let agent: Agent;
  let known: readonly Sought[];
  let superseded: readonly Sought[];

  before(async () => {
    adapter = await startSandboxedAdapter({
      PREG_ADAPTER__SANDBOX__POPULATION: '500',
      PREG_ADAPTER__LOGGING__LEVEL: 'error',
      PREG_ADAPTER__LISTENERS__LEGACY__MAX_CONCURRENT_REQUESTS: '1000',
      PREG_ADAPTER__PROFILES__NAMES__GROUPS: 'names',
      // Clients, adapter and registers share one thread here, so that it takes them longer to bring all in.
      PREG_ADAPTER__UPSTREAM__COALESCING__MAX_WAIT_MILLISECONDS: '1000',
      ...accounts(),
    });
    agent = new Agent({ ca: adapter.certificatePem, keepAlive: true, maxSockets: PARALLEL });
    const documents = [...adapter.sandbox.population.documents()];
    known = documents.flatMap(currentNumber);
    superseded = documents.flatMap(formerNumbers);
    expect(known).to.have.length.greaterThan(PARALLEL);
    expect(superseded).to.have.length.greaterThan(2);
    // Connections, tokens and proven passwords are there already, as on any day.
    await ask(known.slice(0, PARALLEL), (index) => usernames[index % usernames.length] ?? '');
  });

  beforeEach(() => {
    adapter.sandbox.requests.clear();
  });

  after(async () => {
    agent.destroy();
    await adapter.stop();
  });

  it('cost six calls, and each is told of the person asked for', async () => {
    const sought = known.slice(0, PARALLEL);
    expect(await ask(sought)).to.deep.equal(sought.map(() => 'right'));
    expect(askedFor()).to.deep.equal({
      'bulk-by-nin': [100, 100, 100, 100, 56, 56],
    });
  });

  it('cost two more for each number that nobody has, which is asked for alone', async () => {
    const nobody = unknownNumbers(3);
    const sought = mixed([...superseded, ...nobody], known);
    expect(await ask(sought)).to.deep.equal(sought.map(() => 'right'));
    expect(askedFor()).to.deep.equal({
      'bulk-by-nin': [100, 100, 100, 100, 56, 56],
      'get-by-nin': [1, 1, 1, 1, 1, 1],
    });
  });

  it('keep apart what is asked for other fields, in another view, by another part of the organisation', async () => {
    const sought = known.slice(0, PARALLEL);
    const account = (index: number): string => usernames[index % usernames.length] ?? '';
    expect(await ask(sought, account)).to.deep.equal(sought.map(() => 'right'));
    expect(askedFor()).to.deep.equal({ 'bulk-by-nin': [64, 64, 64, 64, 64, 64, 64, 64] });
    const asked = personCalls().map(
      ({ path, informationParts }) =>
        `${path.includes('restricted') ? 'restricted' : 'full'} ${informationParts.length}`,
    );
    // Two of them ask for the same but for different parts of the organisation.
    expect(new Set(asked).size).to.equal(5);
  });

  it('by the same number cost one lookup', async () => {
    const [one] = known;
    if (one === undefined) throw new Error('the population is empty');
    const sought = Array.from({ length: PARALLEL }, () => one);
    expect(await ask(sought)).to.deep.equal(sought.map(() => 'right'));
    expect(askedFor()).to.deep.equal({ 'get-by-nin': [1, 1] });
  });

  /** Asks for all at once: what is wrong with each answer, if anything. */
  function ask(
    sought: readonly Sought[],
    account: (index: number) => string = () => 'epj-sandbox',
  ): Promise<readonly string[]> {
    return Promise.all(
      sought.map(async ({ asked, told }, index) => {
        const message = getDemographicsRequest({
          numbers: [asked],
          username: account(index),
          now: new Date(),
        });
        const { status, body } = await postSoap(adapter.legacyUrl + HL7V3_PATH, message, agent);
        if (status !== 200) return `status ${status}`;
        if (told === undefined) return body.includes('<queryResponseCode code="NF"') ? 'right' : 'not NF';
        return toldIn(body) === told ? 'right' : 'another person';
      }),
    );
  }

  function personCalls(): readonly ReceivedRequest[] {
    return adapter.sandbox.requests.of('persontjenesten');
  }

  /** How many people each call asked for, by operation, the largest first. */
  function askedFor(): Readonly<Record<string, readonly number[]>> {
    const counts: Record<string, number[]> = {};
    for (const { path, askedFor: people } of personCalls()) {
      (counts[path.slice(path.lastIndexOf('/') + 1)] ??= []).push(people);
    }
    for (const people of Object.values(counts)) people.sort((one, other) => other - one);
    return counts;
  }

  /** Some among others, {@link PARALLEL} in all, evenly spread. */
  function mixed(few: readonly Sought[], many: readonly Sought[]): readonly Sought[] {
    const chosen = few.slice(0, 20);
    const people = new Set(chosen.map(({ told }) => told));
    const rest = many.filter(({ told }) => !people.has(told)).slice(0, PARALLEL - chosen.length);
    const gap = Math.floor(PARALLEL / chosen.length);
    for (const [index, one] of chosen.entries()) rest.splice(index * gap, 0, one);
    expect(rest).to.have.length(PARALLEL);
    return rest;
  }

  function unknownNumbers(count: number): readonly Sought[] {
    const numbers: NationalId[] = [];
    for (let index = 0; numbers.length < count; index += 1) {
      const number = syntheticNumber(index);
      if (adapter.sandbox.population.find(number) === undefined) numbers.push(number);
    }
    return numbers.map((asked) => ({ asked, told: undefined }));
  }
});

function toldIn(body: string): string | undefined {
  return /<identifiedPerson classCode="IDENT"><id root="[0-9.]+" extension="([0-9]+)"/.exec(body)?.[1];
}

function currentNumber(document: JsonObject): readonly Sought[] {
  const [preferred] = numbersIn(document);
  return preferred?.inUse === true ? [{ asked: preferred.nin, told: preferred.nin }] : [];
}

/** Numbers of somebody that gave way to another. */
function formerNumbers(document: JsonObject): readonly Sought[] {
  const [preferred, ...numbers] = numbersIn(document);
  if (preferred?.inUse !== true) return [];
  return numbers
    .filter(({ discontinued }) => discontinued)
    .map(({ nin }) => ({ asked: nin, told: preferred.nin }));
}
