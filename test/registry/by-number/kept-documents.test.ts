import { expect } from 'chai';
import fc from 'fast-check';
import {
  KeptDocuments,
  nameOfNumber,
  namesOf,
  type KeptDocument,
} from '../../../src/registry/persontjenesten/by-number/kept-documents.js';
import { runs } from '../../support/long-runs.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const MOST = 5;

/** A document of a person under two numbers, one of which the next person has, too. */
function documentOf(person: number): KeptDocument {
  const names = [
    ...namesOf({ personId: `p${person}`, nin: syntheticNumber(person) }),
    nameOfNumber(syntheticNumber(person + 1)),
  ];
  return { document: { id: `p${person}` }, askedAt: 0, names, isBare: false };
}

interface Model {
  /** Keys and people in the order of their use. */
  readonly kept: Map<string, number>;
}

const key = fc.nat({ max: 8 }).map((index) => `key-${index}`);
const person = fc.nat({ max: 4 });

class Put implements fc.Command<Model, KeptDocuments> {
  constructor(
    private readonly key: string,
    private readonly person: number,
  ) {}
  check = (): boolean => true;
  run({ kept }: Model, real: KeptDocuments): void {
    kept.delete(this.key);
    kept.set(this.key, this.person);
    const [oldest] = kept.keys();
    if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
    real.put(this.key, documentOf(this.person));
    agree({ kept }, real);
  }
  toString = (): string => `put ${this.key} ${this.person}`;
}

class Touch implements fc.Command<Model, KeptDocuments> {
  constructor(private readonly key: string) {}
  check = (): boolean => true;
  run({ kept }: Model, real: KeptDocuments): void {
    const known = kept.get(this.key);
    kept.delete(this.key);
    if (known !== undefined) kept.set(this.key, known);
    real.touch(this.key);
    agree({ kept }, real);
  }
  toString = (): string => `touch ${this.key}`;
}

class DropPerson implements fc.Command<Model, KeptDocuments> {
  constructor(
    private readonly person: number,
    private readonly byNumber: boolean,
  ) {}
  check = (): boolean => true;
  run({ kept }: Model, real: KeptDocuments): void {
    for (const [known, whose] of [...kept]) {
      // By the number it is the person before as well, who once had it.
      if (whose === this.person || (this.byNumber && whose === this.person - 1)) kept.delete(known);
    }
    const nin = this.byNumber ? syntheticNumber(this.person) : null;
    real.dropPerson({ personId: `p${this.person}`, nin });
    agree({ kept }, real);
  }
  toString = (): string => `drop ${this.person} ${String(this.byNumber)}`;
}

class Revise implements fc.Command<Model, KeptDocuments> {
  constructor(private readonly person: number) {}
  check = (): boolean => true;
  run({ kept }: Model, real: KeptDocuments): void {
    for (const [known, whose] of [...kept]) if (whose === this.person) kept.delete(known);
    real.revise((document) => {
      if (document.document['id'] === `p${this.person}`) return undefined;
      return { ...document, isBare: true };
    });
    agree({ kept }, real);
  }
  toString = (): string => `revise ${this.person}`;
}

function agree({ kept }: Model, real: KeptDocuments): void {
  expect(real.size).to.equal(kept.size);
  for (const [known, whose] of kept) expect(real.get(known)?.document['id']).to.equal(`p${whose}`);
  expect(real.names).to.equal(new Set([...kept.values()].flatMap((whose) => documentOf(whose).names)).size);
}

describe('kept documents', () => {
  it('are so many at most, those of last use, and leave no name behind', () => {
    const commands = fc.commands(
      [
        fc.tuple(key, person).map(([name, whose]) => new Put(name, whose)),
        key.map((name) => new Touch(name)),
        fc.tuple(person, fc.boolean()).map(([whose, byNumber]) => new DropPerson(whose, byNumber)),
        person.map((whose) => new Revise(whose)),
      ],
      { maxCommands: 60 },
    );
    fc.assert(
      fc.property(commands, (each) => {
        fc.modelRun(() => ({ model: { kept: new Map() }, real: new KeptDocuments(MOST) }), each);
      }),
      { numRuns: runs(200) },
    );
  });

  it('take no more memory the more people have been asked for', () => {
    const kept = new KeptDocuments(100);
    for (let person = 0; person < 5_000; person += 1) kept.put(`key-${person}`, documentOf(person));
    expect(kept.size).to.equal(100);
    expect(kept.names).to.equal(201);
  });
});
