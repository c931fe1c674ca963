import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { createDashboard } from '../../../src/operations/dashboard/dashboard.js';
import type { DashboardStanding } from '../../../src/operations/dashboard/standing.js';
import { silentLogger, type Logger } from '../../../src/operations/logger.js';
import { readXml } from '../../support/page-structure.js';
import { everyEvent } from '../metrics/every-event.js';
import { DashboardWorld, emptyStanding, troubledStanding, wellStanding } from './dashboard-world.js';

const states: readonly (readonly [string, () => string])[] = (['nb', 'en'] as const).flatMap((lang) => [
  [`well, ${lang}`, () => new DashboardWorld().work().minutesAgo(0).page(`lang=${lang}`)] as const,
  [
    `in trouble, ${lang}`,
    () => new DashboardWorld().work().trouble().page(`lang=${lang}`, troubledStanding()),
  ] as const,
  [`empty, ${lang}`, () => new DashboardWorld(0).page(`lang=${lang}`, emptyStanding())] as const,
]);

/** How long each trouble lasted, the last one first. */
function lastedIn(page: string): readonly (string | undefined)[] {
  const rows = page.slice(page.indexOf('id="troubles"'), page.indexOf('id="values"'));
  return [...rows.matchAll(/data-title="Lasted">([^<]*)/g)].map(([, text]) => text);
}

