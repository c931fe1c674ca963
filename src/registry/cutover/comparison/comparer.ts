import type { ChildrenAnswer, LookupAnswer } from '../../person-registry.js';
import type { SearchAnswer } from '../../search.js';
import type { Source } from '../route.js';

/** What the two registers said to the same question, each under the client's profile. */
export type AnswerPair = Readonly<Record<Source, Answered>>;

/** An answer of either register, and to what kind of question. */
export type Answered =
  | { readonly question: 'lookup'; readonly answer: LookupAnswer }
  | { readonly question: 'children'; readonly answer: ChildrenAnswer }
  | {
      readonly question: 'search';
      readonly answer: SearchAnswer;
      /** Whether people were searched for by where they live: those in hiding are left out then (Safety S2). */
      readonly isByAddress: boolean;
    };

/** What a value is like, where the value itself must not be told. */
export const valueKinds = ['blank', 'text', 'date', 'code', 'number', 'flag', 'list', 'person'] as const;
export type ValueKind = (typeof valueKinds)[number];

/** A field in which the registers differ once both are normalised. */
export interface FieldDifference {
  /**
   * By the name of the row in mappings/person.yaml, such as `givenName` or `addresses.st`; `person` where one knows nobody
   * by a number, `addresses` where one has an address more, `hits` where one finds somebody or lists a child, and `total` of a
   * long list of hits.
   */
  readonly field: string;
  /** Whether the field tells who somebody is. */
  readonly isIdentity: boolean;
  readonly class: 'expected' | 'unexplained';
  /** The rule of mappings/comparison.yaml that expects the difference. */
  readonly reason?: string | undefined;
  readonly kinds: Readonly<Record<Source, ValueKind>>;
  /** For the sealed store alone; absent for whatever belongs to a protected person. */
  readonly values?: Readonly<Record<Source, string | null>> | undefined;
}

/** Holds answers against each other, field by field. Pure. */
export interface Comparer {
  /**
   * The fields in which they differ, of an answer about many people each kind of difference once; none for equal answers. Only
   * fields are compared that both sources can tell, which their lineage names; `addresses` in it says that addresses can be
   * told and there is none. No value of a protected person is in it.
   * @throws RangeError for answers to different questions
   */
  compare(pair: AnswerPair): readonly FieldDifference[];
  /** The same about one person after the other, so that whoever holds long lists against each other can do something else in between. */
  inSteps(pair: AnswerPair): Generator<undefined, readonly FieldDifference[]>;
}
