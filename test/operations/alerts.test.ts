import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/config/package-root.js';
import { UpstreamUnavailable } from '../../src/errors/errors.js';
import { alertLines } from '../../src/operations/alert-lines.js';
import { Alerts } from '../../src/operations/alerts.js';
import { checkHints } from '../../src/operations/check-hints.js';
import { createHealth, type CheckResult } from '../../src/operations/health.js';
import { silentLogger } from '../../src/operations/logger.js';
import { newCorrelationId } from '../../src/runtime/correlation.js';
import { CountedRandom } from '../support/counted-random.js';
import { ManualClock } from '../support/manual-clock.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { StandingClock } from '../support/standing-clock.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const failedStore: CheckResult = { status: 'failed', reason: 'the disk is full' };
const warned: CheckResult = { status: 'warning', reason: 'slow' };
const warnedOf = (...causes: readonly string[]): CheckResult => ({
  status: 'warning',
  reason: 'slow',
  causes,
});
const well: CheckResult = { status: 'ok' };

/** Alerts over a check `store` and what else is registered, looked at every five seconds. */
function watched(): {
  /** Has the store be like that for so long. */
  readonly be: (result: CheckResult, milliseconds: number) => void;
  /** Sets the clock of the machine. */
  readonly setClock: (milliseconds: number) => void;
  /** What was told so far, and is then forgotten. */
  readonly told: () => readonly unknown[];
} {
  const clock = new ManualClock();
  const health = createHealth(silentLogger);
  let result = well;
  health.register('store', () => result);
  health.register('clock', () => well);
  const events = new RecordedEvents();
  const alerts = new Alerts({ health, events, clock });
  return {
    be: (next, milliseconds) => {
      result = next;
      for (let passed = 0; passed < milliseconds; passed += 5 * SECOND) {
        alerts.look();
        clock.advance(5 * SECOND);
      }
    },
    setClock: (milliseconds) => {
      clock.advance(milliseconds);
    },
    told: () => [
      ...events.of.troubleBegan
        .splice(0)
        .map(({ check, cause, status }) => [check, cause ?? [], status].flat().join(' ')),
      ...events.of.troubleEnded
        .splice(0)
        .map(({ check, cause, seconds }) => [check, cause ?? [], `ended after ${seconds}`].flat().join(' ')),
    ],
  };
}

