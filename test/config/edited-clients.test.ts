import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'yaml';
import {
  hasClient,
  NotEditable,
  withClientAdded,
  withClientSwitched,
} from '../../src/config/edited-clients.js';
import { runs } from '../support/long-runs.js';

const pas = { id: 'pas', protocols: ['hl7v3', 'hl7v2'], organisation: { parent: '999999999' } };
const pasLines = (margin: string): string =>
  ['- id: pas', '  protocols: [hl7v3, hl7v2]', '  organisation:', '    parent: "999999999"']
    .map((line) => `${margin}${line}\n`)
    .join('');

const hospital = `# Our hospital
clients: # those that ask
  # The first
  - id: epj   # in every ward
    protocols: [ hl7v3 ]
    quirks: { noFixedAbode:  omit }
    # profile: minimal

  -   # The second
    username: "lab"
    id: 'lab'
    enabled:   true   # since May
    purpose: |
      Helsehjelp
    # the end of lab

# What they see
profiles: {}
`;

const settings = (yaml: string): unknown => parse(yaml, { schema: 'failsafe' });

describe('a client added to a configuration', () => {
  it('stands after the others and their comments, and nothing else changes', () => {
    const added = withClientAdded(hospital, pas);
    const [before, after, ...others] = added.split(pasLines('  '));
    expect(others).to.deep.equal([]);
    expect(`${before ?? ''}${after ?? ''}`).to.equal(hospital);
    expect(before?.endsWith('    # the end of lab\n')).to.equal(true);
    expect(after).to.equal('\n# What they see\nprofiles: {}\n');
  });

  for (const [what, source, expected] of [
    [
      'a list that is not indented',
      'clients:\n- id: epj\nb: 1\n',
      `clients:\n- id: epj\n${pasLines('')}b: 1\n`,
    ],
    ['a file without a last line break', 'clients:\n  - id: epj', `clients:\n  - id: epj\n${pasLines('  ')}`],
    [
      'a block of text at the end',
      'clients:\n  - a: |\n      x\nb: 1\n',
      `clients:\n  - a: |\n      x\n${pasLines('  ')}b: 1\n`,
    ],
    ['no clients yet', 'a: 1 # one\n', `a: 1 # one\n\nclients:\n${pasLines('  ')}`],
    ['an empty file', '', `\nclients:\n${pasLines('  ')}`],
    ['a name without a list', 'clients: # none yet\nb: 1\n', `clients: # none yet\n${pasLines('  ')}b: 1\n`],
    ['an empty list', 'clients: []\n', `clients: [${JSON.stringify(pas)}]\n`],
    [
      'a list in brackets',
      '{"clients": [\n  {"id": "epj"}\n]}\n',
      `{"clients": [\n  {"id": "epj"}, ${JSON.stringify(pas)}\n]}\n`,
    ],
    [
      'line ends of Windows',
      'clients:\r\n  - id: epj\r\nb: 1\r\n',
      `clients:\r\n  - id: epj\r\n${pasLines('  ').replaceAll('\n', '\r\n')}b: 1\r\n`,
    ],
  ] as const) {
    it(`is written into ${what}`, () => {
      expect(withClientAdded(source, pas)).to.equal(expected);
    });
  }

  it('may say anything that YAML would take for something else', () => {
    for (const name of [
      '*x',
      '# no comment',
      'true',
      '0123',
      'a: b',
      '- x',
      'Ø "quoted" \\',
      '{',
      'x'.repeat(300),
    ]) {
      const added = withClientAdded(hospital, { id: 'pas', name });
      expect(settings(added), name).to.have.nested.property('clients[2].name', name);
    }
  });
});

describe('a client switched in a configuration', () => {
  it('has the word changed and nothing else', () => {
    expect(withClientSwitched(hospital, 'lab', false)).to.equal(
      hospital.replace('enabled:   true   # since May', 'enabled:   false   # since May'),
    );
  });

  it('gets a line where it had none', () => {
    expect(withClientSwitched(hospital, 'epj', false)).to.equal(
      hospital.replace('# in every ward\n', '# in every ward\n    enabled: false\n'),
    );
  });

  for (const [what, source, expected] of [
    ['in braces', 'clients: [{ id: epj, a: b }]', 'clients: [{ id: epj, "enabled": false, a: b }]'],
    ['in JSON', '{"clients": [{"id": "epj"}]}', '{"clients": [{"id": "epj", "enabled": false}]}'],
    [
      'at the end of a file without a line break',
      'clients:\n- id: epj',
      'clients:\n- id: epj\n  enabled: false\n',
    ],
    ['in quotes', "clients:\n- id: epj\n  enabled: 'true'\n", 'clients:\n- id: epj\n  enabled: false\n'],
    [
      'with line ends of Windows',
      'clients:\r\n- id: epj\r\n',
      'clients:\r\n- id: epj\r\n  enabled: false\r\n',
    ],
  ] as const) {
    it(`is switched ${what}`, () => {
      expect(withClientSwitched(source, 'epj', false)).to.equal(expected);
    });
  }

  it('is one that the file itself has', () => {
    expect(hasClient(hospital, 'lab')).to.equal(true);
    expect(hasClient(hospital, 'pas')).to.equal(false);
    expect(() => withClientSwitched(hospital, 'pas', false)).to.throw(NotEditable, 'no client pas');
  });
});

