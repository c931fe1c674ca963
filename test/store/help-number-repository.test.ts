import { readFileSync, readdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect } from 'chai';
import { StoreFailed } from '../../src/errors/errors.js';
import type { ChangeOrigin } from '../../src/registry/help-numbers/help-number-repository.js';
import { newCorrelationId } from '../../src/runtime/correlation.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { DATABASE_FILE, openDatabase } from '../../src/store/database.js';
import { helpNumberQueries, peopleQuery } from '../../src/store/help-number-queries.js';
import type { Store } from '../../src/store/store.js';
import { StoreUnavailable } from '../../src/store/store-errors.js';
import { helpNumber, recordedAddress, recordOf } from '../support/help-numbers.js';
import { memoryStore } from '../support/memory-store.js';
import { dayIn } from '../support/preg-person.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { openTestStore, sealingKey, testKey } from './store-fixture.js';

const origin: ChangeOrigin = {
  at: new Date('2025-03-01T12:00:00.000Z'),
  correlationId: newCorrelationId(systemRandom),
  clientId: 'visible-client',
  requester: '2.16.578.1^requester-774',
  operation: 'add',
};
const [first, second, survivor] = [helpNumber(1), helpNumber(2), syntheticNumber(1)];
const everything = recordOf({
  name: { given: 'Hemmelige', middle: 'Mellomste', family: 'Etternavnet' },
  gender: 'F',
  birth: '1980-05-17',
  deceased: true,
  dateOfDeath: dayIn('2020-01-02'),
  addresses: [
    recordedAddress({
      lines: ['Skjulestedveien 1'],
      postalCode: '0155',
      postalPlace: 'Stedsnavnet',
      municipality: 'Kommunenavnet',
      careOf: 'Vertskapet',
      country: 'Landnavnet',
    }),
  ],
  telecoms: [{ value: 'tel:+4799887766', use: 'MC' }],
  foreignIds: [{ root: '2.16.840.1.113883.4.330.616', extension: 'PASS774411' }],
  citizenships: ['POL'],
});
const message = { clientId: 'visible-client', messageId: 'message-774', content: '["Etternavnet"]' };

/** Everything that can be stored: a person, a link, an answer, a history. */
function fill({ helpNumbers }: Store): void {
  helpNumbers.change(origin, (writer) => {
    writer.insert(first, everything);
    writer.insert(second, recordOf());
    writer.link(first, survivor);
    writer.remember(message, {
      number: first,
      record: everything,
      superseded: [second],
      possibleDuplicates: [survivor],
    });
  });
}

function bytesIn(directory: string): string {
  return readdirSync(directory)
    .map((name) => readFileSync(path.join(directory, name), 'latin1'))
    .join('\n');
}

function tamper(directory: string, sql: string): void {
  const database = new BetterSqlite3(path.join(directory, DATABASE_FILE));
  database.exec(sql);
  database.close();
}

