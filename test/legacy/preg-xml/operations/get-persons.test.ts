import { expect } from 'chai';
import { InvalidQuery, UpstreamUnavailable } from '../../../../src/errors/errors.js';
import type { PregPerson } from '../../../../src/person/preg-person.js';
import type { LookupManyQuery, PersonRegistry } from '../../../../src/registry/person-registry.js';
import { found, listOfNumbers, membersOf, serve } from '../../../support/person-service.js';
import { pregPerson } from '../../../support/preg-person.js';
import { rejectionOf } from '../../../support/rejection.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const A = syntheticNumber();
const B = syntheticNumber(1);
const C = syntheticNumber(2);

function knowing(people: Readonly<Record<string, PregPerson>>): {
  readonly registry: Partial<PersonRegistry>;
  readonly asked: LookupManyQuery[];
} {
  const asked: LookupManyQuery[] = [];
  return {
    asked,
    registry: {
      lookupMany: (query) => {
        asked.push(query);
        return Promise.resolve(
          new Map(
            query.ids.map((id) => {
              const person = people[id];
              return [id, person === undefined ? { outcome: 'not-found' as const } : found(person)];
            }),
          ),
        );
      },
    },
  };
}

const person = (nin: typeof A): PregPerson => pregPerson({ nin });
const all = { [A]: person(A), [B]: person(B), [C]: person(C) };

describe('GetPersons', () => {
  it('tells people in the order of their numbers, each once', async () => {
    const { registry, asked } = knowing(all);
    const { reply, outcome, subjects } = await serve('GetPersons', listOfNumbers(C, A, C, ` ${A} `, B), {
      registry,
    });
    expect(membersOf(reply.records('GetPersonsResult'), 'NIN')).to.deep.equal([C, A, B]);
    expect(asked).to.deep.equal([{ ids: [C, A, B], record: 'asked' }]);
    expect([outcome, subjects]).to.deep.equal(['found', [C, A, B]]);
  });

  it('leaves out who is not known and numbers that are none, and puts whom it was asked for on record', async () => {
    const { registry, asked } = knowing({ [B]: person(B) });
    const content = listOfNumbers(A, '123', B).replace('</listOfNIN>', '<arr:string/></listOfNIN>');
    const { reply, subjects } = await serve('GetPersons', content, { registry });
    expect(membersOf(reply.records('GetPersonsResult'), 'NIN')).to.deep.equal([B]);
    expect(asked.map(({ ids }) => ids)).to.deep.equal([[A, B]]);
    expect(subjects).to.deep.equal([A, B]);
  });

  it('tells a person by two numbers once in the record of the number in use', async () => {
    const options = {
      ...knowing({ [A]: person(C), [B]: person(C) }),
      settings: { supersededLookup: 'current-record' } as const,
    };
    const { reply, subjects } = await serve('GetPersons', listOfNumbers(A, B), options);
    expect(membersOf(reply.records('GetPersonsResult'), 'NIN')).to.deep.equal([C]);
    expect(subjects).to.deep.equal([A, B, C]);
  });

  it('is an empty list when nobody is known, and when nobody is asked for', async () => {
    const unknown = await serve('GetPersons', listOfNumbers(A), knowing({}));
    expect([unknown.reply.records('GetPersonsResult'), unknown.outcome]).to.deep.equal([[], 'not-found']);
    for (const content of ['', '<listOfNIN/>', listOfNumbers('x')]) {
      const { reply, outcome, subjects } = await serve('GetPersons', content);
      expect([reply.records('GetPersonsResult'), outcome, subjects]).to.deep.equal([[], 'not-found', []]);
    }
  });

  it('refuses numbers that are none where that is wanted', async () => {
    const settings = { malformedNumber: 'fault' } as const;
    const refusal = await rejectionOf(serve('GetPersons', listOfNumbers(A, '123'), { settings }));
    expect(refusal).to.be.instanceOf(InvalidQuery).and.to.have.property('parameter', 'listOfNIN');
  });

  it('is never cut, whatever the client reads', async () => {
    const numbers = Array.from({ length: 250 }, (_, index) => syntheticNumber(index));
    const people = Object.fromEntries(numbers.map((nin) => [nin, person(nin)]));
    const quirks = { maxReplyBytes: 8192 };
    const { reply } = await serve('GetPersons', listOfNumbers(...numbers), { ...knowing(people), quirks });
    expect(membersOf(reply.records('GetPersonsResult'), 'NIN')).to.deep.equal(numbers);
  });

  it('passes trouble on', async () => {
    const down = new UpstreamUnavailable('down');
    const registry: Partial<PersonRegistry> = { lookupMany: () => Promise.reject(down) };
    expect(await rejectionOf(serve('GetPersons', listOfNumbers(A), { registry }))).to.equal(down);
  });
});
