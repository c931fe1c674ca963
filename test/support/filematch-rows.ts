import type { InputRow } from '../../src/legacy/filematch/record.js';

/** A row of which nothing but its key is told, and what is told besides. */
export function inputRow(told: Partial<InputRow> = {}): InputRow {
  return {
    number: 1,
    line: 1,
    ownRef: 'PAS-000001',
    nin: '',
    dateOfBirth: null,
    surname: '',
    givenName: '',
    middleName: '',
    street: '',
    postalCode: '',
    municipality: '',
    sex: '',
    problem: null,
    ...told,
  };
}
