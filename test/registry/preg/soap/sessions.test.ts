import { expect } from 'chai';
import { CallerLeft, PregRejected, PregUnavailable } from '../../../../src/errors/errors.js';
import {
  answering,
  faultXml,
  PASSWORD,
  startLegacyPreg,
  valueIn,
  type LegacyPreg,
} from '../../../support/legacy-preg.js';
import { loopbackServers } from '../../../support/loopback-server.js';
import { escapeText } from '../../../../src/xml/escape.js';
import { rejectionOf } from '../../../support/rejection.js';

const HOUR = 60 * 60_000;
const settings = { security: 'secure-conversation' } as const;

/** The identifier and the instance of the session that the last message was sent in. */
function lastSession({ received }: LegacyPreg): string {
  const text = received.at(-1)?.text ?? '';
  const part = (name: string): string => new RegExp(`<c:${name}>([^<]*)`).exec(text)?.[1] ?? '';
  return `${part('Identifier')} ${part('Instance')}`;
}

/** Several questions at once, all of which are to be answered. */
async function askMany(bench: LegacyPreg, count: number): Promise<void> {
  const values = Array.from({ length: count }, (_, index) => `person ${index}`);
  expect((await Promise.all(values.map((value) => bench.ask(value)))).map(valueIn)).to.deep.equal(values);
}