describe('a configuration that is not edited', () => {
  for (const [what, source] of [
    ['has its clients elsewhere', 'all: &all\n  - id: epj\nclients: *all\n'],
    ['has one client elsewhere', 'one: &one { id: epj }\nclients:\n  - *one\n'],
    [
      'has a switch that others repeat',
      'clients:\n  - id: epj\n    enabled: &on true\n  - id: lab\n    enabled: *on\n',
    ],
    ['is no YAML', 'clients: [\n'],
    ['is a list', '- id: epj\n'],
    ['has an alias without its anchor', 'clients:\n  - id: epj\n    name: *nobody\n'],
  ] as const) {
    it(`is one that ${what}`, () => {
      expect(() => withClientSwitched(source, 'epj', false), source).to.throw(NotEditable);
    });
  }

  it('is one that holds something else as its clients, or ends as a document', () => {
    for (const source of ['clients: none\n', 'clients: &all []\nb: *all\n', 'a: 1\n...\n', '{ a: 1 }\n']) {
      expect(() => withClientAdded(source, pas), source).to.throw(NotEditable);
    }
  });
});

describe('whatever a configuration looks like', () => {
  const word = fc.stringMatching(/^[a-z]{1,6}$/);
  const comment = fc.option(
    word.map((text) => `# ${text}`),
    { nil: '' },
  );
  const lines = (margin: string): fc.Arbitrary<string> =>
    fc
      .array(
        fc.oneof(
          fc.constant(''),
          word.map((text) => `${margin}# ${text}`),
        ),
        { maxLength: 2 },
      )
      .map((all) => all.map((line) => `${line}\n`).join(''));
  const client = fc
    .record({
      id: word,
      on: fc.constantFrom(undefined, 'true', 'false', '"true"'),
      remark: comment,
      last: comment,
    })
    .chain((one) =>
      fc.record({ one: fc.constant(one), inside: lines('    '), after: lines('    '), between: lines('  ') }),
    )
    .map(
      ({ one: { id, on, remark, last }, inside, after, between }) =>
        `  - id: ${id} ${remark}\n${inside}${on === undefined ? '' : `    enabled: ${on} ${last}\n`}${after}${between}`,
    );
  const file = fc
    .record({
      head: lines(''),
      opening: comment,
      clients: fc.array(client, { minLength: 1, maxLength: 4 }),
      tail: fc.constantFrom('', 'profiles: {}\n', '# the end\n', 'data:\n  directory: x\n'),
      windows: fc.boolean(),
    })
    .map(({ head, opening, clients, tail, windows }) => {
      const text = `${head}clients: ${opening}\n${clients.join('')}${tail}`;
      return windows ? text.replaceAll('\n', '\r\n') : text;
    });

  it('a client is added by inserting whole lines alone', () => {
    fc.assert(
      fc.property(file, (source) => {
        const added = withClientAdded(source, pas);
        const start = Array.from({ length: source.length }).findIndex(
          (_, index) => added[index] !== source[index],
        );
        const length = added.length - source.length;
        const from = start < 0 ? source.length : start;
        // Some cut of that length leads back to what was there.
        const cuts = Array.from(
          { length: from + 1 },
          (_, at) => added.slice(0, at) + added.slice(at + length),
        );
        expect(cuts).to.include(source);
        expect(settings(added)).to.have.property('clients').that.is.an('array');
      }),
      { numRuns: runs(200) },
    );
  });

  it('a client is switched without a comment less, and back', () => {
    fc.assert(
      fc.property(file, (source) => {
        const id = /- id: ([a-z]+)/.exec(source)?.[1] ?? '';
        fc.pre(source.split(`- id: ${id} `).length === 2);
        const off = withClientSwitched(source, id, false);
        const comments = (text: string): readonly string[] => text.match(/#.*/g) ?? [];
        expect(comments(off)).to.deep.equal(comments(source));
        const on = withClientSwitched(off, id, true);
        expect(withClientSwitched(on, id, false)).to.equal(off);
      }),
      { numRuns: runs(200) },
    );
  });
});
