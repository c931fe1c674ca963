import type { OutgoingConnection } from './outgoing-connection.js';
import { Problem } from './queue.js';
import { acknowledgementIn, problemIn } from './reply.js';

/** For so many messages an answer is known that comes after they were answered. */
const REMEMBERED = 100;

/**
 * Messages to a receiver and their answers. Some receivers answer twice: when a message has arrived (CA), and when they are done
 * with it (AA). The first answer counts, and the other one is not taken for that of the next message.
 */
export class Conversation {
  #earlier: string[] = [];

  constructor(private readonly connection: Pick<OutgoingConnection, 'open' | 'exchange' | 'close'>) {}

  /** @returns whether the connection is another one than before @throws ConnectionLost, or the reason of the signal */
  async open(signal: AbortSignal): Promise<boolean> {
    const isNew = await this.connection.open(signal);
    if (isNew) this.#earlier = [];
    return isNew;
  }

  /** Sends a message. @returns undefined when the receiver took it @throws ConnectionLost when no answer came */
  async tell(message: Uint8Array, controlId: string): Promise<Problem | undefined> {
    const earlier = new Set(this.#earlier);
    earlier.delete(controlId);
    const reply = await this.connection.exchange(message, (answer) =>
      earlier.has(acknowledgementIn(answer)?.controlId ?? ''),
    );
    this.#earlier = [...this.#earlier, controlId].slice(-REMEMBERED);
    const problem = problemIn(reply, controlId);
    // Nobody knows what its next answer would be to.
    if (problem === Problem.WrongAnswer) this.close();
    return problem;
  }

  /** Ends the connection, if there is one. */
  close(): void {
    this.connection.close();
  }
}