describe('the repository of help numbers', () => {
  const folder = temporaryFolders();

  it('gives back everything that was told, over a restart', () => {
    const directory = folder();
    const before = openTestStore(directory);
    fill(before);
    before.close();
    const store = openTestStore(directory);
    const { helpNumbers } = store;
    expect(helpNumbers.find(first)).to.deep.equal({ number: first, record: everything, survivor });
    expect(helpNumbers.find(second)).to.deep.equal({ number: second, record: recordOf(), survivor: null });
    expect(helpNumbers.find(survivor)).to.equal(undefined);
    expect([first, second, survivor].map((number) => helpNumbers.isAllotted(number))).to.deep.equal([
      true,
      true,
      false,
    ]);
    expect(helpNumbers.supersededBy(survivor)).to.deep.equal([first]);
    expect(helpNumbers.answerTo(message)).to.deep.equal({
      number: first,
      record: everything,
      superseded: [second],
      possibleDuplicates: [survivor],
      isSameContent: true,
    });
    expect(helpNumbers.answerTo({ ...message, content: 'other' })?.isSameContent).to.equal(false);
    expect(helpNumbers.answerTo({ ...message, clientId: 'other' })).to.equal(undefined);
    expect(helpNumbers.answerTo({ ...message, messageId: 'other' })).to.equal(undefined);
    store.close();
  });

  it('leaves nothing readable on the disk, before and after the log is folded in', () => {
    const directory = folder();
    const store = openTestStore(directory);
    fill(store);
    const open = bytesIn(directory);
    store.close();
    const told = JSON.stringify(everything)
      .split(/[^\p{L}\p{N}+.-]+/u)
      .filter((word) =>
        /^(?:[A-Z][a-zæøå]{6,}.*|\+?[0-9.]{6,}|[A-Z]{4}[0-9]+|1980-05-17|2020-01-02)$/u.test(word),
      );
    expect(told).to.have.length.greaterThan(10);
    for (const bytes of [open, bytesIn(directory)]) {
      // Proof that the search looks where the rows are.
      expect(bytes.includes('visible-client')).to.equal(true);
      const secrets = [...told, first, second, survivor, 'requester-774', 'message-774'];
      const found = secrets.filter((secret) =>
        [secret, secret.toUpperCase(), Buffer.from(secret).toString('base64').slice(0, -4)].some((form) =>
          bytes.includes(Buffer.from(form, 'utf8').toString('latin1')),
        ),
      );
      expect(found).to.deep.equal([]);
    }
  });

  for (const [what, sql] of [
    [
      'a person',
      `UPDATE help_number SET sealed_person = (SELECT sealed_person FROM help_number WHERE id = 2)`,
    ],
    ['a survivor', 'UPDATE help_number_link SET seq = 99'],
  ] as const) {
    it(`refuses to read ${what} that was moved to another row`, () => {
      const directory = folder();
      const store = openTestStore(directory);
      fill(store);
      tamper(directory, sql);
      expect(() => store.helpNumbers.find(first)).to.throw(StoreFailed);
      store.close();
    });
  }

  it('changes all or nothing, the history included', () => {
    const store = openTestStore(folder());
    const broken = (): never =>
      store.helpNumbers.change(origin, (writer) => {
        writer.insert(first, everything);
        writer.remember(message, {
          number: first,
          record: null,
          superseded: [],
          possibleDuplicates: [],
        });
        throw new RangeError('in the middle');
      });
    expect(broken).to.throw(StoreFailed);
    expect(store.helpNumbers.isAllotted(first)).to.equal(false);
    expect(store.helpNumbers.answerTo(message)).to.equal(undefined);
    expect([...store.helpNumbers.history(first)]).to.deep.equal([]);
    store.close();
  });

  it('does not give a number out twice', () => {
    const store = openTestStore(folder());
    const insert = (): boolean =>
      store.helpNumbers.change(origin, (writer) => writer.insert(first, everything));
    expect([insert(), insert()]).to.deep.equal([true, false]);
    expect([...store.helpNumbers.history(first)]).to.have.length(1);
    store.close();
  });

  it('reads a long history page by page, in order', () => {
    const store = memoryStore();
    fill(store);
    for (let round = 0; round < 450; round += 1) {
      store.helpNumbers.change({ ...origin, operation: 'revise' }, (writer) => {
        writer.replace(first, recordOf({ birth: String(1900 + (round % 100)) }));
      });
    }
    const history = [...store.helpNumbers.history(first)];
    expect(history).to.have.length(451);
    expect(history.map(({ seq }) => seq)).to.deep.equal(history.map(({ seq }) => seq).sort((a, b) => a - b));
    expect(history.at(-1)?.after.record?.birth).to.equal('1949');
    store.close();
  });

  it('opens with a former sealing key as long as that is configured', () => {
    const directory = folder();
    const before = openTestStore(directory);
    fill(before);
    before.close();
    const after = openTestStore(directory, { sealingKeys: [sealingKey('k2'), sealingKey('k1')] });
    expect(after.helpNumbers.find(first)?.record).to.deep.equal(everything);
    after.close();
    const without = openTestStore(directory, { sealingKeys: [sealingKey('k2')] });
    expect(() => without.helpNumbers.find(first)).to.throw(StoreFailed);
    without.close();
  });

  it('refuses to be opened under another pseudonym key, since every number would seem free', () => {
    const directory = folder();
    const other = { pseudonymKey: testKey('another') };
    openTestStore(directory).close();
    // As long as there are no help numbers there is nothing to lose.
    const late = openTestStore(directory, other);
    const store = openTestStore(directory);
    fill(store);
    store.close();
    expect(() => openTestStore(directory, other)).to.throw(StoreUnavailable, 'store.pseudonymKey');
    expect(() => late.helpNumbers.change(origin, (writer) => writer.insert(first, everything))).to.throw(
      StoreFailed,
    );
    late.close();
    openTestStore(directory).close();
  });

  it('notices that its file is gone', () => {
    const directory = folder();
    const store = openTestStore(directory);
    renameSync(path.join(directory, DATABASE_FILE), path.join(directory, 'moved'));
    expect(() => store.helpNumbers.find(first)).to.throw(StoreFailed);
    expect(() => {
      fill(store);
    }).to.throw(StoreFailed);
    store.close();
  });

  it('names nobody in its errors', () => {
    const store = openTestStore(folder());
    store.close();
    try {
      store.helpNumbers.find(first);
      expect.fail('a closed store was read');
    } catch (error) {
      expect(String(error)).not.to.include(first);
    }
  });

  describe('finds by index', () => {
    const plans: readonly (readonly [string, string, readonly unknown[], RegExp])[] = [
      ['numbers', helpNumberQueries.findAll, ['["x"]'], /SEARCH n USING INDEX .*pseudonym=/],
      [
        'linked numbers',
        helpNumberQueries.supersededByEach,
        ['["x"]'],
        /SEARCH l USING INDEX help_number_link_by_survivor/,
      ],
      ['the history', helpNumberQueries.history, ['x', 0, 1], /help_number_change_by_pseudonym/],
      [
        'people by traits',
        peopleQuery(2),
        [0, '[1]', '[2]', 10],
        /SEARCH n USING INTEGER PRIMARY KEY \(rowid=/,
      ],
      ['traits of a person', helpNumberQueries.dropTraits, [1], /help_number_trait_by_number/],
    ];
    for (const [what, sql, parameters, index] of plans) {
      it(what, () => {
        const database = openDatabase(folder());
        const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters);
        database.close();
        const text = JSON.stringify(plan);
        expect(text).to.match(index);
        expect(text).not.to.match(/SCAN (?:n|l|help_number)/);
      });
    }
  });
});
