import { expect } from 'chai';
import type { ChildrenAnswer, PersonRegistry } from '../../../../src/registry/person-registry.js';
import { membersOf, serve, told } from '../../../support/person-service.js';
import { pregPerson } from '../../../support/preg-person.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const A = syntheticNumber();
const B = syntheticNumber(1);
const C = syntheticNumber(2);
const NIN = `<NIN> ${A}</NIN>`;

function answering(answer: ChildrenAnswer): {
  readonly registry: Partial<PersonRegistry>;
  readonly asked: string[];
} {
  const asked: string[] = [];
  const children: PersonRegistry['children'] = (id) => {
    asked.push(id);
    return Promise.resolve(answer);
  };
  return { registry: { children }, asked };
}

describe('GetChildren', () => {
  it('tells the children, and puts them and the parent on record', async () => {
    const children = [told(pregPerson({ nin: B, givenName: 'KARI' })), told(pregPerson({ nin: C }))];
    const { registry, asked } = answering({ outcome: 'found', children });
    const { reply, outcome, subjects } = await serve('GetChildren', NIN, { registry });
    const people = reply.records('GetChildrenResult');
    expect([membersOf(people, 'NIN'), membersOf(people, 'GivenName')]).to.deep.equal([
      [B, C],
      ['KARI', null],
    ]);
    expect(asked).to.deep.equal([A]);
    expect([outcome, subjects]).to.deep.equal(['found', [A, B, C]]);
  });

  it('is an empty list for a person without children', async () => {
    const { reply, outcome } = await serve('GetChildren', NIN, answering({ outcome: 'found', children: [] }));
    expect([reply.records('GetChildrenResult'), outcome]).to.deep.equal([[], 'found']);
  });

  it('is nil when there is no such person, and when the number is none', async () => {
    const nobody = await serve('GetChildren', NIN, answering({ outcome: 'not-found' }));
    expect([nobody.reply.records('GetChildrenResult'), nobody.outcome]).to.deep.equal([null, 'not-found']);
    for (const content of ['', '<NIN/>', '<NIN>12</NIN>']) {
      const none = await serve('GetChildren', content);
      expect([none.reply.records('GetChildrenResult'), none.outcome]).to.deep.equal([null, 'invalid-query']);
    }
  });
});
