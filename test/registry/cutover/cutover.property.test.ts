import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { AdapterError, InvalidQuery, UpstreamUnavailable } from '../../../src/errors/errors.js';
import type { NationalId } from '../../../src/person/national-id.js';
import type { CutoverSettings } from '../../../src/registry/cutover/cutover.js';
import { answeringSource, otherSource, routes, sources } from '../../../src/registry/cutover/route.js';
import { cutoverWorld, difference, knowingCaller, usualSettings } from '../../support/cutover-world.js';
import { runs } from '../../support/long-runs.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

/** What may happen between questions, and to them. */
const steps = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('ask' as const), people: fc.integer({ min: 1, max: 5 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('turn' as const), milliseconds: fc.constantFrom(0, 5, 20_000) }),
  },
  fc.record({
    kind: fc.constant('reload' as const),
    route: fc.constantFrom(...routes),
    percent: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
    fallback: fc.constantFrom('none', 'to-preg', 'to-persontjenesten', 'both'),
  }),
  fc.record({ kind: fc.constant('set' as const), route: fc.constantFrom(...routes) }),
  fc.record({ kind: fc.constant('clear' as const) }),
  fc.record({
    kind: fc.constant('register' as const),
    source: fc.constantFrom(...sources),
    state: fc.constantFrom('well', 'slow', 'down', 'refusing'),
  }),
  fc.record({ kind: fc.constant('differ' as const), how: fc.constantFrom('not', 'unexplained', 'identity') }),
  fc.record({ kind: fc.constant('store' as const), isWell: fc.boolean() }),
);

describe('a cutover in which anything happens', () => {
  it('answers every question once, from a register that its route allows, and forgets none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 5, maxLength: 60 }), async (script) => {
        const world = cutoverWorld({
          routes: [{ route: 'preg' }],
          guard: { ...usualSettings.guard, minimumAnswers: 5 },
        });
        const { cutover, registers, clock, standing, trouble } = world;
        const fallbacks = new Set<CutoverSettings['fallback']>(['none']);
        const asked: Promise<PromiseSettledResult<void>[]>[] = [];
        let index = 0;
        const ask = async (ids: readonly NationalId[]): Promise<void> => {
          const { caller, answeredBy } = knowingCaller({
            deadline: new Date(clock.now().getTime() + 30_000),
          });
          try {
            const answers = await cutover.registry.lookupMany({ ids }, caller);
            expect([...answers.keys()]).to.deep.equal(ids);
            const told = [...answers.values()].map((answer) =>
              answer.outcome === 'found' ? answer.person.sn : undefined,
            );
            const names = new Set(answeredBy.map(({ source }) => (source === 'preg' ? 'GAMMEL' : 'NY')));
            expect(new Set(told)).to.deep.equal(names);
          } catch (error) {
            const known = ['upstream-unavailable', 'upstream-timeout', 'invalid-query'];
            if (!(error instanceof AdapterError && known.includes(error.code))) throw error;
          }
          for (const { route, source } of answeredBy) {
            const own = answeringSource(route);
            const isAllowed =
              source === own || fallbacks.has('both') || fallbacks.has(`to-${otherSource(own)}`);
            expect(isAllowed, `${route} by ${source}`).to.equal(true);
          }
        };
        for (const step of script) {
          switch (step.kind) {
            case 'ask':
              asked.push(
                Promise.allSettled([
                  ask(Array.from({ length: step.people }, () => syntheticNumber(index++))),
                ]),
              );
              break;
            case 'turn':
              await clock.advance(step.milliseconds);
              break;
            case 'reload':
              fallbacks.add(step.fallback);
              cutover.reconfigure({
                ...usualSettings,
                routes: [
                  { route: step.route, percent: step.percent },
                  { protocol: 'hl7v3', route: 'shadow-preg', percent: 50 },
                ],
                fallback: step.fallback,
              });
              break;
            case 'set':
              standing.set({ clientId: 'epj', route: step.route, setBy: 'operator', at: clock.now() });
              break;
            case 'clear':
              standing.clear({ clientId: 'epj' });
              break;
            case 'register':
              registers[step.source].before = () => {
                if (step.state === 'slow') return clock.sleep(40_000);
                if (step.state === 'down') return Promise.reject(new UpstreamUnavailable('down'));
                if (step.state === 'refusing') return Promise.reject(new InvalidQuery('on', 'is past'));
                return undefined;
              };
              break;
            case 'differ':
              world.compare = () =>
                step.how === 'not' ? [] : [difference({ isIdentity: step.how === 'identity' })];
              break;
            case 'store':
              trouble.comparisons = step.isWell ? undefined : new Error('full');
              break;
          }
          await setImmediate();
        }
        for (let turn = 0; turn < 10; turn += 1) await clock.advance(20_000);
        for (const result of (await Promise.all(asked)).flat()) {
          if (result.status === 'rejected') throw result.reason;
        }
        await world.stop();
        expect(clock.sleeping).to.equal(0);
        const held = standing.all().filter(({ setBy }) => setBy === 'guard');
        expect(held.length).to.be.at.most(1);
        expect(world.events.of.comparisonFailed).to.deep.equal([]);
      }),
      { numRuns: runs(60) },
    );
  });
});
