import { expect } from 'chai';
import { InternalError } from '../../../../src/errors/errors.js';
import { jobOf } from '../../../../src/legacy/filematch/jobs/job-record.js';

describe('the record of a job', () => {
  it('is said not to open when the store cannot open it, and why', () => {
    const cause = new Error('a value is sealed with the key "old", which is not configured');
    const sealed = {
      get record(): string {
        throw cause;
      },
    };
    expect(() => jobOf(sealed))
      .to.throw(InternalError, 'cannot be opened')
      .with.property('cause', cause);
  });

  for (const record of ['', '{', 'null', '{}', '{"fileName":"secret.txt"}']) {
    it(`is said not to be readable, without quoting it: ${record}`, () => {
      expect(() => jobOf({ record }))
        .to.throw(InternalError)
        .with.property('message', 'a job in the store cannot be read');
    });
  }
});