describe('alerts', () => {
  it('tell once that trouble has begun, with what it is and what to do, and once that it is over', () => {
    const clock = new ManualClock();
    const events = new RecordedEvents();
    const health = createHealth(silentLogger);
    let result = failedStore;
    health.register('store', () => result);
    const alerts = new Alerts({ health, events, clock });
    for (let times = 0; times < 10; times += 1) alerts.look();
    expect(events.of.troubleBegan).to.deep.equal([
      {
        check: 'store',
        cause: undefined,
        status: 'failed',
        reason: 'the disk is full',
        hint: checkHints['store'],
      },
    ]);
    clock.advance(30 * SECOND);
    result = well;
    alerts.look();
    expect(events.of.troubleEnded).to.deep.equal([]);
    clock.advance(MINUTE);
    for (let times = 0; times < 10; times += 1) alerts.look();
    expect(events.of.troubleEnded).to.deep.equal([{ check: 'store', cause: undefined, seconds: 30 }]);
    expect(events.of.troubleBegan).to.have.length(1);
  });

  it('say nothing of what is well', () => {
    const { be, told } = watched();
    be(well, 10 * MINUTE);
    expect(told()).to.deep.equal([]);
  });

  it('tell at once what becomes worse, and after a minute what becomes better', () => {
    const { be, told } = watched();
    be(warned, MINUTE);
    be(failedStore, 5 * SECOND);
    expect(told()).to.deep.equal(['store warning', 'store failed']);
    // Told twice within an hour, it has to hold for two minutes.
    be(warned, 115 * SECOND);
    expect(told()).to.deep.equal([]);
    be(warned, 15 * SECOND);
    expect(told()).to.deep.equal(['store warning']);
  });

  it('take for one trouble what comes and goes', () => {
    const { be, told } = watched();
    for (let times = 0; times < 50; times += 1) {
      be(failedStore, 20 * SECOND);
      be(well, 40 * SECOND);
    }
    expect(told()).to.deep.equal(['store failed']);
  });

  it('hold for longer what comes again within an hour, up to a quarter of one', () => {
    const { be, told } = watched();
    be(failedStore, MINUTE);
    be(well, 70 * SECOND);
    expect(told()).to.deep.equal(['store failed', 'store ended after 60']);
    be(failedStore, MINUTE);
    be(well, 110 * SECOND);
    expect(told()).to.deep.equal(['store failed']);
    be(well, 20 * SECOND);
    expect(told()).to.deep.equal(['store ended after 60']);
    for (let times = 0; times < 4; times += 1) {
      be(failedStore, 5 * SECOND);
      be(well, 15 * MINUTE + 10 * SECOND);
    }
    expect(told().filter((one) => String(one).includes('ended'))).to.have.length(4);
  });

  it('forget after an hour that something came and went', () => {
    const { be, told } = watched();
    for (let times = 0; times < 3; times += 1) {
      be(failedStore, MINUTE);
      be(well, 2 * 60 * MINUTE);
      expect(told()).to.deep.equal(['store failed', 'store ended after 60']);
    }
    be(failedStore, MINUTE);
    be(well, 70 * SECOND);
    expect(told()).to.deep.equal(['store failed', 'store ended after 60']);
  });

  it('tell of each cause of a check for itself, so that one that lasts hides no other', () => {
    const { be, told } = watched();
    be(warnedOf('a'), 24 * 60 * MINUTE);
    expect(told()).to.deep.equal(['store a warning']);
    be(warnedOf('a', 'b'), MINUTE);
    expect(told()).to.deep.equal(['store b warning']);
    be(warnedOf('b', 'c'), 70 * SECOND);
    expect(told()).to.deep.equal(['store c warning', `store a ended after ${24 * 60 * 60 + 60}`]);
    be(well, 70 * SECOND);
    expect(told()).to.deep.equal(['store b ended after 130', 'store c ended after 70']);
    be(well, 60 * MINUTE);
    expect(told()).to.deep.equal([]);
  });

  it('take for one trouble a cause that comes and goes, while another one lasts', () => {
    const { be, told } = watched();
    be(warnedOf('a'), MINUTE);
    for (let times = 0; times < 50; times += 1) {
      be(warnedOf('a', 'b'), 20 * SECOND);
      be(warnedOf('a'), 40 * SECOND);
    }
    expect(told()).to.deep.equal(['store a warning', 'store b warning']);
  });

  it('tell each cause when all of the check becomes worse', () => {
    const { be, told } = watched();
    be(warnedOf('a'), MINUTE);
    be({ status: 'failed', reason: 'none is left', causes: ['a', 'b'] }, MINUTE);
    expect(told()).to.deep.equal(['store a warning', 'store a failed', 'store b failed']);
  });

  it('do not take what a check cannot say for an end', () => {
    const { be, told } = watched();
    be(warnedOf('a'), MINUTE);
    be({ status: 'warning', reason: 'cannot be read' }, 60 * MINUTE);
    expect(told()).to.deep.equal(['store a warning', 'store warning']);
    be(warnedOf('a'), 70 * SECOND);
    expect(told()).to.deep.equal(['store ended after 3600']);
    be(well, 70 * SECOND);
    expect(told()).to.deep.equal(['store a ended after 3730']);
  });

  it('tell no more than a thousand causes of one check apart', () => {
    const { be, told } = watched();
    const many = Array.from({ length: 1_100 }, (_, number) => `cause ${number}`);
    be(warnedOf(...many), 10 * SECOND);
    expect(told()).to.have.length(1_000);
    be(well, 70 * SECOND);
    expect(told()).to.have.length(1_000);
    be(well, 60 * MINUTE);
    be(warnedOf('another one'), 10 * SECOND);
    expect(told(), 'room is made again').to.deep.equal(['store another one warning']);
  });

  it('tell an end on time, and a true length, when the clock was set back', () => {
    const { be, setClock, told } = watched();
    be(failedStore, MINUTE);
    setClock(-60 * MINUTE);
    be(failedStore, MINUTE);
    be(well, 30 * SECOND);
    setClock(-60 * MINUTE);
    be(well, 40 * SECOND);
    // The five seconds between the last look and the setting were not seen.
    expect(told()).to.deep.equal(['store failed', 'store ended after 115']);
  });

  it('look every five seconds until they are stopped, and first when things have had time to be well', async () => {
    const clock = new StandingClock('2026-03-01T12:00:00Z');
    const events = new RecordedEvents();
    const health = createHealth(silentLogger);
    let looks = 0;
    health.register('store', () => {
      looks += 1;
      return well;
    });
    const stopping = new AbortController();
    const running = new Alerts({ health, events, clock }).run(stopping.signal);
    await clock.advance(4_999);
    expect(looks).to.equal(0);
    await clock.advance(1);
    await clock.advance(5_000);
    expect(looks).to.equal(2);
    stopping.abort();
    await running;
  });

  it('have lines that docs/log.md tells of, as loud as the status', () => {
    const logPage = readFileSync(join(packageRoot(), 'docs', 'log.md'), 'utf8');
    const error = new UpstreamUnavailable('down');
    const correlationId = newCorrelationId(new CountedRandom());
    const began = { check: 'store', cause: 'a', reason: 'full', hint: 'look' };
    const lines = [
      alertLines.troubleBegan({ ...began, status: 'failed' }),
      alertLines.troubleBegan({ ...began, status: 'warning' }),
      alertLines.troubleEnded({ check: 'store', cause: undefined, seconds: 12.4 }),
      alertLines.registerProbed({
        correlationId,
        scope: 's',
        organisation: { parent: '1' },
        milliseconds: 3,
        error,
      }),
    ];
    expect(lines.map(({ level }) => level)).to.deep.equal(['error', 'warn', 'info', 'debug']);
    for (const { message, fields } of lines) {
      expect(logPage).to.include(`\n| ${message} | ${String(fields['module'])} |`);
    }
    expect(lines[0]?.fields).to.include({ cause: 'a' });
    expect(lines[2]?.fields).to.deep.equal({ module: 'alerts', check: 'store', seconds: 12 });
    expect(lines[3]?.fields).to.include({ hint: error.description.hint });
  });
});

describe('hints of health checks', () => {
  const text = (name: string): string => readFileSync(join(packageRoot(), 'docs', name), 'utf8');

  it('are those of docs/doctor.md', () => {
    const [, section = ''] = text('doctor.md').split(/^## Alarms$/m);
    const rows = [...(section.split(/^## /m)[0] ?? '').matchAll(/^\| `([\w-]+)` \| (.+) \|$/gm)].map(
      ([, name, hint]) => [name, hint],
    );
    expect(rows).to.deep.equal(Object.entries(checkHints));
  });

  it('are there for every check that docs/operations.md names, and for no other', () => {
    const [, section = ''] = text('operations.md').split(/^## Health$/m);
    const names = [
      ...(section.split(/^## /m)[0] ?? '').matchAll(/^\| `([\w-]+)`[^|]* \|[^|]*\|[^|]*\|$/gm),
    ].map(([, name]) => name);
    expect(names).to.have.members(Object.keys(checkHints));
  });
});
