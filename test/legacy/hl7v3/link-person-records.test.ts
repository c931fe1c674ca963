import { expect } from 'chai';
import { DetectedIssues } from '../../../src/legacy/hl7v3/detected-issues.js';
import { LinkPersonRecords } from '../../../src/legacy/hl7v3/link-person-records.js';
import { UnlinkPersonRecords } from '../../../src/legacy/hl7v3/unlink-person-records.js';
import type { ChangeAnswer } from '../../../src/registry/help-number-register.js';
import { helpNumber } from '../../support/help-numbers.js';
import { childNames, codes, codeTables, the } from '../../support/hl7v3-message.js';
import { pregPerson } from '../../support/preg-person.js';
import {
  answerOf,
  registerStub,
  registrationMessage,
  type Answered,
} from '../../support/registration-message.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const A = helpNumber(0);
const B = syntheticNumber();
const issues = new DetectedIssues(codeTables, codes);
const done: ChangeAnswer = { outcome: 'done', hit: { person: pregPerson({ nin: B }), lineage: new Map() } };

const id = (number: string): string => `<id root="2.16.578.1.12.4.1.4.3" extension="${number}"/>`;
const link = (content: string): string =>
  `<identifiedBy typeCode="IDENT"><otherIdentifiedPerson classCode="IDENT">${content}</otherIdentifiedPerson></identifiedBy>`;

interface Linked extends Answered {
  /** `survivor < superseded …`, with the message's id. */
  readonly asked: readonly string[];
}

type Operation = 'LinkPersonRecords' | 'UnlinkPersonRecords';

async function ask(operation: Operation, role: string, answer: ChangeAnswer = done): Promise<Linked> {
  const asked: string[] = [];
  const register = registerStub({
    link: (survivor, superseded, { messageId }) => {
      asked.push(`link ${survivor} < ${superseded.join(' ')} by ${String(messageId)}`);
      return Promise.resolve(answer);
    },
    unlink: (survivor, superseded, { messageId }) => {
      asked.push(`unlink ${survivor} < ${superseded} by ${String(messageId)}`);
      return Promise.resolve(answer);
    },
  });
  const handler =
    operation === 'LinkPersonRecords'
      ? new LinkPersonRecords(register, issues)
      : new UnlinkPersonRecords(register, issues);
  return { ...(await answerOf(operation, handler, registrationMessage(role))), asked };
}

for (const [operation, verb] of [
  ['LinkPersonRecords', 'link'],
  ['UnlinkPersonRecords', 'unlink'],
] as const) {
  describe(operation, () => {
    it('has the survivor in the role and the superseded number under identifiedBy', async () => {
      const { ending, asked, subjects, answer, body } = await ask(operation, id(B) + link(id(A)));
      expect([ending, asked]).to.deep.equal(['AA', [`${verb} ${B} < ${A} by 1.2.3.4^m1`]]);
      expect([answer.outcome, subjects]).to.deep.equal(['done', [B, A]]);
      expect(childNames(the(body, 'controlActProcess'))).to.deep.equal([]);
      expect(the(body, 'interactionId').attributes.get('extension')).to.equal('MCAI_IN000004NO01');
    });

    for (const [what, role, ending] of [
      ['no survivor', link(id(A)), 'AE SYN105'],
      ['no superseded number', id(B), 'AE SYN105'],
      ['a link to nobody', id(B) + link(''), 'AE SYN105'],
      ['a link that is nil', `${id(B)}<identifiedBy xsi:nil="true"/>`, 'AE SYN105'],
      ['two survivors', id(B) + id(helpNumber(1)) + link(id(A)), 'AE SYN108'],
      ['a malformed survivor', id('X') + link(id(A)), 'AE SYN102'],
      ['a malformed superseded number', id(B) + link(id('123')), 'AE SYN102'],
      ['two numbers in one link', id(B) + link(id(A) + id(helpNumber(1))), 'AE SYN108'],
    ] as const) {
      it(`answers ${ending} to ${what}, and changes nothing`, async () => {
        const refused = await ask(operation, role);
        expect([refused.ending, refused.asked, refused.answer.outcome]).to.deep.equal([
          ending,
          [],
          'invalid-query',
        ]);
      });
    }

    it('tells a rule that stands in the way', async () => {
      const { ending, body, answer, subjects } = await ask(operation, id(B) + link(id(A)), {
        outcome: 'refused',
        rule: 'superseded',
      });
      expect([ending, answer.outcome, subjects]).to.deep.equal(['AE', 'refused', [B, A]]);
      expect(childNames(the(body, 'controlActProcess'))).to.deep.equal(['reasonOf']);
    });
  });
}

describe('several links', () => {
  const C = helpNumber(1);

  it('are made at once, each number once', async () => {
    const { asked, subjects } = await ask(
      'LinkPersonRecords',
      id(B) + link(id(C)) + link(id(A)) + link(id(C)),
    );
    expect(asked).to.deep.equal([`link ${B} < ${C} ${A} by 1.2.3.4^m1`]);
    expect(subjects).to.deep.equal([B, C, A]);
  });

  it('are ten at most', async () => {
    const links = (count: number): string =>
      Array.from({ length: count }, (_, index) => link(id(helpNumber(index)))).join('');
    expect((await ask('LinkPersonRecords', id(B) + links(10))).ending).to.equal('AA');
    expect((await ask('LinkPersonRecords', id(B) + links(11))).ending).to.equal('AE SYN108');
  });

  it('are not undone at once', async () => {
    const { ending, asked } = await ask('UnlinkPersonRecords', id(B) + link(id(A)) + link(id(C)));
    expect([ending, asked]).to.deep.equal(['AE SYN108', []]);
  });
});
