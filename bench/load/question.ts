/** What a load generator asks, and how it knows the right answer. */
export interface Question {
  readonly path: string;
  readonly body: string;
  /** What is wrong with an answer; undefined when it is right. No person data. */
  readonly judge: (answer: Answer) => string | undefined;
}

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** How much an answer can be held to. */
export type Strictness =
  /** It is about the person and the message that it should be about. */
  | 'person-and-message'
  /** It is about that person. */
  | 'person'
  /** Its status is 200. */
  | 'status';

/** What is wrong with an answer about one person. */
export function judgePerson(
  { status, text }: Answer,
  about: { readonly nin: string; readonly messageId: string },
  strictness: Strictness,
): string | undefined {
  if (status !== 200) return `status ${status}`;
  if (strictness === 'status') return undefined;
  const told = /identifiedPerson classCode="IDENT"><(?:\w+:)?id root="[0-9.]+" extension="(\d+)"/.exec(
    text,
  )?.[1];
  if (told === undefined) return 'nobody';
  if (told !== about.nin) return 'another person';
  return strictness === 'person' ? undefined : judgeMessage(text, about.messageId);
}

/** What is wrong with an answer that should be to a message. */
export function judgeMessage(text: string, messageId: string): string | undefined {
  return text.includes(`RelatesTo>${messageId}<`) ? undefined : 'another message';
}
