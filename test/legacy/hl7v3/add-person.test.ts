import { expect } from 'chai';
import { AddPerson } from '../../../src/legacy/hl7v3/add-person.js';
import { DetectedIssues } from '../../../src/legacy/hl7v3/detected-issues.js';
import type { HelpNumberRecord } from '../../../src/person/help-number-record.js';
import type { AddAnswer, Change } from '../../../src/registry/help-number-register.js';
import { helpNumber, recordOf } from '../../support/help-numbers.js';
import { all, attributesOf, childNames, codes, codeTables, the } from '../../support/hl7v3-message.js';
import { writtenName } from '../../support/written.js';
import { pregPerson } from '../../support/preg-person.js';
import { rejectionOf } from '../../support/rejection.js';
import {
  answerOf,
  registerStub,
  registrationMessage,
  renderer,
  type Answered,
} from '../../support/registration-message.js';
import { StandingClock } from '../../support/standing-clock.js';

const clock = new StandingClock('2025-01-15T10:30:00Z');

const given = helpNumber(0);
const done: AddAnswer = {
  outcome: 'done',
  hit: {
    person: pregPerson({ nin: given, givenName: 'OLA', supersededNINs: [helpNumber(5)] }),
    lineage: new Map(),
  },
  possibleDuplicates: [],
};
const person = '<identifiedPerson><name><given>Ola</given></name></identifiedPerson>';

interface Added extends Answered {
  readonly records: readonly HelpNumberRecord[];
  readonly changes: readonly Change[];
}

async function add(content: string, answer: AddAnswer = done, mode: 'any' | 'P' = 'any'): Promise<Added> {
  const records: HelpNumberRecord[] = [];
  const changes: Change[] = [];
  const register = registerStub({
    add: (record, change) => {
      records.push(record);
      changes.push(change);
      return Promise.resolve(answer);
    },
  });
  const handler = new AddPerson(register, renderer, codes, new DetectedIssues(codeTables, codes), clock);
  return { ...(await answerOf('AddPerson', handler, content, mode)), records, changes };
}

