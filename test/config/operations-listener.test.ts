import { expect } from 'chai';
import { loadConfiguration } from '../../src/config/load.js';
import { ConfigurationError } from '../../src/config/problems.js';
import { ManualClock } from '../support/manual-clock.js';
import { smallest, someCertificate, someHash, write } from '../support/configuration-files.js';
import { temporaryFolders } from '../support/temporary-folder.js';

describe('the configuration of the operations listener', () => {
  const newFolder = temporaryFolders();
  const clock = new ManualClock('2026-03-01T12:00:00Z');

  function problems(operations: string): string[] {
    const file = write(newFolder(), 'c.yaml', `${smallest}\nlisteners: { operations: ${operations} }\n`);
    try {
      loadConfiguration({ file, environment: {}, clock });
    } catch (error) {
      if (error instanceof ConfigurationError) return error.problems.map(({ path }) => path);
      throw error;
    }
    return [];
  }

  it('needs no password on loopback', () => {
    for (const host of ['127.0.0.1', '127.8.8.8', '"::1"', 'localhost']) {
      expect(problems(`{ host: ${host} }`), host).to.deep.equal([]);
    }
  });

  it('needs one where other machines can connect', () => {
    for (const host of ['0.0.0.0', '"::"', '10.1.2.3', 'preg.example']) {
      expect(problems(`{ host: ${host} }`), host).to.deep.equal(['listeners.operations.passwordHash']);
      expect(problems(`{ host: ${host}, passwordHash: '${someHash}' }`), host).to.deep.equal([]);
    }
  });

  it('takes no password for a hash', () => {
    expect(problems('{ passwordHash: hush-hush }')).to.deep.equal(['listeners.operations.passwordHash']);
  });

  it('takes a certificate with its key, and refuses half of it and what is none', async () => {
    const { certificatePem, privateKeyPem } = await someCertificate(clock);
    const folder = newFolder();
    const certificate = write(folder, 'certificate.pem', certificatePem);
    const key = write(folder, 'key.pem', privateKeyPem);
    expect(problems(`{ tls: { certificateFile: ${certificate}, privateKeyFile: ${key} } }`)).to.deep.equal(
      [],
    );
    expect(problems(`{ tls: { certificateFile: ${certificate} } }`)).to.deep.equal([
      'listeners.operations.tls',
    ]);
    expect(problems(`{ tls: { certificateFile: ${key}, privateKeyFile: ${key} } }`)).to.deep.equal([
      'listeners.operations.tls',
    ]);
  });
});
