import {
  AdapterError,
  asAdapterError,
  InternalError,
  TokenRefused,
  UpstreamForbidden,
  UpstreamInvalidAnswer,
} from '../../../errors/errors.js';

/** The answer to a question that was asked alone, or why there is none whatever is tried. */
export type AloneAnswer<Answer> = { readonly answer: Answer } | { readonly trouble: AdapterError };

/** How many are asked side by side. */
export const SIDE_BY_SIDE = 4;
/** So many without an answer, and none with one: the trouble is with the register, not with those who are asked for. */
const MOST_UNANSWERED = 10;

/**
 * Asks for each alone, so that trouble with one is not that of the others. Answers come in the order of the questions.
 *
 * - What passes by itself is thrown, since then nothing is known of any of them. So is a refusal of whoever asks, at HelseID or
 *   at the register: it is nobody's of those who are asked for, and the operator can put it right.
 * - What else there is belongs to the one who was asked for; but where ten have it and nobody is answered, it is thrown.
 *
 * @throws AdapterError, and the signal's reason once it aborts
 */
export async function askAlone<Question, Answer>(
  questions: readonly Question[],
  ask: (question: Question) => Promise<Answer>,
  signal: AbortSignal,
): Promise<readonly AloneAnswer<Answer>[]> {
  const answers = new Map<number, AloneAnswer<Answer>>();
  const waiting = [...questions.entries()];
  let answered = 0;
  const askNext = async (): Promise<boolean> => {
    const next = waiting.shift();
    if (next === undefined) return false;
    const [index, question] = next;
    signal.throwIfAborted();
    try {
      answers.set(index, { answer: await ask(question) });
      answered += 1;
    } catch (caught) {
      const trouble = troubleOf(caught, signal);
      answers.set(index, { trouble });
      if (answered === 0 && answers.size >= MOST_UNANSWERED) throw trouble;
    }
    return true;
  };
  const work = async (): Promise<void> => {
    try {
      while (await askNext());
    } catch (error) {
      waiting.length = 0;
      throw error;
    }
  };
  // The first one shows whether anybody need be asked at all.
  if (await askNext()) await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  return [...answers].toSorted(([a], [b]) => a - b).map(([, answer]) => answer);
}

/** Trouble that does not pass by itself. @throws what does, and what comes of an aborted signal */
export function troubleOf(caught: unknown, signal: AbortSignal): AdapterError {
  signal.throwIfAborted();
  const error = asAdapterError(caught);
  const isOfTheCaller = error instanceof TokenRefused || error instanceof UpstreamForbidden;
  if (isOfTheCaller || !(isOfTheAsked(error) || error.description.retry === 'permanent')) throw error;
  return error;
}

/** One document that cannot be used would come back as often as it is asked for. */
function isOfTheAsked(error: AdapterError): boolean {
  return error instanceof UpstreamInvalidAnswer || error instanceof InternalError;
}
