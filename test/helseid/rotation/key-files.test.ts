import fs, { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { KeyFiles } from '../../../src/helseid/rotation/key-files.js';
import { RotationFailed } from '../../../src/helseid/rotation/rotation-failed.js';
import { systemRandom } from '../../../src/runtime/system-random.js';
import { temporaryFolders } from '../../support/temporary-folder.js';
import { jwkIn, keyNamed, noProblemIn } from './rotation-bench.js';

describe('files of a key under rotation', () => {
  const newFolder = temporaryFolders();
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = newFolder();
    file = join(folder, 'key.jwk');
    writeFileSync(file, JSON.stringify(keyNamed('old')), { mode: 0o600 });
  });

  const modeOf = (name: string): number => statSync(name).mode & 0o777;

  it('are readable by their owner alone', () => {
    const files = new KeyFiles(file, systemRandom, noProblemIn);
    files.keep(keyNamed('new'));
    expect(modeOf(files.pendingFile)).to.equal(0o600);
    files.install(keyNamed('new'));
    expect([modeOf(file), modeOf(files.previousFile)]).to.deep.equal([0o600, 0o600]);
  });

  for (const [before, after] of [
    [0o640, 0o640],
    [0o644, 0o640],
    [0o660, 0o640],
    [0o400, 0o600],
  ] as const) {
    it(`stay readable by the group, and by nobody else, after ${before.toString(8)}`, () => {
      chmodSync(file, before);
      const files = new KeyFiles(file, systemRandom, noProblemIn);
      files.keep(keyNamed('new'));
      expect(modeOf(files.pendingFile)).to.equal(0o600);
      files.install(keyNamed('new'));
      expect(modeOf(file)).to.equal(after);
    });
  }

  it('are beside the file that a link leads to', () => {
    const real = join(folder, 'secrets');
    mkdirSync(real);
    writeFileSync(join(real, 'a.jwk'), JSON.stringify(keyNamed('old')));
    const link = join(folder, 'link.jwk');
    symlinkSync(join('secrets', 'a.jwk'), link);
    const files = new KeyFiles(link, systemRandom, noProblemIn);
    files.keep(keyNamed('new'));
    files.install(keyNamed('new'));
    expect(jwkIn(link)).to.include({ kid: 'new' });
    expect(jwkIn(join(real, 'a.jwk'))).to.include({ kid: 'new' });
    expect(jwkIn(join(real, 'a.jwk.previous'))).to.include({ kid: 'old' });
  });

  it('hold one pending key at a time', () => {
    const files = new KeyFiles(file, systemRandom, noProblemIn);
    files.keep(keyNamed('one'));
    expect(() => {
      files.keep(keyNamed('two'));
    }).to.throw(RotationFailed, /Another rotation/);
    expect(files.pending()).to.deep.equal(keyNamed('one'));
  });

  it('keep the former text of the file as it was', () => {
    const pem = '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n';
    writeFileSync(file, pem);
    const files = new KeyFiles(file, systemRandom, noProblemIn);
    files.keep(keyNamed('new'));
    files.install(keyNamed('new'));
    expect(readFileSync(files.previousFile, 'utf8')).to.equal(pem);
  });

  it('keep the key before when the new one is in place already', () => {
    const files = new KeyFiles(file, systemRandom, noProblemIn);
    files.keep(keyNamed('new'));
    files.install(keyNamed('new'));
    files.install(keyNamed('new'));
    files.note({ ...keyNamed('new'), exp: 1 });
    files.install(keyNamed('new'));
    expect(jwkIn(files.previousFile)).to.include({ kid: 'old' });
    expect(jwkIn(file)).to.include({ kid: 'new', exp: 1 });
    expect(files.pending()).to.equal(undefined);
  });

  for (const [what, text] of [
    ['nothing', ''],
    ['half a key', '{"kty":"EC","kid"'],
    ['a public key', JSON.stringify({ ...keyNamed('a'), d: undefined })],
    ['somebody’s notes', 'do not forget'],
  ] as const) {
    it(`are left alone when the pending one holds ${what}`, () => {
      writeFileSync(`${file}.pending`, text);
      const files = new KeyFiles(file, systemRandom, noProblemIn);
      expect(() => files.pending()).to.throw(RotationFailed, /Move it away/);
    });
  }

  it('are whole when the disk takes a little at a time', () => {
    const key = { ...keyNamed('new'), d: 'ø'.repeat(500) };
    const files = new KeyFiles(file, systemRandom, noProblemIn, {
      ...fs,
      writeSync: (handle, octets, offset) =>
        fs.writeSync(handle, octets, offset, Math.min(101, octets.length - offset)),
    });
    files.keep(key);
    expect(files.pending()).to.deep.equal(key);
  });

  it('are not replaced by half a key when the disk takes no more', () => {
    const files = new KeyFiles(file, systemRandom, noProblemIn, { ...fs, writeSync: () => 0 });
    expect(() => {
      files.keep(keyNamed('new'));
    }).to.throw(RotationFailed, /takes no more/);
    expect(fs.readdirSync(folder)).to.deep.equal(['key.jwk']);
  });

  describe('with a new key that an adapter could not read', () => {
    const unusable = (text: string): string | undefined =>
      text.includes('"exp"') ? 'a JWK of a strange kind' : undefined;

    it('keep the pending key as it was rather than note its end', () => {
      const files = new KeyFiles(file, systemRandom, unusable);
      files.keep(keyNamed('new'));
      expect(() => {
        files.note({ ...keyNamed('new'), exp: 1 });
      }).to.throw(RotationFailed, /strange kind/);
      expect(files.pending()).to.deep.equal(keyNamed('new'));
    });

    it('hold none, so that it is registered nowhere', () => {
      const files = new KeyFiles(file, systemRandom, unusable);
      expect(() => {
        files.keep({ ...keyNamed('new'), exp: 1 });
      }).to.throw(RotationFailed, /strange kind/);
      expect(fs.readdirSync(folder)).to.deep.equal(['key.jwk']);
    });

    it('keep the one in use', () => {
      writeFileSync(`${file}.pending`, JSON.stringify({ ...keyNamed('new'), exp: 1 }));
      const files = new KeyFiles(file, systemRandom, unusable);
      expect(() => {
        files.install(keyNamed('new'));
      }).to.throw(RotationFailed, /key\.jwk\.pending .*strange kind/);
      expect([jwkIn(file)?.kid, files.pending()?.kid]).to.deep.equal(['old', 'new']);
    });
  });

  it('are missed with a sentence', () => {
    expect(() => new KeyFiles(join(folder, 'none.jwk'), systemRandom, noProblemIn)).to.throw(
      RotationFailed,
      /ENOENT/,
    );
  });

  it('that may not be written are told with a sentence, before anything has happened', () => {
    const files = new KeyFiles(file, systemRandom, noProblemIn, {
      ...fs,
      openSync: () => {
        throw Object.assign(new Error('read-only'), { code: 'EROFS' });
      },
    });
    expect(() => {
      files.keep(keyNamed('new'));
    }).to.throw(RotationFailed, /\(EROFS\)\. The command needs the right/);
  });

  it('that the owner of the key could not read are not made', () => {
    const files = new KeyFiles(file, systemRandom, noProblemIn, {
      ...fs,
      statSync: (path) => ({ mode: 0o600, uid: path === file ? 4242 : 4243, gid: 1 }),
      chownSync: () => {
        throw Object.assign(new Error('not permitted'), { code: 'EPERM' });
      },
    });
    expect(() => {
      files.keep(keyNamed('new'));
    }).to.throw(RotationFailed, /belongs to another user/);
    expect(new KeyFiles(file, systemRandom, noProblemIn).pending()).to.equal(undefined);
  });
});
