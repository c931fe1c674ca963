import { AdapterError } from '../../errors/errors.js';
import type { Acknowledgement, Hl7Error } from './hl7-error.js';
import type { Refusal } from './operation.js';

/**
 * A message, or something in it, that cannot be taken as it stands: by itself a mistake of the one who asks (`AE`), or a
 * message that is not for us or that cannot be read (`AR`). `error` holds no data of persons.
 */
export class RefusedMessage extends AdapterError implements Refusal {
  readonly code: 'invalid-query' | 'malformed-request';

  constructor(
    readonly error: Hl7Error,
    readonly acknowledgement: Exclude<Acknowledgement, 'AA'> = 'AE',
  ) {
    super(error.text);
    this.code = acknowledgement === 'AE' ? 'invalid-query' : 'malformed-request';
  }
}
