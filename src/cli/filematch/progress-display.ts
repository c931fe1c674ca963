import type { JobView } from '../../legacy/filematch/jobs/filematch-jobs.js';
import type { Clock } from '../../runtime/clock.js';
import type { Terminal } from '../report.js';
import { progressLine, type Room } from './progress-line.js';
import { Throughput } from './throughput.js';

/** How often the line of a terminal is drawn, and how often a line is written where nobody looks, in milliseconds. */
const REDRAWN_EVERY = 200;
const WRITTEN_EVERY = 10_000;

/** The width of a terminal that does not tell its own. */
const USUAL_WIDTH = 80;

/** Goes back to the beginning of the line, and clears what stands behind the place where it is. */
const LINE_BEGINNING = '\r';
const CLEAR_REST = '\u001B[K';

/** Shows how far a job is: one line that is drawn over itself on a terminal, a line now and then elsewhere. */
export class ProgressDisplay {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  readonly #throughput = new Throughput();
  #view: JobView | undefined;
  /** What stands on the terminal's last line, without a line break behind it. */
  #drawn = '';

  constructor(terminal: Terminal, clock: Clock) {
    this.#terminal = terminal;
    this.#clock = clock;
  }

  /** Takes note of how far the job is; what is drawn follows. */
  show(view: JobView): void {
    const { state, checkpoint } = view.job;
    const isAtWork = view.waitingFor === null && state === 'RUNNING';
    if (isAtWork) this.#throughput.note(this.#clock.now().getTime(), checkpoint.rows);
    else this.#throughput.forget();
    this.#view = view;
  }

  /** Draws until the signal aborts; then for a last time, and leaves the line. Never rejects for that. */
  async run(signal: AbortSignal): Promise<void> {
    const isTerminal = this.#terminal.isTTY === true;
    const hasEnded = (): boolean => signal.aborted;
    while (!hasEnded()) {
      try {
        await this.#clock.sleep(isTerminal ? REDRAWN_EVERY : WRITTEN_EVERY, signal);
      } catch (error) {
        if (!hasEnded()) throw error;
        break;
      }
      if (isTerminal) this.#draw();
      else this.#write();
    }
    if (!isTerminal) return;
    this.#draw();
    if (this.#drawn !== '') this.#terminal.write('\n');
    this.#drawn = '';
  }

  /** Writes whole lines past what is drawn. */
  above(text: string): void {
    const erase = this.#drawn === '' ? '' : LINE_BEGINNING + CLEAR_REST;
    this.#drawn = '';
    this.#terminal.write(erase + text);
  }

  #draw(): void {
    // The last column stays free: some terminals go on to the next line when it is written.
    const line = this.#line({ width: (this.#terminal.columns ?? USUAL_WIDTH) - 1, bar: true });
    if (line === this.#drawn) return;
    this.#terminal.write(LINE_BEGINNING + line + CLEAR_REST);
    this.#drawn = line;
  }

  #write(): void {
    this.#terminal.write(`${this.#line({ width: Infinity, bar: false })}\n`);
  }

  #line(room: Room): string {
    return progressLine(this.#view, this.#throughput.at(this.#clock.now().getTime()), room);
  }
}
