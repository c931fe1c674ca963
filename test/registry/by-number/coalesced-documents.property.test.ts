import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { AdapterError, UpstreamUnavailable } from '../../../src/errors/errors.js';
import { memberOf, textOf, type JsonObject } from '../../../src/mapping/json.js';
import type { NationalId } from '../../../src/person/national-id.js';
import { apiVersions } from '../../../src/registry/persontjenesten/api-version.js';
import { CoalescedDocuments } from '../../../src/registry/persontjenesten/by-number/coalesced-documents.js';
import type { DocumentCalls } from '../../../src/registry/persontjenesten/by-number/person-documents.js';
import { UpstreamDocuments } from '../../../src/registry/persontjenesten/by-number/upstream-documents.js';
import { PersontjenestenClient } from '../../../src/registry/persontjenesten/client.js';
import { CountedRandom } from '../../support/counted-random.js';
import { runs } from '../../support/long-runs.js';
import { RecordedEvents } from '../../support/recorded-events.js';
import { StandingClock } from '../../support/standing-clock.js';
import { syntheticNumber } from '../../support/synthetic-number.js';
import { Turns } from '../../support/turns.js';
import { caller } from '../registry-bench.js';
import { Asked, correlationIdOf } from './coalescing-bench.js';
import { PeopleUpstream, personIdOf, type Fate } from './people-upstream.js';

const calls: DocumentCalls = [
  { informationParts: ['Name', 'NorwegianIdentificationNumber'], includeHistory: false },
  { informationParts: ['NorwegianIdentificationNumber'], includeHistory: true },
];

const organisations = ['310000027', '310000035', '310000043'] as const;
/** For this one every call fails. */
const DOWN = '310000043';
const PEOPLE = 12;

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      person: fc.nat(PEOPLE - 1),
      organisation: fc.constantFrom(...organisations),
      access: fc.constantFrom('full' as const, 'restricted' as const),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('turn' as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('end' as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('leave' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), milliseconds: fc.nat(700) }) },
);

const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Fate>('known') },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Fate>('superseded', 'unknown', 'another-person', 'no-document', 'refused'),
  },
);

interface Question {
  readonly asked: Asked;
  readonly nin: NationalId;
  readonly isDown: boolean;
  readonly fate: Fate;
  readonly controller: AbortController;
  /** Whether the caller left before there was an answer. */
  left: boolean;
}

/** What asking alone would end with. */
function aloneOf({ nin, isDown, fate: met }: Question): string {
  if (isDown) return 'upstream-unavailable';
  switch (met) {
    case 'known':
    case 'superseded':
      return personIdOf(nin);
    case 'unknown':
      return 'nobody';
    case 'another-person':
    case 'no-document':
      return 'upstream-invalid-answer';
    case 'refused':
      return 'upstream-rejected';
  }
}

function endingOf({ asked: { ending } }: Question): string {
  if (ending === undefined) return 'nothing';
  if ('error' in ending) return ending.error instanceof AdapterError ? ending.error.code : 'foreign error';
  return ending.document === undefined ? 'nobody' : idOf(ending.document);
}

function idOf(document: JsonObject): string {
  return textOf(memberOf(document, 'id')) ?? 'no id';
}

describe('coalesced lookups, however they arrive and whatever comes back', () => {
  it('end as each would have ended alone', async () => {
    const scenario = fc.record({
      fates: fc.array(fate, { minLength: PEOPLE, maxLength: PEOPLE }),
      steps: fc.array(step, { minLength: 1, maxLength: 80 }),
      omitted: fc.nat(6),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ fates, steps, omitted }) => {
        const turns = new Turns();
        const clock = new StandingClock('2025-03-01T12:00:00Z');
        const events = new RecordedEvents();
        const down = { organisation: DOWN, error: new UpstreamUnavailable('status 503') };
        const upstream = new PeopleUpstream(
          fates,
          down,
          (nin, call) => omitted > 0 && (Number(nin.slice(6)) + call) % 6 < omitted - 1,
        );
        const documents = new CoalescedDocuments({
          upstream: new UpstreamDocuments(new PersontjenestenClient(upstream, apiVersions[3])),
          maxWaitMilliseconds: 50,
          random: new CountedRandom(),
          events,
          clock,
          turn: turns.turn,
        });
        const questions: Question[] = [];
        for (const next of steps) {
          if (next.kind === 'turn') await turns.pass();
          else if (next.kind === 'wait') await clock.advance(next.milliseconds);
          else if (next.kind === 'end') {
            if (upstream.pending > 0) await upstream.end(next.which);
          } else if (next.kind === 'leave') {
            const leaving = questions[next.which % Math.max(questions.length, 1)];
            if (leaving !== undefined && !leaving.left && leaving.asked.ending === undefined) {
              leaving.left = true;
              leaving.controller.abort();
              await setImmediate();
            }
          } else {
            const controller = new AbortController();
            const nin = syntheticNumber(next.person);
            const asking = caller({
              access: next.access,
              organisation: { parent: next.organisation },
              correlationId: correlationIdOf(questions.length),
              signal: controller.signal,
            });
            questions.push({
              asked: new Asked(documents.one(nin, calls, asking)),
              nin,
              isDown: next.organisation === DOWN,
              fate: fates[next.person] ?? 'unknown',
              controller,
              left: false,
            });
          }
        }
        for (let round = 0; turns.waiting > 0 || upstream.pending > 0; round += 1) {
          if (round > 2_000) throw new Error('it never comes to an end');
          await turns.pass();
          while (upstream.pending > 0) await upstream.end(round);
        }
        await setImmediate();
        const expected = questions.map((one) => (one.left ? 'upstream-timeout' : aloneOf(one)));
        const got = questions.map(endingOf);
        if (JSON.stringify(got) !== JSON.stringify(expected)) {
          throw new Error(`expected ${expected.join(', ')}; got ${got.join(', ')}`);
        }
        for (const { form } of upstream.requests) {
          const numbers = form.map(([, value]) => value);
          if (new Set(numbers).size < numbers.length) throw new Error('a number stands twice in one call');
        }
      }),
      { numRuns: runs(300) },
    );
  });
});
