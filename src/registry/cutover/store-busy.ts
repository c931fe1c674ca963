import { StoreFailed } from '../../errors/errors.js';

/** Somebody else writes to the store. What nobody waits for comes again. */
export class StoreBusy extends StoreFailed {}
