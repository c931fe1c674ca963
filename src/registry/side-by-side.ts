/** How many calls of one question are underway at once. */
const SIDE_BY_SIDE = 4;

/** Asks several at once. Answers are in the order of what is asked; after a failure nothing further is begun. */
export async function sideBySide<Question, Answer>(
  questions: readonly Question[],
  ask: (question: Question) => Promise<Answer>,
  atOnce = SIDE_BY_SIDE,
): Promise<readonly Answer[]> {
  const open = [...questions.entries()];
  const answers: (readonly [number, Answer])[] = [];
  const work = async (): Promise<void> => {
    for (let next = open.shift(); next !== undefined; next = open.shift()) {
      const [index, question] = next;
      try {
        answers.push([index, await ask(question)]);
      } catch (error) {
        open.length = 0;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, questions.length) }, work));
  return answers.toSorted(([a], [b]) => a - b).map(([, answer]) => answer);
}

/** What is asked, as many at a time as one call takes. */
export function inBatches<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