describe('the dashboard', () => {
  for (const [state, draw] of states) {
    describe(state, () => {
      let page: string;

      before(() => {
        page = draw();
      });

      it('is well-formed, every element closed and every id its own', () => {
        const { ids, open } = readXml(page);
        expect(open).to.deep.equal([]);
        expect(ids).to.have.length(new Set(ids).size);
      });

      it('has no script, no inline style and nothing from elsewhere', () => {
        expect(page).not.to.match(/<script|javascript:| on[a-z]+=| style=|https?:\/\/(?!www\.w3\.org)/i);
        expect(page).not.to.match(/src=|@import|url\(/);
      });

      it('has a name for each drawing and a heading for each table column', () => {
        expect(page.match(/<svg(?![^>]*(?:aria-label|aria-hidden))[^>]*>/g)).to.equal(null);
        expect(page.match(/<td(?![^>]*data-title="[^"]+")[^>]*>/g)).to.equal(null);
      });

      it('says nothing that is no value', () => {
        expect(page).not.to.match(/undefined|NaN|Infinity|\[object|Invalid Date/);
      });
    });
  }

  it('says first whether clients are answered', () => {
    const world = new DashboardWorld().minutesAgo(0);
    expect(world.page('lang=nb')).to.include('<title>Klar – preg-adapter pregadapter-01</title>');
    expect(world.page('lang=en', troubledStanding())).to.include('<title>Not ready – preg-adapter');
    const warned: DashboardStanding = {
      ...wellStanding(),
      readiness: () => ({
        status: 'ready',
        checks: { disk: { status: 'warning', reason: 'little is left' } },
      }),
    };
    expect(world.page('lang=nb', warned)).to.include('Klar, med 1 advarsel').and.to.include('little is left');
  });

  it('puts what has failed before what only warns', () => {
    const page = new DashboardWorld().page('lang=en', troubledStanding());
    const troubles = page.slice(page.indexOf('class="troubles"'), page.indexOf('class="well"'));
    expect(troubles.indexOf('Persontjenesten')).to.be.greaterThan(0);
    expect(troubles.indexOf('Persontjenesten')).to.be.lessThan(troubles.indexOf('Access token'));
    expect(troubles).not.to.include('Store');
  });

  it('says what to do about each trouble, and what it was that came and went', () => {
    const world = new DashboardWorld().minutesAgo(30);
    const began = {
      check: 'disk',
      cause: undefined,
      status: 'warning',
      reason: 'little is left',
      hint: 'Make room',
    } as const;
    world.tell('troubleBegan', began).minutesAgo(10);
    world.tell('troubleBegan', { ...began, status: 'failed', reason: 'nothing is left' }).minutesAgo(2);
    world.tell('troubleEnded', { check: 'disk', cause: undefined, seconds: 1_680 }).minutesAgo(1);
    world.tell('troubleBegan', { ...began, check: 'token' }).minutesAgo(0);
    expect(world.page('lang=nb', troubledStanding())).to.include('Kjør preg-adapter doctor');
    const page = world.page('lang=en', troubledStanding());
    expect(page).to.include('Run preg-adapter doctor');
    expect(lastedIn(page)).to.deep.equal(['still', '8 min', '20 min']);
  });

  it('tells the causes of one check apart that came and went', () => {
    const world = new DashboardWorld().minutesAgo(30);
    const began = { check: 'notifications', status: 'warning', reason: 'not reached', hint: 'Look' } as const;
    const [lab, pas] = ['unreachable lab', 'unreachable pas'];
    world.tell('troubleBegan', { ...began, cause: lab }).minutesAgo(10);
    world.tell('troubleBegan', { ...began, cause: pas }).minutesAgo(5);
    world.tell('troubleEnded', { check: 'notifications', cause: lab, seconds: 1_500 }).minutesAgo(0);
    const page = world.page('lang=en');
    expect(lastedIn(page)).to.deep.equal(['still', '25 min']);
    expect(page).to.include('unreachable pas: not reached');
  });

  it('tells causes with what to do, in the language of the page', () => {
    const world = new DashboardWorld().work().trouble();
    expect(world.page('lang=nb')).to.include(
      'Kontroller nettverk, proxy og driftsmeldinger fra Norsk helsenett.',
    );
    expect(world.page('lang=en')).to.include(
      'Check network, proxy and the operating messages of Norsk helsenett.',
    );
  });

  it('names clients that may ask and have not', () => {
    const page = new DashboardWorld().work().minutesAgo(0).page('lang=en');
    expect(page).to.include('Not heard since the start: tannhelse.');
  });

  it('says how far back it can see', () => {
    const young = new DashboardWorld(12).minutesAgo(0);
    expect(young.answered().page('lang=en')).to.include('since the start 12 min ago');
    expect(new DashboardWorld().work().minutesAgo(0).page('lang=en')).to.include('last hour');
  });

  it('shows one client alone where somebody asks for it, and no name that nobody has', () => {
    const world = new DashboardWorld().work().minutesAgo(0);
    const one = world.page('lang=en&client=legevakt');
    const operations = one.slice(one.indexOf('id="operations"'), one.indexOf('id="errors"'));
    expect(operations).to.include('What legevakt asks').and.to.include('GetPerson');
    expect(operations).not.to.include('GetDemographics');
    expect(world.page('lang=en&client=somebody-else')).not.to.include('somebody-else');
  });

  it('renews itself until it is told not to, and keeps what was chosen', () => {
    const world = new DashboardWorld().work().minutesAgo(0);
    expect(world.page()).to.include('<meta http-equiv="refresh" content="30">');
    const paused = world.page('lang=en&refresh=off&client=legevakt');
    expect(paused).not.to.include('http-equiv');
    expect(paused).to.include('?lang=nb&#38;client=legevakt&#38;refresh=off"');
  });

  it('is shown but for what cannot be read, which the log is told of', () => {
    const errors: string[] = [];
    const logger: Logger = { ...silentLogger, error: (message) => void errors.push(message) };
    const standing: DashboardStanding = {
      ...wellStanding(),
      filematch: () => {
        throw new Error('the store is closed');
      },
    };
    const page = new DashboardWorld().work().page('lang=en', standing, logger);
    expect(page).to.include('This cannot be read at the moment').and.to.include('Errors by cause');
    expect(page).not.to.include('the store is closed');
    expect(errors).to.deep.equal(['a part of the dashboard could not be read']);
  });

  it('escapes whatever name it is given', () => {
    const hostile = `"><script>alert(1)</script>'&`;
    const world = new DashboardWorld().work();
    const page = world.page('lang=en', {
      ...wellStanding(),
      host: hostile,
      clients: () => [{ id: hostile, protocols: [] }],
      certificates: () => new Map([[hostile, new Date('2027-01-01')]]),
      readiness: () => ({ status: 'ready', checks: { [hostile]: { status: 'warning', reason: hostile } } }),
    });
    expect(page).not.to.include('<script');
    expect(readXml(page).open).to.deep.equal([]);
  });

  it('holds nothing of a person, whatever the events hold', () => {
    for (const text of ['11829912345', 'Kari Nordmann', '<b>Storgata 1</b>']) {
      const world = new DashboardWorld().minutesAgo(0);
      const events = everyEvent(text);
      // What checks say is public by what they are, as on /health/ready.
      const { troubleBegan, troubleEnded, ...others } = events;
      expect([troubleBegan, troubleEnded]).not.to.include(undefined);
      for (const [name, event] of Object.entries(others))
        Reflect.apply(world.recorder.listener, null, [name, event]);
      for (const lang of ['nb', 'en']) expect(world.page(`lang=${lang}`), text).not.to.include(text);
    }
  });

  it('lets its own stylesheet be used and nothing else be loaded, framed or sent', () => {
    const world = new DashboardWorld();
    const { recorder, clock } = world;
    const answer = createDashboard({
      recorder,
      clock,
      standing: wellStanding(),
      logger: silentLogger,
    }).answer({
      parameters: {},
      query: new URLSearchParams(),
      acceptLanguage: 'en',
    });
    if (answer instanceof Promise) throw new Error('the dashboard answers at once');
    const style = /<style>([^]*)<\/style>/.exec(answer.body)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(answer.contentSecurityPolicy).to.equal(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
  });
});
