import { rmSync, statSync } from 'node:fs';
import { expect } from 'chai';
import { AdapterError, TokenRefused } from '../../../src/errors/errors.js';
import { KeyFiles } from '../../../src/helseid/rotation/key-files.js';
import { RotationFailed } from '../../../src/helseid/rotation/rotation-failed.js';
import { systemRandom } from '../../../src/runtime/system-random.js';
import { temporaryFolders } from '../../support/temporary-folder.js';
import { Killed, keyRefused, noProblemIn, RotationBench, Steps, unreachable } from './rotation-bench.js';

describe("rotation of HelseID's key", () => {
  const newFolder = temporaryFolders();
  let bench: RotationBench;

  beforeEach(() => {
    bench = new RotationBench(newFolder());
  });

  async function failure(rotation: Promise<unknown>): Promise<Error> {
    const error: unknown = await rotation.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error instanceof Error) return error;
    throw new Error('the rotation did not fail');
  }

  it('puts a new key in place, with its end, and keeps the one before', async () => {
    const rotated = await bench.rotate();
    expect(rotated).to.deep.equal({ keyId: 'new-1', algorithm: 'ES256', expiresAt: bench.end });
    expect(bench.inUse).to.include({ kid: 'new-1', exp: bench.end.getTime() / 1000 });
    expect(bench.previous).to.include({ kid: 'old' });
    expect(bench.names).to.deep.equal(['key.jwk', 'key.jwk.previous']);
    expect(bench.log).to.deep.equal(['token by old', 'make', 'register new-1']);
  });

  it('has the new key on the disk before self service hears of it', async () => {
    bench.answer = (_, accept) => {
      expect(bench.pending).to.include({ kid: 'new-1', d: 'c2VjcmV0LWQ' });
      expect(statSync(`${bench.file}.pending`).mode & 0o777).to.equal(0o600);
      expect(bench.inUse).to.include({ kid: 'old' });
      return accept();
    };
    await bench.rotate();
    expect(bench.uploads).to.have.length(1);
  });

  it('sends the public half alone', async () => {
    await bench.rotate();
    expect(bench.uploads).to.deep.equal([
      { kty: 'EC', crv: 'P-256', x: 'eA', y: 'eQ', kid: 'new-1', alg: 'ES256', use: 'sig' },
    ]);
  });

  it('changes nothing when HelseID gives no token', async () => {
    bench.tokenTrouble = keyRefused;
    expect(await failure(bench.rotate())).to.be.instanceOf(TokenRefused);
    bench.tokenTrouble = unreachable;
    await failure(bench.rotate());
    expect(bench.names).to.deep.equal(['key.jwk']);
    expect(bench.inUse).to.include({ kid: 'old' });
  });

  it('gives a key up that is refused', async () => {
    bench.answer = () => ({ kind: 'refused', reason: 'self service answered 400' });
    const error = await failure(bench.rotate());
    expect(error).to.be.instanceOf(RotationFailed);
    expect(error.message).to.match(/self service answered 400\. The key in use stays\.$/);
    expect(bench.names).to.deep.equal(['key.jwk']);
    expect(bench.uploads).to.have.length(1);
  });

  it('goes on when the answer got lost and the key is registered, without knowing its end', async () => {
    bench.answer = (_, accept) => {
      accept();
      return { kind: 'unclear', reason: 'no answer from self service (ECONNRESET)' };
    };
    expect((await bench.rotate()).expiresAt).to.equal(undefined);
    expect(bench.inUse).to.include({ kid: 'new-1' }).and.not.have.property('exp');
    expect(bench.uploads).to.have.length(1);
  });

  it('goes on when even a refusal came of a key that is registered', async () => {
    bench.answer = (_, accept) => {
      accept();
      return { kind: 'refused', reason: 'self service answered 409' };
    };
    await bench.rotate();
    expect(bench.inUse).to.include({ kid: 'new-1' });
  });

  it('sends the same key again after an unclear answer, and waits before', async () => {
    bench.answer = (_, accept) =>
      bench.uploads.length === 3 ? accept() : { kind: 'unclear', reason: 'self service answered 503' };
    await bench.rotate();
    expect(bench.uploads.map(({ kid }) => kid)).to.deep.equal(['new-1', 'new-1', 'new-1']);
    expect(bench.clock.sleeps).to.deep.equal([2_000, 5_000]);
    expect(bench.inUse).to.have.property('exp');
  });

  it('stops after three unclear answers and takes the same key up the next time', async () => {
    bench.answer = () => ({ kind: 'unclear', reason: 'self service answered 503' });
    const error = await failure(bench.rotate());
    expect(error.message).to.match(/answered 503\. The key in use stays\. Run the command again/);
    expect(bench.pending).to.include({ kid: 'new-1' });
    expect(bench.inUse).to.include({ kid: 'old' });
    bench.answer = (_, accept) => accept();
    expect((await bench.rotate()).keyId).to.equal('new-1');
    expect(bench.log.filter((entry) => entry === 'make')).to.have.length(1);
  });

  describe('that is refused after its answer got lost once', () => {
    beforeEach(() => {
      // Registered with the first upload, which HelseID hears of later.
      bench.answer = () =>
        bench.uploads.length === 1
          ? { kind: 'unclear', reason: 'no answer from self service (ECONNRESET)' }
          : { kind: 'refused', reason: 'self service answered 401' };
    });

    it('is kept, since it may be registered, and the operator hears what to do', async () => {
      const error = await failure(bench.rotate());
      expect(error).to.be.instanceOf(RotationFailed);
      expect(error.message).to.match(/self service answered 401.*may be registered.*key\.jwk\.pending/);
      expect(error.message).to.match(/Run the command again in some minutes.*delete/);
      expect([bench.pending?.kid, bench.inUse?.kid]).to.deep.equal(['new-1', 'old']);
      bench.registered = 'new-1';
      expect((await bench.rotate()).keyId).to.equal('new-1');
      expect(bench.inUse).to.include({ kid: 'new-1' });
    });

    it('is put in place as soon as HelseID knows it', async () => {
      const { sleeps } = bench.clock;
      bench.clock.onSleep = () => {
        if (sleeps.length === 2) bench.registered = 'new-1';
      };
      expect((await bench.rotate()).keyId).to.equal('new-1');
      expect(bench.inUse).to.include({ kid: 'new-1' });
    });

    it('is kept by the runs that follow, too', async () => {
      await failure(bench.rotate());
      expect((await failure(bench.rotate())).message).to.match(/may be registered/);
      expect(bench.pending).to.include({ kid: 'new-1' });
      // The key in use has stopped, and the new one is not known yet.
      bench.registered = 'nobody';
      expect((await failure(bench.rotate())).message).to.match(/neither .*key\.jwk\.pending.*again in some/);
      expect([bench.pending?.kid, bench.inUse?.kid]).to.deep.equal(['new-1', 'old']);
    });
  });

  for (const end of ['0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '2026-03-01T12:00:00Z', 'no date'])
    it(`takes ${end} for an end that is not known`, async () => {
      bench.answer = (_, accept) => {
        accept();
        return { kind: 'accepted', expiresAt: new Date(end) };
      };
      expect((await bench.rotate()).expiresAt).to.equal(undefined);
      expect(bench.inUse).to.include({ kid: 'new-1' }).and.not.have.property('exp');
      expect(bench.sentences.join()).to.contain('no date to come');
    });

  for (const [what, trouble] of [
    ['cannot be reached', unreachable],
    ['refuses for another reason', () => new TokenRefused('HelseID answered 400 invalid_dpop_proof')],
  ] as const) {
    it(`does not guess when the answer got lost and HelseID ${what}`, async () => {
      bench.answer = (_, accept) => {
        accept();
        bench.tokenTrouble = trouble;
        return { kind: 'unclear', reason: 'self service answered 504' };
      };
      const error = await failure(bench.rotate());
      expect(error).to.be.instanceOf(RotationFailed);
      expect(error.message).to.match(/^It is not known whether .*504.*Run the command again/);
      expect([bench.pending?.kid, bench.inUse?.kid]).to.deep.equal(['new-1', 'old']);
      expect(await failure(bench.rotate()), 'while it lasts').to.be.instanceOf(AdapterError);
      expect(bench.pending).to.include({ kid: 'new-1' });
      bench.tokenTrouble = () => undefined;
      expect((await bench.rotate()).keyId).to.equal('new-1');
      expect(bench.uploads).to.have.length(1);
    });
  }

  it('does not fail for an end that cannot be written down', async () => {
    const steps = new Steps();
    const { fileSystem } = steps;
    const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    let isRegistered = false;
    const files = new KeyFiles(bench.file, systemRandom, noProblemIn, {
      ...fileSystem,
      writeSync: (handle, octets, offset) => {
        if (isRegistered) {
          isRegistered = false;
          throw full;
        }
        return fileSystem.writeSync(handle, octets, offset);
      },
    });
    bench.answer = (_, accept) => {
      isRegistered = true;
      return accept();
    };
    await bench.rotate(steps, { files });
    expect(bench.inUse).to.include({ kid: 'new-1' }).and.not.have.property('exp');
    expect(bench.sentences.join()).to.contain('could not be written down');
  });

  it('says what to do when a registered key cannot be put in place', async () => {
    const { fileSystem } = new Steps();
    const files = new KeyFiles(bench.file, systemRandom, noProblemIn, {
      ...fileSystem,
      renameSync: (from, to) => {
        if (to === bench.file) throw Object.assign(new Error('busy'), { code: 'EBUSY' });
        fileSystem.renameSync(from, to);
      },
    });
    const error = await failure(bench.rotate(new Steps(), { files }));
    expect(error.message).to.match(
      /^The new key is registered, .*EBUSY.*run the command again, or rename .*\.pending/,
    );
    expect((await bench.rotate()).keyId).to.equal('new-1');
  });

  it('survives being killed at any step', async () => {
    const whole = new Steps();
    await new RotationBench(newFolder()).rotate(whole);
    expect(whole.count).to.be.greaterThan(20);
    for (let killAt = 1; killAt <= whole.count; killAt += 1) {
      const one = new RotationBench(newFolder());
      const at = `killed at step ${killAt}`;
      expect(await failure(one.rotate(new Steps(killAt))), at).to.be.instanceOf(Killed);
      const usable = [one.inUse?.kid, one.pending?.kid];
      expect(usable, `${at}: the registered key is at hand`).to.include(one.registered);
      expect(one.inUse, `${at}: the file is whole`).to.include({ d: 'c2VjcmV0LWQ' });

      const { keyId } = await one.rotate();
      expect(one.inUse?.kid, at).to.equal(keyId).and.to.equal(one.registered);
      expect(one.names, `${at}: nothing is left lying about`).to.deep.equal(['key.jwk', 'key.jwk.previous']);
      expect(statSync(one.file).mode & 0o777, at).to.equal(0o600);
    }
  });

  it('survives being killed at any step of going on', async () => {
    const started = async (): Promise<RotationBench> => {
      const one = new RotationBench(newFolder());
      one.answer = (_, accept) => {
        accept();
        throw new Killed();
      };
      await failure(one.rotate());
      one.answer = (_, accept) => accept();
      return one;
    };
    const whole = new Steps();
    await (await started()).rotate(whole);
    for (let killAt = 1; killAt <= whole.count; killAt += 1) {
      const one = await started();
      await failure(one.rotate(new Steps(killAt)));
      expect([one.inUse?.kid, one.pending?.kid]).to.include(one.registered);
      await one.rotate();
      expect(one.inUse?.kid).to.equal(one.registered);
      expect(one.names).to.deep.equal(['key.jwk', 'key.jwk.previous']);
    }
  });

  it('ends with the registered key in place when two run at once', async () => {
    const runs = await Promise.allSettled([bench.rotate(), bench.rotate()]);
    expect(runs.filter(({ status }) => status === 'fulfilled')).to.not.have.length(0);
    expect(bench.inUse?.kid).to.equal(bench.registered);
    await bench.rotate();
    expect(bench.inUse?.kid).to.equal(bench.registered);
    expect(bench.pending).to.equal(undefined);
  });

  it('ends with the registered key in place when another run has given it up', async () => {
    bench.answer = (_, accept) => {
      const answer = accept();
      // The other run was refused a moment before.
      rmSync(`${bench.file}.pending`);
      return answer;
    };
    await bench.rotate();
    expect(bench.inUse).to.include({ kid: 'new-1' });
    expect(bench.inUse?.kid).to.equal(bench.registered);
  });

  it('says nothing of the key but its id', async () => {
    await bench.rotate();
    expect(bench.sentences.join('\n')).to.contain('new-1').and.not.contain('c2VjcmV0');
  });
});
