import type { JobView, WaitingFor } from '../../legacy/filematch/jobs/filematch-jobs.js';

/** What a job waits for, in words for who sits at a terminal. */
export const waitingTexts: Readonly<Record<WaitingFor, string>> = {
  turn: 'waiting for its turn',
  window: 'waiting for its time of day (filematch.window)',
  resume: 'paused',
  register: 'waiting for Persontjenesten',
  disk: 'waiting for the disk',
  folder: 'waiting for the folder of the result',
  client: 'waiting for its client, which is switched off or may not speak filematch',
};

/** Cells of a bar at most, and fewer than which are not worth drawing. */
const WIDEST_BAR = 40;
const NARROWEST_BAR = 10;

/** What there is room for. */
export interface Room {
  /** In characters. */
  readonly width: number;
  /** Whether a bar is wanted where it fits. */
  readonly bar: boolean;
}

/**
 * How far a job is, in one line: rows, percent, rate, time left, and a bar. Holds nothing of the file. What there is no room
 * for is left out, the least needed first.
 * @param view undefined while the file is still being taken in
 * @param rate rows a second; undefined where it is not known
 */
export function progressLine(
  view: JobView | undefined,
  rate: number | undefined,
  { width, bar }: Room,
): string {
  if (view === undefined) return 'taking the file in'.slice(0, width);
  const { survey, checkpoint, state } = view.job;
  const waiting = view.waitingFor === null ? undefined : waitingTexts[view.waitingFor];
  if (survey === null || state === 'RECEIVED' || state === 'VALIDATING') {
    return (waiting ?? 'reading the file').slice(0, width);
  }
  const share = survey.rows === 0 ? 1 : checkpoint.rows / survey.rows;
  const percent = `${String(Math.floor(share * 100)).padStart(3)} %`;
  const rows = `${grouped(checkpoint.rows)} of ${grouped(survey.rows)} rows`;
  const pace =
    waiting === undefined ? paceOf(rate, survey.rows - checkpoint.rows) : { speed: undefined, left: waiting };
  const most = joined([percent, rows, pace.speed, pace.left]);
  const room = width - most.length - 4;
  if (bar && room >= NARROWEST_BAR) return `${drawn(share, Math.min(room, WIDEST_BAR))}  ${most}`;
  const shorter = [most, joined([percent, rows, pace.left]), joined([percent, pace.left]), percent];
  return shorter.find((text) => text.length <= width) ?? '';
}

function paceOf(
  rate: number | undefined,
  rowsLeft: number,
): { readonly speed: string | undefined; readonly left: string | undefined } {
  if (rate === undefined) return { speed: undefined, left: undefined };
  const speed = `${rate >= 10 ? grouped(Math.round(rate)) : rate.toFixed(1)} rows/s`;
  return { speed, left: rate > 0 && rowsLeft > 0 ? `${duration(rowsLeft / rate)} left` : undefined };
}

/** A time that is guessed: no closer than the guess. */
function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 100 ? `${hours} h ${String(minutes % 60).padStart(2, '0')} min` : `${hours} h`;
}

function drawn(share: number, cells: number): string {
  const full = Math.floor(share * cells);
  return `[${'#'.repeat(full)}${'.'.repeat(cells - full)}]`;
}

/** A whole number with a blank after each three digits. */
export function grouped(number: number): string {
  return String(number).replaceAll(/\B(?=(?:\d{3})+$)/g, ' ');
}

function joined(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join('  ');
}
