import { Readable } from 'node:stream';
import { expect } from 'chai';
import { INTERRUPTED } from '../../../src/cli/filematch/exit-codes.js';
import { workThrough, type FileWork } from '../../../src/cli/filematch/work-through.js';
import { CommandFailed } from '../../../src/cli/report.js';
import {
  FileTooLarge,
  type Acceptance,
  type DeliveredFile,
  type JobView,
} from '../../../src/legacy/filematch/jobs/filematch-jobs.js';
import { someView, viewAt } from '../../support/filematch-job-view.js';
import { rejectionOf } from '../../support/rejection.js';

const file: DeliveredFile = {
  clientId: 'epj-sandbox',
  door: 'command-line',
  fileName: 'people.csv',
  mode: 'V',
  customerRef: '',
  remoteAddress: 'localhost',
  directory: '/out',
  forced: false,
};

const ID = someView().job.id;

/** An engine that answers so, and remembers what it was asked. */
function work(acceptance: Acceptance, earlier?: JobView) {
  const asked: unknown[] = [];
  const told: string[] = [];
  const fileWork: FileWork = {
    jobs: {
      accept: () => Promise.resolve(acceptance),
      job: (id, clientId) => {
        asked.push([id, clientId]);
        return earlier;
      },
      finish: (id, _signal, onProgress) => {
        asked.push(`finish ${id}`);
        onProgress(viewAt(500));
        return Promise.resolve(someView({ state: 'COMPLETED' }));
      },
    },
    file,
    content: Readable.from([]),
    signal: new AbortController().signal,
    onTakenUp: ({ job }) => told.push(`taken up ${job.id}`),
    onProgress: ({ job }) => told.push(`${job.checkpoint.rows} rows`),
  };
  return { fileWork, asked, told };
}

describe('working through a file', () => {
  it('takes it in and finishes its job', async () => {
    const { fileWork, asked, told } = work({ outcome: 'accepted', job: someView({ state: 'RECEIVED' }) });
    expect((await workThrough(fileWork)).job.state).to.equal('COMPLETED');
    expect(asked).to.deep.equal([`finish ${ID}`]);
    expect(told).to.deep.equal(['0 rows', '500 rows']);
  });

  it('goes on with the unfinished job of the same file', async () => {
    const { fileWork, asked, told } = work({ outcome: 'processed-before', jobId: ID }, viewAt(400));
    expect((await workThrough(fileWork)).job.state).to.equal('COMPLETED');
    expect(asked).to.deep.equal([[ID, 'epj-sandbox'], `finish ${ID}`]);
    expect(told).to.deep.equal([`taken up ${ID}`, '500 rows']);
  });

  for (const [what, earlier, sentence] of [
    [
      'was processed before',
      someView({ state: 'COMPLETED' }),
      /processed before, as job \w{26} \(E012\).*--force/,
    ],
    ['was processed by a job that is gone', undefined, /processed before/],
    ['is processed by the server', someView({ door: 'folder' }), /being processed.*came by folder/],
  ] as const) {
    it(`refuses a file that ${what}`, async () => {
      const { fileWork, asked } = work({ outcome: 'processed-before', jobId: ID }, earlier);
      const error = await rejectionOf(workThrough(fileWork));
      expect(error).to.be.instanceOf(CommandFailed).and.to.have.property('exitCode', 1);
      expect(String(error)).to.match(sentence);
      expect(asked).to.deep.equal([[ID, 'epj-sandbox']]);
    });
  }

  it('says how large a file may be', async () => {
    const { fileWork } = work({ outcome: 'processed-before', jobId: ID });
    const jobs = { ...fileWork.jobs, accept: () => Promise.reject(new FileTooLarge(1_048_576)) };
    expect(await rejectionOf(workThrough({ ...fileWork, jobs })))
      .to.be.instanceOf(CommandFailed)
      .and.to.have.property('message', 'The file has more than 1 048 576 octets (filematch.maxFileBytes).');
  });

  it('says that nothing was done when it is interrupted while the file comes in, and passes other trouble on', async () => {
    const interrupted = new AbortController();
    const { fileWork } = work({ outcome: 'processed-before', jobId: ID });
    const failing: FileWork = {
      ...fileWork,
      signal: interrupted.signal,
      jobs: { ...fileWork.jobs, accept: () => Promise.reject(new Error('no room')) },
    };
    expect(await rejectionOf(workThrough(failing))).to.have.property('message', 'no room');
    interrupted.abort();
    const error = await rejectionOf(workThrough(failing));
    expect(error).to.be.instanceOf(CommandFailed).and.to.have.property('exitCode', INTERRUPTED);
  });
});
