import type { Language } from './language.js';
import type { Texts } from './texts.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How numbers and times are written for readers. Times are those of Norway. */
export class Formats {
  readonly #number: Intl.NumberFormat;
  readonly #clock: Intl.DateTimeFormat;
  readonly #seconds: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #dayAndClock: Intl.DateTimeFormat;

  constructor(
    language: Language,
    private readonly texts: Texts['times'],
    private readonly now: Date,
  ) {
    const locale = language === 'nb' ? 'nb-NO' : 'en-GB';
    const inNorway = { timeZone: 'Europe/Oslo' } as const;
    const clock = { hour: '2-digit', minute: '2-digit' } as const;
    const day = { day: 'numeric', month: 'short', year: 'numeric' } as const;
    this.#number = new Intl.NumberFormat(locale);
    this.#clock = new Intl.DateTimeFormat(locale, { ...inNorway, ...clock });
    this.#seconds = new Intl.DateTimeFormat(locale, { ...inNorway, ...clock, second: '2-digit' });
    this.#day = new Intl.DateTimeFormat(locale, { ...inNorway, ...day });
    this.#dayAndClock = new Intl.DateTimeFormat(locale, {
      ...inNorway,
      day: 'numeric',
      month: 'short',
      ...clock,
    });
  }

  number(value: number): string {
    return this.#number.format(value);
  }

  /** A share of a hundred, with a decimal where it says something. */
  percent(share: number): string {
    const percent = share * 100;
    const digits = percent > 0 && percent < 10 ? 1 : 0;
    // Few are not none.
    if (percent > 0 && percent < 0.1) return `< ${this.number(0.1)} %`;
    return `${this.number(Number(percent.toFixed(digits)))} %`;
  }

  /** A time that something takes, to the digits that mean something. */
  duration(milliseconds: number | undefined): string {
    if (milliseconds === undefined) return '–';
    if (milliseconds < 1) return '< 1 ms';
    if (milliseconds < 995) return `${this.number(Number(milliseconds.toPrecision(2)))} ms`;
    return `${this.number(Number((milliseconds / SECOND).toPrecision(2)))} s`;
  }

  /** `12:34:56` */
  time(at: Date): string {
    return this.#seconds.format(at);
  }

  /** `12:34` */
  minute(at: Date): string {
    return this.#clock.format(at);
  }

  /** `1. mars 2026` */
  day(at: Date): string {
    return this.#day.format(at);
  }

  /** The clock time of today, the day besides of any other. */
  instant(at: Date): string {
    return this.day(at) === this.day(this.now) ? this.#clock.format(at) : this.#dayAndClock.format(at);
  }

  /** How long ago something was; the same for what lies a moment ahead. */
  ago(at: Date): string {
    const passed = this.now.getTime() - at.getTime();
    return passed < 2 * SECOND ? this.texts.justNow : this.texts.ago(this.span(passed));
  }

  /** A span in its two largest units at most: `2 d 3 h`, `5 min`. */
  span(milliseconds: number): string {
    const { days, hours, minutes, seconds } = this.texts;
    const left = Math.max(0, milliseconds);
    if (left < MINUTE) return seconds(Math.floor(left / SECOND));
    if (left < HOUR) return minutes(Math.floor(left / MINUTE));
    if (left < DAY)
      return joined(hours(Math.floor(left / HOUR)), minutes, Math.floor((left % HOUR) / MINUTE));
    const whole = Math.floor(left / DAY);
    return whole >= 10 ? days(whole) : joined(days(whole), hours, Math.floor((left % DAY) / HOUR));
  }
}

function joined(large: string, small: (count: number) => string, count: number): string {
  return count === 0 ? large : `${large} ${small(count)}`;
}
