import { expect } from 'chai';
import { ProfiledRegistry } from '../../../../src/access/profiled-registry.js';
import { fieldGroups, type FieldGroup } from '../../../../src/person/field-groups.js';
import type { SearchHit } from '../../../../src/registry/search.js';
import { askHl7v2, refusalOf } from '../../../support/hl7v2-query.js';
import { fixture, mapped, mappings } from '../../../support/person-documents.js';
import { registryStub } from '../../../support/registry-stub.js';

const translated = mapped(fixture('01'), { fill: 'rich' });
const hit = {
  ...translated,
  person: { ...translated.person, deceased: true, dateOfDeath: translated.person.dateOfBirth },
};
const nin = hit.person.nin;
const hidden = mapped(fixture('31'));

/** Which fields of PID are filled, and which segments follow, when a profile shows those groups. */
async function seenBy(visible: readonly FieldGroup[], of: SearchHit = hit): Promise<readonly string[]> {
  const source = registryStub({
    lookup: () => Promise.resolve({ outcome: 'found', person: of.person, lineage: of.lineage }),
  });
  const registry = new ProfiledRegistry(source, mappings.fields);
  const { lines } = await askHl7v2('QBP^Q22', [`QPD|IHE PDQ Query|T|@PID.3.1^${of.person.nin}`, 'RCP|I'], {
    visible,
    registry: { lookup: (query, caller) => registry.lookup(query, caller) },
  });
  const [identification = '', ...others] = lines.filter((line) => !/^(?:QAK|QPD|QRI)/.test(line));
  const fields = identification
    .split('|')
    .flatMap((text, field) => (text === '' || field === 0 ? [] : [`PID-${field}`]));
  return [...fields, ...new Set(others.map((line) => line.slice(0, 3)))];
}

describe('what a profile shows in HL7 v2', () => {
  const always = ['PID-1', 'PID-3'];
  const expected: Readonly<Record<FieldGroup, readonly string[]>> = {
    identity: [],
    names: ['PID-5'],
    birth: ['PID-7'],
    gender: ['PID-8'],
    status: ['PID-29', 'PID-30'],
    'civil-status': ['PID-16'],
    family: ['PID-21', 'NK1'],
    addresses: ['PID-11', 'PID-33'],
    citizenship: ['PID-26'],
    custody: [],
    'legal-capacity': [],
    permits: [],
  };

  for (const group of fieldGroups) {
    it(`of ${group} is its fields, and the rest is blank`, async () => {
      expect(await seenBy([group])).to.have.members([...always, ...expected[group]]);
    });
  }

  it('is everything when it shows everything', async () => {
    const all = [...always, ...Object.values(expected).flat()];
    expect(await seenBy(fieldGroups)).to.have.members(all);
  });

  it('of somebody protected is PD1, with the addresses', async () => {
    expect(await seenBy(['addresses'], hidden)).to.have.members([...always, 'PD1']);
    expect(await seenBy(['names'], hidden)).to.have.members([...always, 'PID-5']);
  });

  it('is no criterion when it is not shown, whether by search or by number', async () => {
    const source = registryStub({});
    const registry = new ProfiledRegistry(source, mappings.fields);
    for (const also of ['', `~@PID.3.1^${nin}`]) {
      const lines = [`QPD|IHE PDQ Query|T|@PID.5.1^NORD${also}`, 'RCP|I'];
      expect(
        await refusalOf('QBP^Q22', lines, {
          visible: ['birth'],
          registry: { search: (query, caller) => registry.search(query, caller) },
        }),
      ).to.equal('AE 102 QPD^1^3^1^2 @PID.5.1: outside the access profile.');
    }
  });
});
