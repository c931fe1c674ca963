import type { EventEmitter } from 'node:events';
import type { Clock } from '../runtime/clock.js';

/** How the operating system asks a program to end. */
export const endingSignals = ['SIGINT', 'SIGTERM'] as const;

/** What the signals lead to. */
export interface SignalHandling {
  /** `process`, or a stand-in. */
  readonly source: Pick<EventEmitter, 'on' | 'off'>;
  readonly clock: Clock;
  /** Called once, on the first signal. */
  readonly onFirst: () => void;
  /** Called on a later signal: somebody does not want to wait. */
  readonly onInsistence: () => void;
}

/** One Ctrl-C reaches a program twice under npm: from the terminal, and passed on by npm. */
const echoMilliseconds = 1_000;

/** Listens for the signals that end a program. Returns the way to stop listening. */
export function listenForEnd({ source, clock, onFirst, onInsistence }: SignalHandling): () => void {
  let first: number | undefined;
  const heard = (): void => {
    const now = clock.now().getTime();
    if (first === undefined) {
      first = now;
      onFirst();
    } else if (now - first >= echoMilliseconds) {
      onInsistence();
    }
  };
  for (const signal of endingSignals) source.on(signal, heard);
  return () => {
    for (const signal of endingSignals) source.off(signal, heard);
  };
}

/** How the operating system asks a program to read its configuration again. Also sent when the terminal goes away. */
const RELOADING_SIGNAL = 'SIGHUP';

/** What being asked to reload leads to. */
export interface ReloadHandling {
  readonly source: SignalHandling['source'];
  /** Whether a terminal belongs to the program, as it is at the moment. */
  readonly hasTerminal: () => boolean;
  readonly onReload: () => void;
  /** Called when the terminal that the program was started from is gone: nobody could end it from there any more. */
  readonly onTerminalGone: () => void;
}

/** Listens for the signal that asks for a reload. Returns the way to stop listening. */
export function listenForReload(handling: ReloadHandling): () => void {
  const { source, hasTerminal, onReload, onTerminalGone } = handling;
  const hadTerminal = hasTerminal();
  const heard = (): void => {
    if (hadTerminal && !hasTerminal()) onTerminalGone();
    else onReload();
  };
  source.on(RELOADING_SIGNAL, heard);
  return () => {
    source.off(RELOADING_SIGNAL, heard);
  };
}
