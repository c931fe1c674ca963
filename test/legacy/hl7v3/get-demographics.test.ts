import { expect } from 'chai';
import { MalformedRequest, UpstreamUnavailable } from '../../../src/errors/errors.js';
import { GetDemographics } from '../../../src/legacy/hl7v3/get-demographics.js';
import { answerMessage } from '../../../src/legacy/hl7v3/message.js';
import { PersonRenderer } from '../../../src/legacy/hl7v3/person.js';
import { hl7v3Operations } from '../../../src/contract/hl7v3/operations.js';
import type { ProcessingMode } from '../../../src/legacy/hl7v3/acceptance.js';
import type { SoapAnswer, SoapCall } from '../../../src/legacy/soap/soap-service.js';
import type { NationalId } from '../../../src/person/national-id.js';
import type { PregPerson } from '../../../src/person/preg-person.js';
import type { PersonRegistry } from '../../../src/registry/person-registry.js';
import { newCorrelationId } from '../../../src/runtime/correlation.js';
import { CountedRandom } from '../../support/counted-random.js';
import { all, codes, controlActFor, requestBody, reread, the, writer } from '../../support/hl7v3-message.js';
import { ManualClock } from '../../support/manual-clock.js';
import { pregPerson } from '../../support/preg-person.js';
import { rejectionOf } from '../../support/rejection.js';
import { syntheticNumber } from '../../support/synthetic-number.js';
import { noQuirks } from '../../support/quirks.js';
import { registryStub } from '../../support/registry-stub.js';
import { writtenName } from '../../support/written.js';

const [, operation] = hl7v3Operations;
const A = syntheticNumber();
const B = syntheticNumber(1);

interface Outcome {
  /** `acknowledgement queryResponse detail`. */
  readonly ending: string;
  readonly told: string | undefined;
  readonly answer: SoapAnswer;
  /** Numbers that the registry was asked for. */
  readonly asked: readonly NationalId[];
  /** What the audit trail was told, last. */
  readonly subjects: readonly NationalId[] | undefined;
  readonly requester: string | undefined;
}

interface Setting {
  /** Whom each number belongs to; nobody when it is left out. */
  readonly people?: ReadonlyMap<string, PregPerson>;
  readonly mode?: ProcessingMode;
  readonly lookup?: PersonRegistry['lookup'];
}

/** One person, known by A and B. */
const known = new Map([A, B].map((nin) => [nin as string, pregPerson({ nin: A })]));

async function ask(content: string, setting: Setting = {}): Promise<Outcome> {
  const asked: NationalId[] = [];
  const described: { subjects: readonly NationalId[]; requester: string | undefined }[] = [];
  const registry = registryStub({
    lookup: ({ id }, caller) => {
      asked.push(id);
      if (setting.lookup !== undefined) return setting.lookup({ id }, caller);
      const person = (setting.people ?? known).get(id);
      return Promise.resolve(
        person === undefined ? { outcome: 'not-found' } : { outcome: 'found', person, lineage: new Map() },
      );
    },
  });
  const random = new CountedRandom();
  const client = {
    id: 'epj',
    protocols: new Set(['hl7v3'] as const),
    organisation: { parent: '999999999' },
    access: 'full' as const,
    visible: new Set([]),
    quirks: noQuirks,
  };
  const clock = new ManualClock('2025-01-15T10:30:00Z');
  const handler = new GetDemographics(registry, new PersonRenderer(codes));
  const call: SoapCall = {
    client,
    caller: {
      ...client,
      clientId: client.id,
      correlationId: newCorrelationId(random),
      signal: new AbortController().signal,
    },
    receivedAt: clock.now(),
    describe: (subjects, detail) => {
      described.push({ subjects, requester: detail?.requester });
    },
    bodyText: () => '',
    replyLength: () => 0,
  };
  const parts = { writer, processingMode: setting.mode ?? 'any', clock, random };
  const answer = await answerMessage(requestBody(content), call, operation, handler, parts);
  const body = reread(answer.body);
  const codeOf = (name: string): readonly string[] =>
    all(body, name).map((element) => element.attributes.get('code') ?? '');
  const detail = all(body, 'acknowledgementDetail').map((element) =>
    the(element, 'code').attributes.get('code'),
  );
  return {
    ending: [
      the(body, 'acknowledgement').attributes.get('typeCode'),
      ...codeOf('queryResponseCode'),
      ...detail,
    ].join(' '),
    told: all(body, 'identifiedPerson')[0]?.children[0]?.attributes.get('extension'),
    answer,
    asked,
    subjects: described.at(-1)?.subjects,
    requester: described.at(-1)?.requester,
  };
}

