import { UpstreamRateLimited, UpstreamUnavailable } from '../../../errors/errors.js';

/** The call was not made, since so many before it have failed. */
export class CallsSuspended extends UpstreamUnavailable {}

/** The call was not made: too many wait, or Persontjenesten wants to be left alone for longer than the call can wait. */
export class TurnRefused extends UpstreamRateLimited {}

/** Too many of us wait, which tells nothing of Persontjenesten. */
export class QueueFull extends TurnRefused {}
