import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { hashPassword } from '../../../src/access/password-hash.js';
import { operatorLogin } from '../../../src/cli/operator-login.js';
import { createDashboard } from '../../../src/operations/dashboard/dashboard.js';
import type { DashboardStanding } from '../../../src/operations/dashboard/standing.js';
import { createHealth } from '../../../src/operations/health.js';
import { createOperationsListener, type OperationsListener } from '../../../src/operations/listener.js';
import { silentLogger } from '../../../src/operations/logger.js';
import { Browser, browserProgram, type Viewport } from '../../support/browser.js';
import { CountedRandom } from '../../support/counted-random.js';
import { RecordedEvents } from '../../support/recorded-events.js';
import { DashboardWorld, emptyStanding, troubledStanding, wellStanding } from './dashboard-world.js';

const PASSWORD = 'stille kveld';

const states: readonly (readonly [string, () => DashboardWorld, () => DashboardStanding])[] = [
  ['well', () => new DashboardWorld().work().minutesAgo(0), wellStanding],
  ['in-trouble', () => new DashboardWorld().work().trouble(), troubledStanding],
  ['empty', () => new DashboardWorld(0), emptyStanding],
];

const viewports: Readonly<Record<string, Viewport>> = {
  desktop: { width: 1280, height: 900 },
  dark: { width: 1280, height: 900, scheme: 'dark' },
  tablet: { width: 720, height: 1080 },
  'small-window': { width: 910, height: 700 },
  phone: { width: 360, height: 740 },
  'small-phone-dark': { width: 320, height: 568, scheme: 'dark' },
};

/** Where screenshots are put for who wants to look at them. */
const folder = process.env['PREG_ADAPTER_SCREENSHOTS'];

/** Everything that sticks out of the page to the right, or that wants more room than it has. */
const STICKING_OUT = `[...document.querySelectorAll('main *, header *, footer *')]
  .filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && box.left >= 0 && box.right > document.documentElement.clientWidth + 1;
  })
  .map((one) => one.outerHTML.slice(0, 120))`;

/** Text that is hard to read on what is behind it: less than 4.5 to 1 (WCAG 1.4.3). */
const PALE = `(() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map((part) => part / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const texts = [...document.querySelectorAll('body *')].filter((one) =>
    !(one instanceof SVGElement) && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ''));
  return texts.flatMap((one) => {
    const [a, b] = [light(rgb(getComputedStyle(one).color)), light(behind(one))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    return contrast < 4.5 ? [contrast.toFixed(2) + ' ' + one.outerHTML.slice(0, 90)] : [];
  });
})()`;

/** Cells whose title a phone would not show: the head of their table is out of sight. */
const UNNAMED = `[...document.querySelectorAll('td:not(.plot)')]
  .filter((one) => !getComputedStyle(one, '::before').content.includes('attr') && getComputedStyle(one, '::before').content.length < 4)
  .map((one) => one.outerHTML.slice(0, 120))`;

describe('the dashboard in a browser', function () {
  this.timeout(60_000);

  let browser: Browser;
  let listener: OperationsListener;
  let port: number;
  let world: DashboardWorld;
  let standing: () => DashboardStanding;
  let passwordHash: string;

  before(async function () {
    if (browserProgram === undefined) this.skip();
    passwordHash = await hashPassword(PASSWORD, new CountedRandom());
    browser = await Browser.start(browserProgram);
  });

  after(async () => {
    // Where there is none, nothing was started.
    if (browserProgram !== undefined) await browser.stop();
  });

  const authorization = (password: string): Record<string, string> => ({
    Authorization: `Basic ${Buffer.from(`operator:${password}`).toString('base64')}`,
  });

  async function serve(): Promise<void> {
    const { clock, recorder } = world;
    const random = new CountedRandom();
    const events = new RecordedEvents();
    listener = createOperationsListener({
      host: '127.0.0.1',
      port: 0,
      health: createHealth(silentLogger),
      metrics: { expose: () => Promise.resolve({ contentType: 'text/plain', body: '' }) },
      pages: [createDashboard({ recorder, clock, standing: standing(), logger: silentLogger })],
      login: operatorLogin({ passwordHash, events, clock, random }),
      maxConnections: 100,
      events,
      clock,
    });
    ({ port } = await listener.start());
  }

  for (const [state, worldOf, standingOf] of states) {
    describe(state, () => {
      before(async () => {
        world = worldOf();
        standing = standingOf;
        await serve();
      });

      after(async () => {
        await listener.stop();
      });

      for (const lang of ['nb', 'en']) {
        for (const [name, viewport] of Object.entries(viewports)) {
          it(`fits, is legible and breaks no rule of its own: ${lang}, ${name}`, async () => {
            await browser.look(viewport);
            await browser.open(`http://127.0.0.1:${port}/?lang=${lang}`, authorization(PASSWORD));
            if (folder !== undefined) {
              mkdirSync(folder, { recursive: true });
              writeFileSync(join(folder, `${state}-${lang}-${name}.png`), await browser.screenshot());
            }
            expect(await browser.evaluate('document.documentElement.lang')).to.equal(lang);
            // Without its stylesheet, which the policy must let be used, the page has another ground.
            const ground = await browser.evaluate('getComputedStyle(document.body).backgroundColor');
            expect(ground).to.equal(viewport.scheme === 'dark' ? 'rgb(20, 24, 26)' : 'rgb(245, 246, 244)');
            expect(await browser.evaluate(STICKING_OUT)).to.deep.equal([]);
            expect(await browser.evaluate(PALE)).to.deep.equal([]);
            if (viewport.width < 800) expect(await browser.evaluate(UNNAMED)).to.deep.equal([]);
            expect(browser.complaints()).to.deep.equal([]);
          });
        }
      }
    });
  }

  it('shows nothing of itself to who has no password, or a wrong one', async () => {
    world = new DashboardWorld().work();
    standing = wellStanding;
    await serve();
    for (const headers of [{}, authorization('wrong')]) {
      await browser.open(`http://127.0.0.1:${port}/`, headers).catch(() => undefined);
      expect(await browser.evaluate('document.documentElement.innerHTML')).not.to.include('epj-sentrum');
    }
    browser.complaints();
    await listener.stop();
  });
});
