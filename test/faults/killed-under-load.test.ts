import { Agent } from 'node:https';
import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { packageRoot } from '../../src/config/package-root.js';
import { errorCode } from '../../src/errors/error-code.js';
import type { NationalId } from '../../src/person/national-id.js';
import { runCommand } from '../support/command-line.js';
import { write } from '../support/configuration-files.js';
import { getDemographicsRequest } from '../support/get-demographics-request.js';
import { getDemographics } from '../support/get-demographics.js';
import { post, type Destination } from '../support/https-post.js';
import { long } from '../support/long-runs.js';
import { withStore } from '../support/opened-store.js';
import { programs } from '../support/programs.js';
import { registrationMessage } from '../support/registration-message.js';
import { freePorts, served } from '../support/started-adapter.js';
import { syntheticNumber } from '../support/synthetic-number.js';

const config = join(packageRoot(), 'config', 'sandbox.yaml');
const example = join(packageRoot(), 'docs', 'examples', 'filematch.csv');
const KILLS = long ? 20 : 3;
/** More than come to their turn before the last kill, at one in a second. */
const ROWS = 60 * KILLS;
const LOOKERS = 4;
const ADDERS = 3;

describe('the adapter, killed again and again under everything at once', function () {
  // Programs that start, on a busy machine; nothing here is about speed.
  this.timeout(long ? 600_000 : 120_000);
  const run = programs();

  it('(QUALITY 47) has an audit trail that is whole, each help number once, and a job that comes to its result', async () => {
    const folder = run.folder();
    const [data, drop, out] = [join(folder, 'data'), join(folder, 'drop'), join(folder, 'expected')];
    mkdirSync(join(drop, 'inn'), { recursive: true });
    const environment = {
      PREG_ADAPTER__CLIENTS__0__FILEMATCH__FOLDER: drop,
      PREG_ADAPTER__FILEMATCH__POLL_SECONDS: '1',
      PREG_ADAPTER__FILEMATCH__ROWS_PER_BATCH: '1',
    };
    const csv = write(folder, 'people.csv', manyRows());
    write(drop, 'people.tmp', manyRows());
    renameSync(join(drop, 'people.tmp'), join(drop, 'inn', 'people.csv'));
    const looked: NationalId[] = [];
    const added = new Map<string, string>();
    let asked = 0;
    const unasked = () => syntheticNumber(asked++);

    for (let kill = 0; kill < KILLS; kill += 1) {
      const program = run.start(data, { ...environment, PREG_ADAPTER__FILEMATCH__ROWS_PER_SECOND: '1' });
      const { service } = await served(program, data);
      const [beforeLooked, beforeAdded] = [looked.length, added.size];
      const load = loadOn(service, { round: kill, unasked, looked, added });
      const isUnderLoad = () => looked.length >= beforeLooked + 20 && added.size >= beforeAdded + 5;
      await Promise.race([program.says(/the rows of a Filematch job are looked up/), load]);
      const over = new AbortController();
      const end = (): void => {
        over.abort();
      };
      load.then(end, end);
      while (!isUnderLoad() && !over.signal.aborted) await sleep(5);
      await sleep(Math.random() * 100);
      program.signal('SIGKILL');
      expect(await program.ended).to.deep.equal({ code: null, signal: 'SIGKILL' });
      await load;
      withStore(data, ({ audit }) => {
        expect(audit.verify().bad, `after kill ${kill + 1}`).to.deep.equal([]);
      });
    }
    expect(new Set(added.values()).size, 'numbers given out').to.equal(added.size);
    expect(readdirSync(join(drop, 'ut')), 'not before its end').to.deep.equal([]);

    const last = run.start(data, environment);
    const { service } = await served(last, data);
    for (const [message, number] of [...added].slice(-10)) {
      expect(await add(service, message), 'the same message gets the same number').to.equal(number);
    }
    await last.says(/a Filematch job completed/);
    last.signal('SIGTERM');
    expect(await last.ended).to.deep.equal({ code: 0, signal: null });

    await runCommand(['filematch', 'run', csv, '--config', config, '--out', out], {
      environment: freePorts(join(folder, 'other')),
    });
    expect(resultIn(join(drop, 'ut'))).to.equal(resultIn(out));
    withStore(data, ({ audit, helpNumbers }) => {
      expect(audit.verify().bad).to.deep.equal([]);
      const lost = looked.filter((number) => [...audit.bySubject(number)].length !== 1);
      expect(lost, 'answers without their one entry').to.deep.equal([]);
      const rows = [...audit.entries()].filter(({ operation }) => operation === 'match');
      expect(rows, 'each row of the file once').to.have.length(ROWS);
      const stored: string[] = [];
      for (let after: number | undefined = 0; after !== undefined;) {
        const page = helpNumbers.people([], after);
        stored.push(...page.entries.map(({ number }) => number));
        after = page.next;
      }
      expect(new Set(stored).size, 'numbers in the register').to.equal(stored.length);
      expect(stored).to.include.members([...added.values()]);
    });
  });
});

