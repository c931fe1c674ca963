import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { exportJWK, generateKeyPair } from 'jose';
import { readPrivateKey, type PrivateJwk } from '../../src/config/private-key.js';
import { KeyFile } from '../../src/helseid/key-file.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { StandingClock } from '../support/standing-clock.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

async function key(kid: string, members: object = {}): Promise<PrivateJwk> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const { key: made } = readPrivateKey(
    JSON.stringify({ ...(await exportJWK(privateKey)), kid, alg: 'ES256', ...members }),
    {},
  );
  if (made === undefined) throw new Error('no key');
  return made;
}

/** Files are read in their own time. */
const ROUNDS = 1_000_000;

describe('the file of the key', () => {
  const newFolder = temporaryFolders();
  let file: string;
  let clock: StandingClock;
  let events: RecordedEvents;
  let keys: KeyFile;
  let first: PrivateJwk;

  beforeEach(async () => {
    file = join(newFolder(), 'key.jwk');
    first = await key('k1');
    writeFileSync(file, JSON.stringify(first));
    clock = new StandingClock('2031-05-06T07:08:09Z');
    events = new RecordedEvents();
    keys = new KeyFile({
      file,
      key: first,
      read: (text) => {
        const { key: found, problem } = readPrivateKey(text, {});
        return found ?? problem.found;
      },
      clock,
      events,
    });
  });
  afterEach(() => {
    keys.close();
  });

  /** Lets the watch look once more. */
  async function look(): Promise<void> {
    await until(() => clock.sleeping === 1, ROUNDS);
    await clock.advance(10_000);
    await until(() => clock.sleeping === 1, ROUNDS);
  }

  function replaceBy(text: string): void {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  }

  it('is not looked at before somebody wants the key', async () => {
    await clock.advance(60_000);
    expect(clock.sleeping).to.equal(0);
    expect(keys.current().id).to.equal('k1');
    await look();
    expect(events.of.signingKeyChanged).to.deep.equal([]);
  });

  it('gives a key that was put there by rename', async () => {
    keys.current();
    replaceBy(JSON.stringify(await key('k2', { exp: 1_940_000_000 })));
    await look();
    expect(keys.current().id).to.equal('k2');
    const expiresAt = new Date(1_940_000_000_000);
    expect(keys.expiresAt).to.deep.equal(expiresAt);
    expect(events.of.signingKeyChanged).to.deep.equal([{ keyId: 'k2', expiresAt }]);
  });

  it('gives a key that was written in place, and tells nothing of what was half written', async () => {
    keys.current();
    const text = JSON.stringify(await key('k2'));
    await until(() => clock.sleeping === 1, ROUNDS);
    writeFileSync(file, text.slice(0, 50));
    await look();
    expect([keys.current().id, keys.trouble]).to.deep.equal(['k1', undefined]);
    writeFileSync(file, text);
    await look();
    expect(keys.current().id).to.equal('k2');
    expect(events.of.signingKeyUnusable).to.deep.equal([]);
  });

  it('tells one key from another that has the same id', async () => {
    const before = keys.current().fingerprint;
    replaceBy(JSON.stringify(await key('k1')));
    await look();
    expect(keys.current().fingerprint).to.not.equal(before);
    expect(events.of.signingKeyChanged).to.have.length(1);
  });

  it('takes a new end of the same key for no new key', async () => {
    const before = keys.current();
    replaceBy(JSON.stringify({ ...first, exp: 1_950_000_000 }));
    await look();
    expect(keys.current().fingerprint).to.equal(before.fingerprint);
    expect(keys.expiresAt).to.deep.equal(new Date(1_950_000_000_000));
    expect(events.of.signingKeyChanged).to.deep.equal([]);
  });

  it('that stays unusable leaves the old key in use, and is told once until it is mended', async () => {
    keys.current();
    replaceBy('-----BEGIN CERTIFICATE-----');
    for (let looks = 0; looks < 4; looks += 1) await look();
    expect(keys.current().id).to.equal('k1');
    expect(keys.trouble).to.equal('a certificate');
    expect(events.of.signingKeyUnusable).to.deep.equal([{ problem: 'a certificate' }]);
    replaceBy(JSON.stringify(first));
    await look();
    expect(keys.trouble).to.equal(undefined);
  });

  it('that is gone leaves the old key in use', async () => {
    keys.current();
    rmSync(file);
    await look();
    await look();
    expect(keys.current().id).to.equal('k1');
    expect(events.of.signingKeyUnusable).to.deep.equal([{ problem: 'a file that cannot be read (ENOENT)' }]);
  });

  it('is read at once for whoever asks', async () => {
    keys.current();
    replaceBy(JSON.stringify(await key('k2')));
    await until(() => clock.sleeping === 1, ROUNDS);
    await Promise.all([keys.reread(), keys.reread()]);
    expect(keys.current().id).to.equal('k2');
  });

  it('is watched no longer once closed', async () => {
    keys.current();
    await until(() => clock.sleeping === 1, ROUNDS);
    keys.close();
    await until(() => clock.sleeping === 0, ROUNDS);
    keys.close();
  });

  it('tells nothing of the private half', async () => {
    keys.current();
    replaceBy(JSON.stringify(await key('k2')));
    await look();
    expect(inspect(events, { depth: Infinity })).to.not.include(first.d);
    expect(inspect(keys.current(), { depth: Infinity, showHidden: true })).to.not.include(first.d);
    expect(JSON.stringify(keys.current())).to.not.include(first.d);
  });
});
