/** Exit codes of `preg-adapter filematch` besides 0 and 1. */

/** The command itself is wrong: a file that there is not, a client that there is not. */
export const USAGE = 2;

/** Ended by Ctrl-C, as shells know it; the job goes on another time. */
export const INTERRUPTED = 130;