/** What is asked, and what was answered. */
interface Told {
  readonly round: number;
  /** A number that nobody has asked for yet. */
  readonly unasked: () => NationalId;
  readonly looked: NationalId[];
  /** Numbers that were given out, by the message. */
  readonly added: Map<string, string>;
}

/** Asks and adds until the adapter is gone, and notes what was answered. */
async function loadOn(service: Destination, { round, unasked, looked, added }: Told): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const looker = async (): Promise<void> => {
    for (;;) {
      const number = unasked();
      const question = getDemographicsRequest({ numbers: [number], now: new Date() });
      const { status } = await post({ ...service, agent }, question);
      if (status === 200) looked.push(number);
    }
  };
  const adder = async (place: number): Promise<void> => {
    for (let next = place; ; next += ADDERS) {
      const message = `r${round}m${next}`;
      added.set(message, await add({ ...service, agent }, message));
    }
  };
  const callers = [
    ...Array.from({ length: LOOKERS }, () => looker()),
    ...Array.from({ length: ADDERS }, (_, place) => adder(place)),
  ];
  await Promise.all(callers.map((caller) => caller.catch(unlessGone)));
  agent.destroy();
}

/** The end of every caller is that its connection ends with the process; anything else is a fault. */
function unlessGone(error: unknown): void {
  if (errorCode(error) === undefined) throw error;
}

/** The help number that a new person is given. */
async function add(service: Destination, message: string): Promise<string> {
  const role = `<identifiedPerson><name><given>${inLetters(message)}</given><family>Prøvesen</family></name></identifiedPerson>`;
  const wrapper = `<id root="1.2.3.4" extension="${message}"/><processingCode code="T"/>`;
  const envelope = getDemographics('')
    .replaceAll('GetDemographics', 'AddPerson')
    .replace(/<t:query>.*<\/t:query>/s, `<t:request>${registrationMessage(role, wrapper)}</t:request>`)
    .replace('<s:Body>', '<s:Body xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">');
  const { text } = await post(service, envelope);
  const number = /extension="([89][0-9]{10})"/.exec(text)?.[1];
  if (number === undefined)
    throw new Error(`no number was given: ${/<text>[^<]*/.exec(text)?.[0] ?? text.slice(0, 300)}`);
  return number;
}

/** A name of its own for each message, which nobody takes for that of another. */
function inLetters(message: string): string {
  return message.replaceAll(/\d/g, (digit) => 'bdfgklmprs'.charAt(Number(digit)) + 'a');
}

/** The people of docs/examples again and again, each row with a reference of its own. */
function manyRows(): string {
  const [head = '', ...rows] = readFileSync(example, 'utf8').trimEnd().split(/\r?\n/);
  const many = Array.from({ length: ROWS }, (_, index) =>
    (rows[index % rows.length] ?? '').replace(/^[^;]*/, `ROW-${index}`),
  );
  return [head, ...many, ''].join('\r\n');
}

function resultIn(folder: string): string {
  const [name, ...others] = readdirSync(folder).filter((one) => one.includes('.resultat.'));
  if (name === undefined || others.length > 0) throw new Error('there is not one result');
  return readFileSync(join(folder, name), 'utf8');
}