describe('sessions at PREG', () => {
  const start = loopbackServers();

  it('are opened once for all who ask, and used by all', async () => {
    const bench = await startLegacyPreg(start, { settings });
    await askMany(bench, 6);
    await askMany(bench, 6);
    expect(bench.actions().filter((action) => action === 'SCT')).to.have.length(1);
    expect(bench.actions()).to.have.length(13);
    const password = bench.received.filter(({ text }) => text.includes('<o:Password'));
    expect(password.map(({ action }) => action)).to.deep.equal(['SCT']);
  });

  it('have their key renewed before its time, once for all who ask, and stay the same session', async () => {
    const bench = await startLegacyPreg(start, { settings, keyLifetimeMilliseconds: 5 * HOUR });
    await bench.ask();
    const [first] = lastSession(bench).split(' ');
    await bench.clock.advance(3 * HOUR - 1);
    await bench.ask();
    expect(bench.actions()).to.deep.equal(['SCT', 'GetDemographics', 'GetDemographics']);
    await bench.clock.advance(1);
    await askMany(bench, 5);
    expect(bench.actions().slice(3)).to.deep.equal([
      'SCT/Renew',
      ...Array<string>(5).fill('GetDemographics'),
    ]);
    const [second, instance] = lastSession(bench).split(' ');
    expect(second).to.equal(first);
    expect(instance).to.match(/^urn:uuid:/);
    await bench.clock.advance(3 * HOUR);
    await bench.ask();
    expect(bench.actions().slice(9)).to.deep.equal(['SCT/Renew', 'GetDemographics']);
  });

  it('have a key that lives long renewed after ten hours', async () => {
    const bench = await startLegacyPreg(start, { settings, keyLifetimeMilliseconds: 24 * HOUR });
    await bench.ask();
    await bench.clock.advance(10 * HOUR - 1);
    await bench.ask();
    expect(bench.actions()).to.not.include('SCT/Renew');
    await bench.clock.advance(1);
    await bench.ask();
    expect(bench.actions()).to.include('SCT/Renew');
  });

  it('are opened anew when nobody asked for longer than a key lives', async () => {
    const bench = await startLegacyPreg(start, { settings, keyLifetimeMilliseconds: 5 * HOUR });
    await bench.ask();
    const before = lastSession(bench);
    await bench.clock.advance(20 * HOUR);
    expect(valueIn(await bench.ask('again'))).to.equal('again');
    expect(bench.actions().slice(2)).to.deep.equal(['SCT', 'GetDemographics']);
    expect(lastSession(bench)).to.not.equal(before);
  });

  it('that PREG has forgotten are opened anew, once for all who were told so, and no question is lost', async () => {
    const bench = await startLegacyPreg(start, { settings });
    await bench.ask();
    bench.forgetSessions();
    await askMany(bench, 4);
    const after = bench.actions().slice(2);
    expect(after.filter((action) => action === 'SCT')).to.have.length(1);
    expect(after.filter((action) => action === 'GetDemographics')).to.have.length(8);
    expect(bench.events.of.pregCalled.filter(({ outcome }) => outcome === 'session-over')).to.have.length(4);
  });

  it('that PREG wants renewed before we do are renewed, and no question is lost', async () => {
    const bench = await startLegacyPreg(start, { settings, keyLifetimeMilliseconds: 240_000 });
    await bench.ask();
    // By its clock the key is over while we think it fresh.
    bench.aheadMilliseconds = 240_000;
    await askMany(bench, 3);
    const after = bench.actions().slice(2);
    expect(after.filter((action) => action === 'SCT/Renew')).to.have.length(1);
    expect(after.filter((action) => action === 'GetDemographics')).to.have.length(6);
    expect(bench.events.of.pregCalled.map(({ outcome }) => outcome)).to.include('renewal-wanted');
    expect(bench.events.of.pregCalled.every(({ error }) => error === undefined)).to.equal(true);
  });

  it('whose renewal PREG refuses are opened anew', async () => {
    const bench = await startLegacyPreg(start, { settings, keyLifetimeMilliseconds: 5 * HOUR });
    await bench.ask();
    await bench.clock.advance(4 * HOUR);
    bench.misbehave = answering(500, faultXml('Sender', 'c:BadContextToken'), undefined, 'SCT/Renew');
    expect(valueIn(await bench.ask('again'))).to.equal('again');
    expect(bench.actions().slice(2)).to.deep.equal(['SCT/Renew', 'SCT', 'GetDemographics']);
  });

  it('keep their key while it lasts where it cannot be renewed', async () => {
    const bench = await startLegacyPreg(start, { settings, keyLifetimeMilliseconds: 5 * HOUR });
    await bench.ask();
    await bench.clock.advance(4 * HOUR);
    bench.misbehave = answering(503, '', {}, 'SCT/Renew');
    expect(valueIn(await bench.ask('again'))).to.equal('again');
    await bench.clock.advance(HOUR);
    bench.misbehave = () => false;
    expect(valueIn(await bench.ask('anew'))).to.equal('anew');
    expect(bench.actions().slice(2)).to.deep.equal([
      'SCT/Renew',
      'GetDemographics',
      'SCT',
      'GetDemographics',
    ]);
  });

  it('keep their key while it lasts where its renewal hangs, and let no question wait out its time for it', async () => {
    const bench = await startLegacyPreg(start, { settings, keyLifetimeMilliseconds: 5 * HOUR });
    await bench.ask();
    await bench.clock.advance(4 * HOUR);
    const hanging = new Promise<void>((resolve) => {
      bench.misbehave = ({ action }) => {
        if (action !== 'SCT/Renew') return false;
        resolve();
        return true;
      };
    });
    const asked = bench.ask('meanwhile');
    await hanging;
    await bench.clock.advance(2_500);
    expect(valueIn(await asked)).to.equal('meanwhile');
    expect(valueIn(await bench.ask('at once'))).to.equal('at once');
    expect(bench.actions().slice(2)).to.deep.equal(['SCT/Renew', 'GetDemographics', 'GetDemographics']);
    bench.misbehave = () => false;
    await bench.clock.advance(10_000);
    await bench.ask();
    expect(bench.actions().slice(5)).to.deep.equal(['SCT/Renew', 'GetDemographics']);
  });

  it('end a question when PREG will not have two of them in a row', async () => {
    const bench = await startLegacyPreg(start, { settings });
    bench.misbehave = answering(500, faultXml('Sender', 'c:BadContextToken'), undefined, 'GetDemographics');
    const error = await rejectionOf(bench.ask());
    expect(error).to.be.instanceOf(PregUnavailable);
    expect(bench.actions()).to.deep.equal(['SCT', 'GetDemographics', 'SCT', 'GetDemographics']);
  });

  it('are opened for the others, too, when the one who asked first leaves', async () => {
    const bench = await startLegacyPreg(start, { settings });
    const held = new Promise<void>((resolve) => {
      bench.misbehave = ({ action }) => {
        if (action === 'SCT') resolve();
        return false;
      };
    });
    const leaving = new AbortController();
    const first = rejectionOf(bench.ask('first', { caller: { signal: leaving.signal } }));
    const second = bench.ask('second');
    await held;
    leaving.abort(new CallerLeft('the caller left'));
    expect(await first).to.be.instanceOf(CallerLeft);
    expect(valueIn(await second)).to.equal('second');
    expect(bench.actions()).to.deep.equal(['SCT', 'GetDemographics']);
  });

  it('that do not come about fail all who wait, and the next question tries again', async () => {
    const bench = await startLegacyPreg(start, { settings });
    bench.misbehave = answering(503, '', {});
    const errors = await Promise.all([1, 2, 3].map(() => rejectionOf(bench.ask())));
    for (const error of errors) expect(error).to.be.instanceOf(PregUnavailable);
    expect(bench.actions()).to.deep.equal(['SCT']);
    bench.misbehave = () => false;
    expect(valueIn(await bench.ask('again'))).to.equal('again');
  });

  it('are given back at the end, and nobody asks after it', async () => {
    const bench = await startLegacyPreg(start, { settings });
    await bench.ask('a');
    await bench.ask('b', { service: 'preg-xml' });
    await bench.preg.close();
    expect(bench.actions().slice(4)).to.have.members(['SCT/Cancel', 'SCT/Cancel']);
    const cancelled = bench.events.of.pregCalled.slice(4);
    expect(cancelled.map(({ outcome }) => outcome)).to.deep.equal(['answered', 'answered']);
    expect(await rejectionOf(bench.ask())).to.be.instanceOf(PregUnavailable);
    await bench.preg.close();
    expect(bench.received).to.have.length(6);
  });

  it('are not waited for at the end when PREG is silent', async () => {
    const bench = await startLegacyPreg(start, { settings });
    await bench.ask('a');
    const silence = new Promise<void>((resolve) => {
      bench.misbehave = () => {
        resolve();
        return true;
      };
    });
    const closed = bench.preg.close();
    await silence;
    await bench.clock.advance(2_000);
    await closed;
  });

  const unusable: Readonly<Record<string, (answer: string) => string>> = {
    'without a token': (answer) => answer.replace(/<c:SecurityContextToken.*<\/c:SecurityContextToken>/, ''),
    'with a key made in another way': (answer) => answer.replace('CK/PSHA1', 'CK/OTHER'),
    'without entropy': (answer) => answer.replace(/<t:Entropy>.*<\/t:Entropy>/, ''),
    'of another size of key': (answer) => answer.replace('<t:KeySize>256', '<t:KeySize>128'),
    'of another kind': (answer) => answer.replace(/<t:TokenType>[^<]*/, '<t:TokenType>urn:other'),
    'over before it begins': (answer) =>
      answer.replace(/(<t:Lifetime><u:Created>)[^<]*/, '$12099-01-01T00:00:00Z'),
  };
  for (const [what, spoil] of Object.entries(unusable)) {
    it(`are not used ${what}`, async () => {
      const bench = await startLegacyPreg(start, { settings });
      bench.rewrite = spoil;
      const error = await rejectionOf(bench.ask());
      expect(error).to.be.instanceOf(PregRejected).and.to.have.property('problem', 'wrong-answer');
      expect(bench.actions()).to.deep.equal(['SCT']);
    });
  }

  it('come about without a lifetime, a size of key or a type, too, and by references that are left out', async () => {
    const bench = await startLegacyPreg(start, { settings });
    bench.rewrite = (answer) =>
      answer.replace(
        /<t:(TokenType|RequestedAttachedReference|RequestedUnattachedReference|Lifetime|KeySize)>.*?<\/t:\1>/g,
        '',
      );
    expect(valueIn(await bench.ask('hello'))).to.equal('hello');
  });

  it('are asked for with user name and password in the form of the contract', async () => {
    const bench = await startLegacyPreg(start, { settings });
    await bench.ask();
    const text = bench.received[0]?.text ?? '';
    expect(text).to.include(`#PasswordText">${escapeText(PASSWORD)}</o:Password>`);
    expect([...text.matchAll(/<t:(\w+)/g)].map(([, name]) => name)).to.deep.equal([
      'RequestSecurityToken',
      'TokenType',
      'RequestType',
      'Entropy',
      'BinarySecret',
      'KeySize',
    ]);
  });
});
