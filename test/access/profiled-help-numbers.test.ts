import { expect } from 'chai';
import { ProfiledHelpNumbers } from '../../src/access/profiled-help-numbers.js';
import { callerOf, changeBy, helpNumberBench } from '../support/help-number-bench.js';
import { recordOf } from '../support/help-numbers.js';
import { mappings } from '../support/person-documents.js';
import { pregPerson } from '../support/preg-person.js';
import { syntheticNumber } from '../support/synthetic-number.js';

const kari = recordOf({ name: { given: 'Kari', middle: null, family: 'Testmann' }, gender: 'F' });
const survivor = syntheticNumber(1);

describe('help numbers behind an access profile', () => {
  const bench = helpNumberBench({ people: [pregPerson({ nin: survivor, sn: 'TESTMANN', gender: 'M' })] });
  const register = new ProfiledHelpNumbers(bench.register, mappings.fields);
  const change = changeBy({ caller: callerOf({ visible: new Set(['gender']) }) });

  it('answer every change with what the profile shows, and tell refusals as they are', async () => {
    const added = await register.add(kari, change);
    if (added.outcome === 'refused') throw new Error(added.rule);
    const { nin } = added.hit.person;
    const answers = [
      added,
      await register.revise(nin, { gender: 'F' }, change),
      await register.link(survivor, [nin], change),
      await register.unlink(survivor, nin, change),
    ];
    expect(
      answers.map((answer) =>
        answer.outcome === 'done'
          ? [
              answer.hit.person.nin,
              answer.hit.person.sn,
              answer.hit.person.gender,
              answer.hit.person.supersededNINs,
            ]
          : answer.rule,
      ),
    ).to.deep.equal([
      [nin, null, 'F', []],
      [nin, null, 'F', []],
      [survivor, null, 'M', []],
      [nin, null, 'F', []],
    ]);
    expect(bench.repository.find(nin)?.record.name).to.deep.equal(kari.name);
    expect(await register.unlink(survivor, nin, change)).to.deep.equal({
      outcome: 'refused',
      rule: 'not-linked',
    });
  });
});
