import { expect } from 'chai';
import { DetectedIssues } from '../../../src/legacy/hl7v3/detected-issues.js';
import { RevisePersonRecord } from '../../../src/legacy/hl7v3/revise-person-record.js';
import type { HelpNumberRecord } from '../../../src/person/help-number-record.js';
import type { ChangeAnswer } from '../../../src/registry/help-number-register.js';
import { helpNumber } from '../../support/help-numbers.js';
import { all, childNames, codes, codeTables, the } from '../../support/hl7v3-message.js';
import { pregPerson } from '../../support/preg-person.js';
import {
  answerOf,
  registerStub,
  registrationMessage,
  renderer,
  type Answered,
} from '../../support/registration-message.js';
import { StandingClock } from '../../support/standing-clock.js';

const clock = new StandingClock('2025-01-15T10:30:00Z');

const A = helpNumber(0);
const done: ChangeAnswer = {
  outcome: 'done',
  hit: {
    person: pregPerson({ nin: A, givenName: 'OLA', supersededNINs: [helpNumber(5)] }),
    lineage: new Map(),
  },
};
const id = (number: string): string => `<id root="2.16.578.1.12.4.1.4.3" extension="${number}"/>`;
const person = '<identifiedPerson><name><given>Ola</given></name></identifiedPerson>';

interface Revised extends Answered {
  readonly revisions: readonly (readonly [id: string, Partial<HelpNumberRecord>])[];
  readonly messageIds: readonly (string | undefined)[];
}

async function revise(role: string, answer: ChangeAnswer = done): Promise<Revised> {
  const revisions: [string, Partial<HelpNumberRecord>][] = [];
  const messageIds: (string | undefined)[] = [];
  const register = registerStub({
    revise: (number, revision, change) => {
      revisions.push([number, revision]);
      messageIds.push(change.messageId);
      return Promise.resolve(answer);
    },
  });
  const handler = new RevisePersonRecord(
    register,
    renderer,
    codes,
    new DetectedIssues(codeTables, codes),
    clock,
  );
  const answered = await answerOf('RevisePersonRecord', handler, registrationMessage(role));
  return { ...answered, revisions, messageIds };
}

describe('RevisePersonRecord', () => {
  it('changes what is told, leaves the rest, and answers with the record as it stands', async () => {
    const { ending, revisions, messageIds, body, answer, subjects } = await revise(id(A) + person);
    expect([ending, answer.outcome, subjects]).to.deep.equal(['AA', 'done', [A]]);
    expect(revisions).to.deep.equal([[A, { name: { given: 'Ola', middle: null, family: null } }]]);
    expect(messageIds).to.deep.equal(['1.2.3.4^m1']);
    expect(all(body, 'identifiedPerson')[0]?.children[0]?.attributes.get('extension')).to.equal(A);
    expect(the(body, 'given').text).to.equal('OLA');
    expect(all(body, 'identifiedBy'), 'which the reply’s type does not have').to.deep.equal([]);
  });

  it('takes a repeat of the number in the person', async () => {
    const role = id(A) + id(A) + person.replace('<name>', `${id(A)}<name>`);
    expect((await revise(role)).ending).to.equal('AA');
  });

  it('warns of what is not kept', async () => {
    const content = '<identifiedPerson><name><given>Ola</given></name><desc>tall</desc></identifiedPerson>';
    expect((await revise(id(A) + content)).ending).to.equal('AA (NOPERSIST)');
  });

  for (const [what, role, ending, subjects] of [
    ['no number', person, 'AE SYN105', []],
    ['a number in the person alone', person.replace('<name>', `${id(A)}<name>`), 'AE SYN105', []],
    ['an empty number', id('') + person, 'AE SYN105', []],
    ['a malformed number', id('8000000009') + person, 'AE SYN102', []],
    ['a number with a blank', id(` ${A}`) + person, 'AE SYN102', []],
    ['two numbers', id(A) + id(helpNumber(1)) + person, 'AE SYN108', []],
    [
      'another number in the person',
      id(A) + person.replace('<name>', `${id(helpNumber(1))}<name>`),
      'AE SYN108',
      [],
    ],
    ['nothing to change', `${id(A)}<identifiedPerson/>`, 'AE SYN105', [A]],
    ['no person', id(A), 'AE SYN105', [A]],
    [
      'nothing to change that is kept',
      `${id(A)}<identifiedPerson><desc>tall</desc></identifiedPerson>`,
      'AE SYN105 (NOPERSIST)',
      [A],
    ],
    [
      'a value that is none',
      `${id(A)}<identifiedPerson><birthTime value="x"/></identifiedPerson>`,
      'AE SYN102',
      [A],
    ],
    [
      'a status that would end the record',
      `${id(A)}<statusCode code="nullified"/>${person}`,
      'AE SYN106',
      [],
    ],
  ] as const) {
    it(`answers ${ending} to ${what}, and changes nothing`, async () => {
      const revised = await revise(role);
      expect([revised.ending, revised.revisions, revised.answer.outcome]).to.deep.equal([
        ending,
        [],
        'invalid-query',
      ]);
      expect(revised.subjects).to.deep.equal(subjects);
    });
  }

  it('tells a rule that stands in the way', async () => {
    const { ending, body, answer, subjects } = await revise(id(A) + person, {
      outcome: 'refused',
      rule: 'unknown-number',
    });
    expect([ending, answer.outcome, subjects]).to.deep.equal(['AE', 'refused', [A]]);
    expect(the(the(body, 'reasonOf'), 'code').attributes.get('code')).to.equal('KEY204');
    expect(childNames(the(body, 'controlActProcess'))).to.deep.equal(['reasonOf']);
  });
});
