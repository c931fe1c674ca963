import { IdleClock as CaseClock } from '../../src/fixtures/filematch/idle-clock.js';

/** The clock of cases, from an afternoon on unless told otherwise. */
export class IdleClock extends CaseClock {
  constructor(start = '2025-03-01T12:00:00Z') {
    super(new Date(start));
  }
}
