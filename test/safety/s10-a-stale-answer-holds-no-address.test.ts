import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { packageRoot } from '../../src/config/package-root.js';
import {
  TokenRefused,
  TokenUnavailable,
  UpstreamForbidden,
  UpstreamInvalidAnswer,
  UpstreamRateLimited,
  UpstreamRejected,
  UpstreamTimeout,
  UpstreamUnavailable,
} from '../../src/errors/errors.js';
import { loadTypeTable } from '../../src/legacy/hl7v3/schema/load-type-table.js';
import type { JsonObject } from '../../src/mapping/json.js';
import { withoutAddresses } from '../../src/mapping/without-addresses.js';
import type { NationalId } from '../../src/person/national-id.js';
import { isProtected } from '../../src/person/protection.js';
import { numberInUse, type PersonDocument } from '../../src/sandbox/population/person-document.js';
import type { Population } from '../../src/sandbox/population/population.js';
import { readXml } from '../../src/xml/reader.js';
import { foundStrings } from '../conformance/address-leaks.js';
import { everybody, numbersAsked } from '../conformance/answered-people.js';
import { OwnSchema } from '../conformance/own-schema.js';
import { CacheBench, idOf, MINUTE, numberOf, SECOND, VOUCHED } from '../registry/by-number/cache-bench.js';
import { addressStrings } from '../support/address-strings.js';
import { CachedAdapter } from '../support/cached-adapter.js';
import { runs } from '../support/long-runs.js';
import { element, everyFixture, leavesOf, mapped, mappings, number } from '../support/person-documents.js';
import { contracts, writeSchemas } from '../support/preg-xml.js';
import { rejectionOf } from '../support/rejection.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { xmllint } from '../support/xmllint.js';

const bare = withoutAddresses(mappings);
const STALE = { staleMaxAgeMilliseconds: 60 * MINUTE };

/** Parts that name places which are nobody's address: where somebody was born, married or went to. */
const OTHER_PLACES = [
  'birth',
  'birthInNorway',
  'maritalStatus',
  'emigrationFromNorway',
  'immigrationToNorway',
];

/** What tells of the person's addresses and of nothing else in the document. */
function addressesAlone(document: JsonObject): readonly string[] {
  const elsewhere = new Set(
    OTHER_PLACES.flatMap((part) => leavesOf(document[part]))
      .flatMap((text) => text.split(' - '))
      .map((text) => text.toUpperCase()),
  );
  return [...addressStrings(document, 'any')].filter((text) => !elsewhere.has(text));
}

const LEVELS = [
  'Unclassified',
  'ClientAddress',
  'Confidential',
  'StrictlyConfidential',
  'LevelOfTomorrow',
  null,
];
const RANK = new Map([4, 7, 6].map((postalType, rank) => [postalType, rank + 1]));

function rankOf(document: JsonObject): number {
  const ranks = mapped(document).person.addresses.map(({ postalType }) => RANK.get(postalType ?? -1) ?? 0);
  return Math.max(0, ...ranks);
}