describe('AddPerson', () => {
  it('answers with the number in the first id of the role, and the person', async () => {
    const { ending, body, answer, subjects } = await add(registrationMessage(person));
    expect([ending, answer.outcome, subjects]).to.deep.equal(['AA', 'done', [given]]);
    expect(writtenName(answer.body)).to.equal('t:AddPersonResponse');
    const [role] = all(body, 'identifiedPerson');
    expect(role?.children[0]?.attributes.get('extension')).to.equal(given);
    expect(the(body, 'given').text).to.equal('OLA');
    expect(childNames(the(body, 'controlActProcess'))).to.deep.equal(['subject']);
    expect(all(body, 'identifiedBy'), 'which the reply’s type does not have').to.deep.equal([]);
  });

  it('adds what is told, and nothing else', async () => {
    const { records } = await add(registrationMessage(person));
    expect(records).to.deep.equal([recordOf({ name: { given: 'Ola', middle: null, family: null } })]);
  });

  it('adds somebody of whom nothing is known', async () => {
    for (const role of ['', '<identifiedPerson xsi:nil="true"/>', '<identifiedPerson/>']) {
      const { ending, records } = await add(registrationMessage(role));
      expect([ending, records]).to.deep.equal(['AA', [recordOf()]]);
    }
  });

  for (const [what, wrapper, messageId] of [
    ['root and extension', '<id root="1.2.3.4" extension="m1"/>', '1.2.3.4^m1'],
    ['extension alone', '<id extension="m1"/>', '^m1'],
    [
      'a UUID as root',
      '<id root="00000000-0000-4000-8000-000000000013"/>',
      '00000000-0000-4000-8000-000000000013^',
    ],
    [
      'a UUID in capitals',
      '<id root="0000ABCD-0000-4000-8000-000000000013"/>',
      '0000abcd-0000-4000-8000-000000000013^',
    ],
    [
      'a UUID in capitals and an extension in its own letters',
      '<id root="0000ABCD-0000-4000-8000-000000000013" extension="Ab"/>',
      '0000abcd-0000-4000-8000-000000000013^Ab',
    ],
    ['a root in capitals that is no UUID', '<id root="ABCD" extension="m1"/>', 'ABCD^m1'],
    ['a root that every message has', '<id root="1.2.3.4"/>', undefined],
    ['none', '', undefined],
  ] as const) {
    it(`knows the message again by its id: ${what}`, async () => {
      const { changes } = await add(registrationMessage(person, wrapper));
      expect(changes.map((change) => change.messageId)).to.deep.equal([messageId]);
    });
  }

  it('adds nobody who was born on a day to come in Norway', async () => {
    const born = (day: string): string =>
      registrationMessage(`<identifiedPerson><birthTime value="${day}"/></identifiedPerson>`);
    expect((await add(born('20250115'))).ending).to.equal('AA');
    const { ending, records } = await add(born('20250116'));
    expect([ending, records]).to.deep.equal(['AE SYN102', []]);
  });

  it('adds in the name of the client and of whoever asks', async () => {
    const author =
      '<authorOrPerformer><assignedPerson><id root="9" extension="me"/></assignedPerson></authorOrPerformer>';
    const content = registrationMessage(person).replace('<subject>', `${author}<subject>`);
    const { changes, requester } = await add(content);
    expect(changes.map((change) => [change.caller.clientId, change.requester])).to.deep.equal([
      ['epj', '9^me'],
    ]);
    expect(requester).to.equal('9^me');
  });

  it('warns of possible duplicates, in words and by number, and puts them on record', async () => {
    const possibleDuplicates = [helpNumber(1), helpNumber(2)];
    const { ending, body, subjects } = await add(registrationMessage(person), {
      ...done,
      possibleDuplicates,
    });
    expect(ending).to.equal('AA (BUS)');
    const issue = the(body, 'detectedIssueEvent');
    expect(all(issue, 'id').map(attributesOf)).to.deep.equal(
      possibleDuplicates.map((number) => ({ root: '2.16.578.1.12.4.1.4.3', extension: number })),
    );
    expect(childNames(the(body, 'controlActProcess'))).to.deep.equal(['subject', 'reasonOf']);
    expect(subjects).to.deep.equal([given, ...possibleDuplicates]);
  });

  it('warns of what is not kept', async () => {
    const content = '<identifiedPerson><desc>tall</desc></identifiedPerson>';
    const { ending, texts } = await add(registrationMessage(content));
    expect([ending, texts]).to.deep.equal([
      'AA (NOPERSIST)',
      ['The element desc in identifiedPerson is not kept.'],
    ]);
  });

  const id = '<id root="2.16.578.1.12.4.1.4.3" extension="80000000098"/>';
  const subject = /<subject>.*<\/subject>/.exec(registrationMessage(person))?.[0] ?? '';
  for (const [what, content, ending] of [
    ['no control act', '', 'AE SYN105'],
    ['no subject', '<controlActProcess/>', 'AE SYN105'],
    ['no role', registrationMessage('').replace(/<identifiedPerson.*<\/identifiedPerson>/, ''), 'AE SYN105'],
    [
      'a role that is nil',
      registrationMessage('').replace(
        /<identifiedPerson.*<\/identifiedPerson>/,
        '<identifiedPerson xsi:nil="true"/>',
      ),
      'AE SYN105',
    ],
    ['two subjects', registrationMessage(person).replace(subject, subject + subject), 'AE SYN108'],
    ['a number on the role', registrationMessage(id + person), 'AE SYN102'],
    [
      'a number on the person',
      registrationMessage(`<identifiedPerson>${id}</identifiedPerson>`),
      'AE SYN102',
    ],
    ['a role that is to end', registrationMessage(`<statusCode code="nullified"/>${person}`), 'AE SYN106'],
    [
      'a registration that is to end',
      registrationMessage(person).replace('<subject1>', '<statusCode code="cancelled"/><subject1>'),
      'AE SYN106',
    ],
    [
      'two things that are wrong',
      registrationMessage(
        '<identifiedPerson><birthTime value="x"/><telecom value="x y"/></identifiedPerson>',
      ),
      'AE SYN102 SYN102',
    ],
  ] as const) {
    it(`answers ${ending} to ${what}, and adds nobody`, async () => {
      const added = await add(content);
      expect([added.ending, added.records, added.answer.outcome]).to.deep.equal([
        ending,
        [],
        'invalid-query',
      ]);
      expect(childNames(the(added.body, 'controlActProcess'))).to.deep.equal([]);
    });
  }

  it('takes a status that says active, and an id that says nothing', async () => {
    const content = `<id/><statusCode code="active"/><identifiedPerson><id nullFlavor="NI"/></identifiedPerson>`;
    expect((await add(registrationMessage(content))).ending).to.equal('AA');
  });

  it('tells a rule that stands in the way, and is on record as refused', async () => {
    const refused = await add(registrationMessage(person), { outcome: 'refused', rule: 'message-id-reused' });
    expect([refused.ending, refused.answer.outcome, refused.subjects]).to.deep.equal(['AE', 'refused', []]);
    expect(the(the(refused.body, 'reasonOf'), 'code').attributes.get('code')).to.equal('KEY205');
  });

  it('says that it is not offered without a series', async () => {
    const { ending, texts, body } = await add(registrationMessage(person), {
      outcome: 'refused',
      rule: 'no-series',
    });
    expect(ending).to.equal('AE NS200');
    expect(texts.join()).to.contain('no series');
    expect(childNames(the(body, 'controlActProcess'))).to.deep.equal([]);
  });

  it('rejects a message of another mode with an empty control act', async () => {
    const wrapper = '<id extension="m1"/><processingCode code="T"/>';
    const { ending, records, body } = await add(registrationMessage(person, wrapper), done, 'P');
    expect([ending, records]).to.deep.equal(['AR NS202', []]);
    expect(childNames(the(body, 'controlActProcess'))).to.deep.equal([]);
  });

  it('lets trouble through as it is', async () => {
    const trouble = new Error('down');
    const register = registerStub({ add: () => Promise.reject(trouble) });
    const handler = new AddPerson(register, renderer, codes, new DetectedIssues(codeTables, codes), clock);
    expect(await rejectionOf(answerOf('AddPerson', handler, registrationMessage(person)))).to.equal(trouble);
  });
});
