import { fittingPerson } from '../../access/fitting-person.js';
import { InvalidQuery, TooManyHits } from '../../errors/errors.js';
import type { PregPerson } from '../../person/preg-person.js';
import { MAX_NUMBERS } from '../../registry/person-of-all.js';
import type { PersonRegistry } from '../../registry/person-registry.js';
import type { XmlElement } from '../../xml/element.js';
import type { SoapCall } from '../soap/soap-service.js';
import {
  candidatesSought,
  type CandidatesSought,
  type ParameterVocabulary,
} from './find-candidates-query.js';
import { mostThatFit } from './most-that-fit.js';
import type { AcceptedMessage, MessageAnswer, MessageHandler } from './message.js';
import type { PersonRenderer } from './person.js';
import { queryIdOf, refusedQuery, rejectedQuery } from './query.js';
import { inTermsOfMessage, RefusedParameter, type ParameterProblem } from './refused-parameter.js';
import { queryControlAct } from './reply.js';
import type { TypedStructure } from './schema/typed-value.js';

const problems = {
  tooManyNumbers: { code: 'SYN108', text: 'has more numbers than one person has' },
  differentPersons: { code: 'SYN102', text: 'has numbers that do not belong to one and the same person' },
} as const satisfies Readonly<Record<string, ParameterProblem>>;

/** HL7's code for more associations than there is room for. */
const TOO_MANY = { code: 'SYN110', text: 'More people fit than can be told. Narrow the search.' };

/** The people found, first ones first, and how many there are. */
interface Candidates {
  readonly people: readonly PregPerson[];
  readonly total: number;
}

/** FindCandidates: the people whom criteria fit (preg-hl7v3 4.1). */
export class FindCandidates implements MessageHandler {
  constructor(
    private readonly registry: PersonRegistry,
    private readonly renderer: PersonRenderer,
    private readonly vocabulary: ParameterVocabulary,
  ) {}

  /**
   * A search that cannot be served is a fault, unless the client's quirk says otherwise (Safety S3, S4).
   * @throws RefusedParameter, TooManyHits, or another AdapterError
   */
  async answer(accepted: AcceptedMessage): Promise<MessageAnswer> {
    try {
      return await this.#answer(accepted);
    } catch (error) {
      const refusal = error instanceof InvalidQuery ? inTermsOfMessage(error) : error;
      const answersRefusals = accepted.call.client.quirks.refusedSearch === 'qe';
      const answer = answersRefusals ? refusalAnswer(refusal, accepted.message) : undefined;
      if (answer === undefined) throw refusal;
      return answer;
    }
  }

  rejection(message: XmlElement): TypedStructure {
    return rejectedQuery(message);
  }

  async #answer({ message, call, requester, replyWith }: AcceptedMessage): Promise<MessageAnswer> {
    const sought = candidatesSought(message, this.vocabulary);
    call.describe(sought.numbers, { requester });
    const { people, total } = await this.#candidates(sought, call);
    const subjects = people.map((person) =>
      this.renderer.subject(person, call.client.quirks, { identifiedBy: false }),
    );
    const queryId = queryIdOf(message);
    const answerWith = (count: number): MessageAnswer => ({
      acknowledgement: { typeCode: 'AA', details: [] },
      controlAct: queryControlAct({
        queryResponse: total === 0 ? 'NF' : 'OK',
        queryId,
        subjects: subjects.slice(0, count),
        total,
      }),
      outcome: total === 0 ? 'not-found' : 'found',
    });
    const { maxReplyBytes } = call.client.quirks;
    const told = mostThatFit(
      people.length,
      (count) => call.replyLength(replyWith(answerWith(count)).body) <= maxReplyBytes,
    );
    if (told === 0 && people.length > 0) throw new TooManyHits('not even one candidate fits the reply limit');
    const numbers = people.slice(0, told).map(({ nin }) => nin);
    call.describe([...new Set([...sought.numbers, ...numbers])], { requester });
    return answerWith(told);
  }

  #candidates(sought: CandidatesSought, call: SoapCall): Promise<Candidates> {
    return sought.numbers.length > 0 ? this.#byNumber(sought, call) : this.#bySearch(sought, call);
  }

  async #bySearch({ criteria }: CandidatesSought, { caller }: SoapCall): Promise<Candidates> {
    const { hits, total } = await this.registry.search(criteria, caller);
    return { people: hits.map(({ person }) => person), total };
  }

  async #byNumber(
    { numbers, numberParameter, criteria }: CandidatesSought,
    { caller }: SoapCall,
  ): Promise<Candidates> {
    if (numbers.length > MAX_NUMBERS) {
      throw new RefusedParameter(numberParameter, problems.tooManyNumbers);
    }
    const person = await fittingPerson(numbers, criteria, this.registry, caller);
    if (person === 'different') throw new RefusedParameter(numberParameter, problems.differentPersons);
    if (person === 'nobody') return { people: [], total: 0 };
    return { people: [person].slice(0, criteria.limit), total: 1 };
  }
}

/** A refusal as an answer of its own, for clients that show it; undefined for what is no refusal of the search. */
function refusalAnswer(error: unknown, message: XmlElement): MessageAnswer | undefined {
  const queryId = queryIdOf(message);
  if (error instanceof RefusedParameter) {
    const text = `${error.parameter}: ${error.problem}.`;
    return refusedQuery({ code: error.detailCode, text }, queryId);
  }
  if (!(error instanceof TooManyHits)) return undefined;
  return { ...refusedQuery(TOO_MANY, queryId), outcome: error.code };
}
