import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { parse } from 'yaml';
import { z } from 'zod';

const mappings = fileURLToPath(new URL('../../../mappings/', import.meta.url));
const contract = fileURLToPath(
  new URL(
    '../../../../shared/contracts/persontjenesten/persontjenesten-v3-reconstructed-openapi.yaml',
    import.meta.url,
  ),
);

const text = z.string().min(1);
const listSchema = z.strictObject({ enumerations: z.record(text, z.array(text).min(1)) });
const column = z.union([text, z.number()]);
const rowSchema = z.union([
  z.strictObject({ blank: text }),
  z.object({ code: column, blank: z.undefined().optional() }).catchall(column),
]);
const tableSchema = z.strictObject({
  concept: text,
  from: text,
  to: text,
  notes: text.optional(),
  values: z.record(text, rowSchema),
});
const countriesSchema = tableSchema.extend({
  values: z.array(
    z.strictObject({
      code: z.string().regex(/^[0-9]{3}$/),
      alpha3: z.string().regex(/^[A-Z]{3}$/),
      alpha2: z
        .string()
        .regex(/^[A-Z]{2}$/)
        .optional(),
      name: text,
      citizenshipCode: z
        .string()
        .regex(/^[0-9]{3}$/)
        .optional(),
      isoValidity: text.optional(),
      retired: z.literal('true').optional(),
      aliasOf: text.optional(),
    }),
  ),
});

function read(name: string): unknown {
  return parse(readFileSync(mappings + name, 'utf8'));
}

/** The values that stand more than once. */
function repeated(values: readonly string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

describe('mappings as data', () => {
  const { enumerations } = listSchema.parse(read('upstream-enums.yaml'));
  const fileNames = readdirSync(`${mappings}codes`).filter((name) => name.endsWith('.yaml'));
  const tables = fileNames
    .filter((name) => name !== 'countries.yaml')
    .map((name) => ({ name, table: tableSchema.parse(read(`codes/${name}`)) }));
  const countries = countriesSchema.parse(read('codes/countries.yaml')).values;
  const unused = tables.find(({ name }) => name === 'unused.yaml');

  describe('upstream-enums.yaml', () => {
    it('repeats no value within an enumeration', () => {
      for (const [name, values] of Object.entries(enumerations)) expect(repeated(values), name).to.be.empty;
    });

    it('says what the contract of the new API says', function () {
      if (!existsSync(contract)) this.skip();
      const { components } = z
        .object({
          components: z.object({
            schemas: z.record(z.string(), z.looseObject({ enum: z.array(text).optional() })),
          }),
        })
        .parse(parse(readFileSync(contract, 'utf8')));
      const published = Object.entries(components.schemas).flatMap(([name, schema]) =>
        schema.enum === undefined ? [] : [[name, schema.enum] as const],
      );
      expect(enumerations).to.deep.equal(Object.fromEntries(published));
    });
  });

  describe('code tables', () => {
    it('open with a comment on their source', () => {
      for (const name of [...fileNames.map((file) => `codes/${file}`), 'upstream-enums.yaml']) {
        expect(readFileSync(mappings + name, 'utf8'), name).to.match(/^# Source: /);
      }
    });

    it('have a row for each value of their enumeration and no others', () => {
      for (const { name, table } of tables.filter(({ table }) => !table.from.startsWith('own:'))) {
        expect(enumerations, name).to.have.property(table.from);
        expect(Object.keys(table.values), name).to.have.members(enumerations[table.from] ?? []);
      }
    });

    it('cover every enumeration exactly once, as a table or as unused', () => {
      const translated = tables.map(({ table }) => table.from).filter((from) => !from.startsWith('own:'));
      const covered = [...translated, ...Object.keys(unused?.table.values ?? {})];
      expect(covered.sort()).to.deep.equal(Object.keys(enumerations).sort());
    });

    it('give the same text to the same code', () => {
      for (const { name, table } of tables) {
        const texts = new Map<string | number, unknown>();
        for (const row of Object.values(table.values)) {
          if (!('code' in row) || !('text' in row)) continue;
          expect(row['text'], `${name} ${String(row.code)}`).to.equal(texts.get(row.code) ?? row['text']);
          texts.set(row.code, row['text']);
        }
      }
    });

    it('agree on the address codes of protection and stay', () => {
      const codes = new Map<string, unknown>();
      for (const name of ['address-protection.yaml', 'postal-type.yaml', 'postal-type-texts.yaml']) {
        const table = tables.find((candidate) => candidate.name === name)?.table;
        for (const [member, row] of Object.entries(table?.values ?? {})) {
          expect(row, `${name} ${member}`).to.have.property(
            'code',
            codes.get(member) ?? ('code' in row && row.code),
          );
          if ('code' in row) codes.set(member, row.code);
        }
      }
      expect(new Set(codes.values()).size).to.equal(9);
    });

    it('keep the floor of protection: the thinned status is no status, and protected levels are labelled', () => {
      const status = tables.find(({ name }) => name === 'reg-status.yaml')?.table.values ?? {};
      expect(status['Active']).to.have.property('blank');
      const protection = tables.find(({ name }) => name === 'address-protection.yaml')?.table.values ?? {};
      expect(protection['ClientAddress']).to.include({
        code: 4,
        rank: '1',
        label: 'Sperret adr. klientadr.',
      });
      expect(protection['Confidential']).to.include({ code: 7, rank: '2', label: 'Sperret adr. fortrolig' });
      expect(protection['StrictlyConfidential']).to.include({ code: 6, rank: '3', label: 'Sperret adresse' });
    });
  });

  describe('countries.yaml', () => {
    it('finds at most one row for an alpha-3 or alpha-2 code', () => {
      expect(repeated(countries.map(({ alpha3 }) => alpha3))).to.be.empty;
      expect(repeated(countries.flatMap(({ alpha2 }) => alpha2 ?? []))).to.be.empty;
    });

    it('finds one row backwards for a DSF code, aliases aside', () => {
      expect(repeated(countries.filter(({ aliasOf }) => aliasOf === undefined).map(({ code }) => code))).to.be
        .empty;
    });

    it('refers to rows that exist', () => {
      const codes = countries.map(({ code }) => code);
      for (const { code, citizenshipCode } of countries) {
        if (citizenshipCode !== undefined) expect(codes, code).to.include(citizenshipCode);
      }
      const aliases = countries.flatMap(({ aliasOf }) => aliasOf ?? []);
      expect(countries.map(({ alpha3 }) => alpha3)).to.include.members(aliases);
    });

    it('has a row for each special code', () => {
      const codeOf = (alpha3: string): string | undefined =>
        countries.find((row) => row.alpha3 === alpha3)?.code;
      expect([codeOf('NOR'), codeOf('XXX'), codeOf('XUK')]).to.deep.equal(['000', '980', '990']);
      expect([codeOf('XXK'), codeOf('XKX')]).to.deep.equal(['161', '161']);
      expect(countries.find(({ alpha2 }) => alpha2 === 'XK')?.alpha3).to.equal('XXK');
      expect(countries.find(({ alpha2 }) => alpha2 === 'YY')?.code).to.equal('990');
    });

    it('has an alpha-2 code that is known to exist for every state of today', () => {
      const names = new Intl.DisplayNames('nb', { type: 'region', fallback: 'none' });
      for (const { alpha3, alpha2, retired, aliasOf } of countries) {
        if (retired !== undefined || aliasOf !== undefined || alpha3 === 'XXX' || alpha3 === 'XUK') continue;
        expect(names.of(alpha2 ?? ''), alpha3).to.be.a('string');
      }
    });
  });
});
