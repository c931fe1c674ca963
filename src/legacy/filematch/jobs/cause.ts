import { errorCode } from '../../../errors/error-code.js';
import { AdapterError, InternalError } from '../../../errors/errors.js';
import { FolderUnusable } from './delivery.js';
import { GaveUp } from './patience.js';
import { JobFilesLost } from './trouble.js';

/** Why a job waits or has failed, as events tell it: the error whose cause is known, or a reason without data. */
export interface Cause {
  readonly error?: AdapterError;
  readonly reason?: string;
}

/** What an error says, undefined for none; what nobody foresaw goes to the log in full. */
export function causeOf(error: unknown): Cause {
  if (error === undefined) return {};
  if (error instanceof GaveUp) return causeOf(error.cause);
  if (error instanceof JobFilesLost) return { reason: error.message };
  if (error instanceof FolderUnusable) return { reason: error.reason };
  if (error instanceof AdapterError) return { error };
  const code = errorCode(error);
  return code === undefined ? { error: new InternalError('unforeseen error', error) } : { reason: code };
}