describe('S10: a stale answer never holds addresses', function () {
  this.timeout(60_000);

  describe('what is taken out of a document', () => {
    it('is everything that tells where anybody of the fixtures is', () => {
      const told = everyFixture.filter(({ document }) => addressesAlone(document).length > 0);
      expect(told.length).to.be.greaterThan(60);
      for (const { name, document } of told) {
        const left = leavesOf(bare(document)).map((text) => text.toUpperCase());
        const leaks = addressesAlone(document).filter((text) => left.includes(text));
        expect(leaks, name).to.deep.equal([]);
      }
    });

    it('is every part that holds an address, and every part that nobody has heard of', () => {
      const { fields } = mappings;
      const member = (part: string): string => part.charAt(0).toLowerCase() + part.slice(1);
      const parts = [
        ...fields.addressParts.map(member),
        'commonContactRegisterInformation',
        'partOfTomorrow',
      ];
      for (const part of parts) {
        const left = bare({ id: 'p', name: [], [part]: [element({ somewhere: 'Oppdiktet vei' })] });
        expect(Object.keys(left), part).to.not.include(part);
        expect(JSON.stringify(left), part).to.not.contain('Oppdiktet');
      }
    });

    it('is whatever else rows of addresses are filled from, and addresses that other rows ask for', () => {
      const rows = mappings.fields.rows.map((row) => {
        if (row.target === 'regStatus') return { ...row, parts: [...row.parts, 'PresentAddress'] };
        return row.target === 'addresses.st' ? { ...row, parts: [...row.parts, 'PartOfTomorrow'] } : row;
      });
      const strip = withoutAddresses({ ...mappings, fields: { ...mappings.fields, rows } });
      const left = strip({ id: 'p', status: [], presentAddress: [element({})], partOfTomorrow: 'somewhere' });
      expect(left).to.deep.equal({ id: 'p', status: [] });
    });

    it('is the town somebody moved to abroad, which no row asks for', () => {
      const abroad = { isValid: true, emigratedToCountry: 'DNK', emigratedToCity: 'OPPDIKTET BY' };
      expect(bare({ id: 'p', emigrationFromNorway: [abroad] })).to.deep.equal({
        id: 'p',
        emigrationFromNorway: [{ isValid: true, emigratedToCountry: 'DNK' }],
      });
      for (const { rule } of mappings.fields.rows) {
        if ('sources' in rule) expect(JSON.stringify(rule.sources)).to.not.include('emigratedToCity');
      }
    });

    it('leaves who the person is', () => {
      for (const { name, document } of everyFixture) {
        const { addresses, dateRegistered, ...person } = mapped(bare(document), { fill: 'rich' }).person;
        const {
          addresses: before,
          dateRegistered: moved,
          ...same
        } = mapped(document, { fill: 'rich' }).person;
        expect(person, name).to.deep.equal(same);
        // A day of a move would tell of the address: what is left is that of something else, and no later.
        expect((dateRegistered ?? '') <= (moved ?? ''), name).to.equal(true);
        // A label, or nothing.
        const places = addresses.flatMap(({ postalType, postalAddress, nin, currentAddress, ...rest }) => {
          expect(isProtected(postalType), name).to.equal(true);
          expect([postalAddress, nin, currentAddress], name).to.not.include(null);
          return Object.values(rest).filter((value) => value !== null);
        });
        expect(places, name).to.deep.equal([]);
        expect(before.length > 0 || addresses.length === 0, name).to.equal(true);
      }
    });

    it('is never the protection: it is as strict as before, wherever the level stood', () => {
      const lists = [...mappings.fields.confidentialityPaths, 'addressProtection'];
      fc.assert(
        fc.property(
          fc.constantFrom(...everyFixture),
          fc.constantFrom(...lists),
          fc.constantFrom(...LEVELS),
          fc.boolean(),
          ({ document }, list, level, isValid) => {
            const set = { addressConfidentiality: level, protectionLevel: level, isValid };
            const document2 = { ...document, [list]: [set] };
            expect(rankOf(bare(document2))).to.equal(rankOf(document2));
            expect(bare(bare(document2))).to.deep.equal(bare(document2));
          },
        ),
        { numRuns: runs(500) },
      );
    });

    it('is never the protection that cannot be read', () => {
      for (const list of [...mappings.fields.confidentialityPaths, 'addressProtection']) {
        for (const value of ['Unclassified', 0, [3], [['Unclassified']]]) {
          expect(rankOf(bare({ id: 'p', [list]: value })), list).to.equal(3);
        }
      }
    });
  });

  describe('an old document', () => {
    let bench: CacheBench;
    let nin: NationalId;

    beforeEach(async () => {
      bench = new CacheBench(STALE);
      nin = bench.add(0);
      await bench.ask(nin);
      await bench.pass(5 * MINUTE);
    });

    const down = (trouble: Error = new UpstreamUnavailable('down')): void => {
      bench.source.trouble = trouble;
    };

    for (const trouble of [
      new UpstreamUnavailable('503'),
      new UpstreamTimeout('slow'),
      new UpstreamRateLimited('429'),
      new TokenUnavailable('down'),
    ]) {
      it(`answers without addresses while there is ${trouble.code}, and says that it is stale`, async () => {
        down(trouble);
        const document = await bench.ask(nin);
        expect(document).to.deep.equal(bare(bench.source.people.get(nin) ?? {}));
        expect(document).to.not.have.property('residentialAddress');
        expect(bench.kept).to.deep.equal(['stale-cache']);
        expect(bench.events.of.answeredFromCache.map(({ source }) => source)).to.deep.equal(['stale-cache']);
      });
    }

    for (const trouble of [
      new UpstreamForbidden('403'),
      new UpstreamRejected('400'),
      new TokenRefused('invalid_client'),
      new UpstreamInvalidAnswer('HTML'),
    ]) {
      it(`does not stand in for ${trouble.code}`, async () => {
        down(trouble);
        expect(await rejectionOf(bench.ask(nin))).to.equal(trouble);
      });
    }

    it('answers without addresses though it is young, when the feed does not vouch for it', async () => {
      bench = new CacheBench(STALE);
      nin = bench.add(0);
      await bench.ask(nin);
      await bench.clock.advance(VOUCHED + 1);
      down();
      expect(await bench.ask(nin)).to.not.have.property('residentialAddress');
      expect(bench.kept).to.deep.equal(['stale-cache']);
    });

    it('does not answer when an event has told of the person, though it was read at that very moment', async () => {
      down();
      bench.writer.tell([{ personId: idOf(0) }]);
      expect(await rejectionOf(bench.ask(nin))).to.equal(bench.source.trouble);
    });

    it('does not answer when the event was read while the register was asked', async () => {
      let open: () => void = () => undefined;
      bench.source.held = new Promise((resolve) => {
        open = resolve;
      });
      down();
      const asking = rejectionOf(bench.ask(nin));
      bench.writer.tell([{ personId: 'another', nin }]);
      open();
      expect(await asking).to.equal(bench.source.trouble);
    });

    it('does not answer when it is not known whom events told of, or the log cannot be read', async () => {
      down();
      bench.logTrouble = new UpstreamUnavailable('the log');
      expect(await rejectionOf(bench.ask(nin))).to.equal(bench.source.trouble);
      bench.logTrouble = undefined;
      expect(await bench.ask(nin)).to.not.equal(undefined);
      bench.writer.begin();
      expect(await rejectionOf(bench.ask(nin))).to.equal(bench.source.trouble);
    });

    it('does not answer another question, nor once it is too old', async () => {
      down();
      const asking = { organisation: { parent: '310000028' } };
      expect(await rejectionOf(bench.ask(nin, { asking }))).to.equal(bench.source.trouble);
      await bench.pass(55 * MINUTE - 1);
      expect(await bench.ask(nin)).to.not.equal(undefined);
      await bench.pass(1);
      expect(await rejectionOf(bench.ask(nin))).to.equal(bench.source.trouble);
    });

    it('does not answer any more once the register has refused, or knows nobody', async () => {
      for (const refused of [true, false]) {
        bench = new CacheBench(STALE);
        nin = bench.add(0);
        await bench.ask(nin);
        await bench.pass(5 * MINUTE);
        if (refused) {
          down(new UpstreamForbidden('403'));
          await rejectionOf(bench.ask(nin));
        } else {
          bench.source.people.clear();
          expect(await bench.ask(nin)).to.equal(undefined);
        }
        down();
        expect(await rejectionOf(bench.ask(nin))).to.equal(bench.source.trouble);
      }
    });

    it('does not answer who has left, or whose time is up', async () => {
      down();
      const signal = AbortSignal.abort(bench.source.trouble);
      expect(await rejectionOf(bench.ask(nin, { asking: { signal } }))).to.equal(bench.source.trouble);
      expect(bench.kept).to.deep.equal([]);
    });

    it('answers once the register was waited for long enough, and not before', async () => {
      bench.source.held = new Promise(() => undefined);
      let answer: JsonObject | undefined;
      const asking = bench.ask(nin).then((document) => {
        answer = document;
      });
      await bench.clock.advance(10 * SECOND - 1);
      expect(answer).to.equal(undefined);
      await bench.clock.advance(1);
      await asking;
      expect(bench.source.given.at(-1)?.aborted, 'the call goes on for nobody').to.equal(true);
      expect(answer).to.be.an('object').that.does.not.have.property('residentialAddress');
      expect(bench.clock.sleeping).to.equal(0);
    });

    it('gives way to the register, which nothing is waited for any more', async () => {
      expect(await bench.ask(nin)).to.have.property('residentialAddress');
      expect(bench.kept).to.deep.equal([]);
      await bench.clock.advance(0);
      expect(bench.clock.sleeping).to.equal(0);
    });

    it('does not even hold its addresses any more once the follower has had its turn', async () => {
      bench.cache.refresh();
      expect(bench.cache.size).to.equal(1);
      // Young again by its clock alone: what was taken out does not come back.
      await bench.pass(-4 * MINUTE);
      expect(await bench.asked(() => bench.ask(nin))).to.equal(1);
      expect(bench.kept).to.deep.equal([]);
      expect(await bench.ask(numberOf(0))).to.have.property('residentialAddress');
    });

    it('is let go of when it is too old for that, too', async () => {
      await bench.pass(55 * MINUTE);
      bench.cache.refresh();
      expect(bench.cache.size).to.equal(0);
    });
  });

  describe('in the answers of both protocols', () => {
    const newFolder = temporaryFolders();
    let population: Population;
    let people: readonly (readonly [NationalId, PersonDocument])[];
    let stale: CachedAdapter;
    let answers: readonly {
      readonly protocol: string;
      readonly nin: NationalId;
      readonly envelope: string;
    }[];

    before(async () => {
      population = await everybody(0);
      const view = { name: '', access: 'full', fill: 'rich' } as const;
      people = [...population.documents()].flatMap((document) => {
        const [nin] = numbersAsked(document, view);
        return nin === undefined ? [] : [[number(nin), document] as const];
      });
      stale = new CachedAdapter(population, { staleWhileDown: true });
      for (const [nin] of people) {
        await stale.getDemographics(nin);
        await stale.getPerson(nin);
      }
      await stale.pass(6 * MINUTE);
      stale.trouble = new UpstreamUnavailable('down');
      stale.audited.length = 0;
      const given: { protocol: string; nin: NationalId; envelope: string }[] = [];
      for (const [nin] of people) {
        for (const [protocol, { status, envelope }] of [
          ['hl7v3', await stale.getDemographics(nin)],
          ['preg-xml', await stale.getPerson(nin)],
        ] as const) {
          expect(status, `${protocol} ${nin}`).to.equal(200);
          given.push({ protocol, nin, envelope });
        }
      }
      answers = given;
    });

    it('they are given for everybody, and the audit trail says of each that it is stale', () => {
      expect(answers.length).to.be.greaterThan(180);
      expect(stale.audited).to.have.length(answers.length);
      expect(new Set(stale.audited.map(({ keptSource }) => keptSource))).to.deep.equal(
        new Set(['stale-cache']),
      );
      expect(new Set(stale.audited.map(({ outcome }) => outcome))).to.deep.equal(new Set(['found']));
    });

    it('they hold no string of an address of anybody', () => {
      const documents = new Map(people);
      const leaks = answers.flatMap(({ protocol, nin, envelope }) =>
        foundStrings(addressesAlone(documents.get(nin) ?? {}), readXml(envelope)).map(
          (text) => `${protocol} ${nin}: ${text}`,
        ),
      );
      expect(leaks).to.deep.equal([]);
    });

    it('they are valid by the schema of HL7 v3', async () => {
      const schema = new OwnSchema(
        await loadTypeTable(join(packageRoot(), 'mappings', 'hl7v3', 'types.yaml')),
      );
      const complaints = answers
        .filter(({ protocol }) => protocol === 'hl7v3')
        .flatMap(({ nin, envelope }) => {
          const complaint = schema.complaint(envelope);
          return complaint === undefined ? [] : [`${nin}: ${complaint}`];
        });
      schema.dispose();
      expect(complaints).to.deep.equal([]);
    });

    it('they are valid by the schema of Personregister-XML', function () {
      const validate = xmllint(writeSchemas(join(newFolder(), 'schemas'), contracts['2018']));
      if (validate === undefined) this.skip();
      const bodies = answers
        .filter(({ protocol }) => protocol === 'preg-xml')
        .map(({ nin, envelope }): readonly [string, string] => [
          nin,
          envelope.slice(envelope.indexOf('<s:Body>') + 8, envelope.indexOf('</s:Body>')),
        ]);
      expect(validate(newFolder(), new Map(bodies))).to.deep.equal([]);
    });

    it('they are faults unless old answers are asked for', async () => {
      const [[nin] = []] = people.filter(([, document]) => numberInUse(document) !== undefined);
      if (nin === undefined) throw new Error('nobody has a number');
      const strict = new CachedAdapter(population);
      await strict.getDemographics(nin);
      await strict.pass(6 * MINUTE);
      strict.trouble = new UpstreamUnavailable('down');
      expect((await strict.getDemographics(nin)).status).to.equal(500);
      expect(strict.audited.map(({ outcome, keptSource }) => [outcome, keptSource])).to.deep.equal([
        ['found', null],
        ['upstream-unavailable', null],
      ]);
    });
  });
});
