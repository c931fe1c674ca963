import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { z } from 'zod';
import { packageRoot } from '../../src/config/package-root.js';
import { canRun } from '../legacy/hl7v3/schema/places.js';
import { HL7V3_PATH } from '../support/get-demographics-request.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';

/** Debian's own, which has python3-zeep. */
const PYTHON = '/usr/bin/python3';
const RESIDENT = '11868426235';

const answerSchema = z.strictObject({
  operation: z.string(),
  interaction: z.string(),
  acknowledgement: z.string(),
  target: z.string(),
  response: z.string().nullable(),
  total: z.number().nullable(),
  numbers: z.array(z.string()),
  born: z.array(z.string()),
  linked: z.array(z.string()),
});
type Answer = z.output<typeof answerSchema>;

describe('zeep on all six operations', function () {
  this.timeout(60_000);
  let adapter: SandboxedAdapter | undefined;
  let answers: readonly Answer[] = [];
  let number = '';

  before(async function () {
    if (!canRun(PYTHON, '-c', 'import zeep')) this.skip();
    adapter = await startSandboxedAdapter();
    const { stdout } = await promisify(execFile)(PYTHON, [
      join(packageRoot(), 'test', 'interop', 'zeep_operations.py'),
      `${adapter.legacyUrl}${HL7V3_PATH}?wsdl`,
      adapter.certificateFile,
      'epj-sandbox',
      'epj-sandbox',
      RESIDENT,
    ]);
    answers = stdout
      .trim()
      .split('\n')
      .map((line) => answerSchema.parse(JSON.parse(line)));
    number = answers[0]?.numbers[0] ?? '';
  });

  after(async () => {
    await adapter?.stop();
  });

  const registration = { acknowledgement: 'AA', response: null, total: null, linked: [] };
  const own = { response: 'OK', total: 1, acknowledgement: 'AA', linked: [] };
  const reply = (type: string): Pick<Answer, 'interaction'> => ({ interaction: type });
  const expectations: readonly [what: string, expected: () => Omit<Answer, 'target'>][] = [
    [
      'gets a number for a person',
      () => ({
        ...{ operation: 'AddPerson', ...reply('PRPA_IN101319NO01'), ...registration },
        ...{ numbers: [number], born: ['19900210'] },
      }),
    ],
    [
      'reads the person back by the number',
      () => ({
        ...{ operation: 'GetDemographics', ...reply('PRPA_IN101308NO01'), ...own },
        ...{ numbers: [number], born: ['19900210'] },
      }),
    ],
    [
      'finds the person by name and birth date',
      () => ({
        ...{ operation: 'FindCandidates', ...reply('PRPA_IN101306NO01'), ...own },
        ...{ numbers: [number], born: ['19900210'] },
      }),
    ],
    [
      'corrects the birth date',
      () => ({
        ...{ operation: 'RevisePersonRecord', ...reply('PRPA_IN101319NO01'), ...registration },
        ...{ numbers: [number], born: ['19900211'] },
      }),
    ],
    [
      'links the number to a resident',
      () => ({
        ...{ operation: 'LinkPersonRecords', ...reply('MCAI_IN000004NO01'), ...registration },
        ...{ numbers: [], born: [] },
      }),
    ],
    [
      'is told the resident when asking by the linked number',
      () => ({
        ...{ operation: 'GetDemographics', ...reply('PRPA_IN101308NO01'), ...own },
        ...{ numbers: [RESIDENT], born: ['19840611'], linked: [number] },
      }),
    ],
    [
      'undoes the link',
      () => ({
        ...{ operation: 'UnlinkPersonRecords', ...reply('MCAI_IN000004NO01'), ...registration },
        ...{ numbers: [], born: [] },
      }),
    ],
    [
      'is told the person of the help number again',
      () => ({
        ...{ operation: 'GetDemographics', ...reply('PRPA_IN101308NO01'), ...own },
        ...{ numbers: [number], born: ['19900211'] },
      }),
    ],
  ];

  expectations.forEach(([what, expected], index) => {
    it(what, () => {
      expect(answers[index]).to.deep.equal({ ...expected(), target: `zeep-${index + 1}` });
    });
  });

  it('got a number out of the series of the sandbox', () => {
    expect(number).to.match(/^80000\d{6}$/);
  });
});