describe('GetDemographics', () => {
  it('tells the person of a number', async () => {
    const { ending, told, asked, answer, subjects } = await ask(controlActFor(A));
    expect({ ending, told, asked, subjects }).to.deep.equal({
      ending: 'AA OK',
      told: A,
      asked: [A],
      subjects: [A],
    });
    expect([answer.outcome, writtenName(answer.body)]).to.deep.equal(['found', 't:GetDemographicsResponse']);
  });

  it('says NF when nobody has the number', async () => {
    const { ending, told, answer, subjects } = await ask(controlActFor(syntheticNumber(9)));
    expect([ending, told, answer.outcome]).to.deep.equal(['AA NF', undefined, 'not-found']);
    expect(subjects).to.deep.equal([syntheticNumber(9)]);
  });

  for (const [what, content, detail] of [
    ['no control act', '', 'SYN105'],
    ['no parameter', '<controlActProcess/>', 'SYN105'],
    ['no identifier', controlActFor(), 'SYN105'],
    ['an empty number', controlActFor(''), 'SYN105'],
    ['ten digits', controlActFor(A.slice(1)), 'SYN102'],
    ['thirteen digits', controlActFor(`${A}12`), 'SYN102'],
    ['letters', controlActFor('ABCDEFGHIJK'), 'SYN102'],
    ['a blank before the number', controlActFor(` ${A}`), 'SYN102'],
    ['a good number and a malformed one', controlActFor(A, '1'), 'SYN102'],
    ['a good number and an empty one', controlActFor(A, ''), 'SYN102'],
    [
      'eleven numbers',
      controlActFor(...Array.from({ length: 11 }, (_, index) => syntheticNumber(index))),
      'SYN108',
    ],
  ] as const) {
    it(`says QE with ${detail} for ${what}, and asks nobody`, async () => {
      const { ending, asked, answer, subjects } = await ask(content);
      expect([ending, asked, answer.outcome]).to.deep.equal([`AE QE ${detail}`, [], 'invalid-query']);
      expect(subjects).to.deep.equal([]);
    });
  }

  it('looks several numbers up, each once, and tells the person they all belong to', async () => {
    const { ending, told, asked } = await ask(controlActFor(B, A, B));
    expect([ending, told, asked]).to.deep.equal(['AA OK', A, [B, A]]);
  });

  it('takes ten numbers of one person', async () => {
    const numbers = Array.from({ length: 10 }, (_, index) => syntheticNumber(index));
    const people = new Map(numbers.map((nin) => [nin as string, pregPerson({ nin: A })]));
    expect((await ask(controlActFor(...numbers), { people })).ending).to.equal('AA OK');
  });

  it('says QE when numbers belong to different persons, or one to nobody', async () => {
    const people = new Map([A, B].map((nin) => [nin as string, pregPerson({ nin })]));
    for (const second of [B, syntheticNumber(9)]) {
      const { ending, told } = await ask(controlActFor(A, second), { people });
      expect([ending, told]).to.deep.equal(['AE QE SYN102', undefined]);
    }
  });

  it('says NF when nobody has any of the numbers', async () => {
    expect((await ask(controlActFor(syntheticNumber(8), syntheticNumber(9)))).ending).to.equal('AA NF');
  });

  for (const [what, wrapper, detail] of [
    ['another processing mode', '<processingCode code="T"/>', 'NS202'],
    ['another version', '<versionCode code="X"/>', 'NS203'],
    ['another interaction', '<interactionId extension="PRPA_IN101305NO01"/>', 'NS200'],
  ] as const) {
    it(`rejects a message of ${what}, and asks nobody`, async () => {
      const { ending, asked, answer } = await ask(wrapper + controlActFor(A), { mode: 'P' });
      expect([ending, asked, answer.outcome]).to.deep.equal([`AR AE ${detail}`, [], 'invalid-query']);
    });
  }

  it('tells the audit trail who asks, refused or not', async () => {
    const author =
      '<authorOrPerformer><assignedPerson><id root="9" extension="me"/></assignedPerson></authorOrPerformer>';
    const content = controlActFor(A).replace('<queryByParameter>', `${author}<queryByParameter>`);
    expect((await ask(content)).requester).to.equal('9^me');
    expect((await ask(`<controlActProcess>${author}</controlActProcess>`)).requester).to.equal('9^me');
    expect((await ask(controlActFor(A))).requester).to.equal(undefined);
  });

  it('lets trouble through as it is', async () => {
    const trouble = new UpstreamUnavailable('down');
    const lookup = (): Promise<never> => Promise.reject(trouble);
    expect(await rejectionOf(ask(controlActFor(A), { lookup }))).to.equal(trouble);
  });

  it('is malformed with two messages in it', async () => {
    expect(await rejectionOf(ask('</t:query><t:query>'))).to.be.instanceOf(MalformedRequest);
  });
});
