import { execFile } from 'node:child_process';
import { getEventListeners, once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import type { ServerOptions } from 'node:https';
import { join } from 'node:path';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { AxiosError, AxiosHeaders, type AxiosInstance, type AxiosResponse } from 'axios';
import { expect } from 'chai';
import {
  authoritiesWith,
  callErrorCode,
  closeHttpClient,
  createHttpClient,
  headersOf,
  type OutboundSettings,
} from '../../src/outbound/http-client.js';
import type { Clock } from '../../src/runtime/clock.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { createSelfSignedCertificate } from '../../src/sandbox/self-signed-certificate.js';
import { fastest } from '../support/fastest.js';
import { loopbackServers, type LoopbackServer } from '../support/loopback-server.js';
import { serverCertificate } from '../support/server-certificate.js';
import { StandingClock } from '../support/standing-clock.js';
import { temporaryFolders } from '../support/temporary-folder.js';

const MEBIBYTE = 1024 * 1024;

/** Node reads its environment when it starts. */
const CALL_FROM_OUTSIDE = `
  const { CLIENT, TARGET, AUTHORITY } = process.env;
  const { createHttpClient } = await import(CLIENT);
  const client = createHttpClient({ certificateAuthority: AUTHORITY });
  process.stdout.write(await client.get(TARGET).then(() => 'an answer', ({ code }) => code));
  process.exit();
`;

describe('outbound HTTP client', () => {
  const newFolder = temporaryFolders();
  const start = loopbackServers();
  const clients: AxiosInstance[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) closeHttpClient(client);
  });

  function newClient(settings: OutboundSettings): AxiosInstance {
    const client = createHttpClient(settings);
    clients.push(client);
    return client;
  }

  async function serve(handler: RequestListener, options: ServerOptions = {}): Promise<LoopbackServer> {
    const { certificatePem, privateKeyPem } = await serverCertificate();
    return start(handler, { cert: certificatePem, key: privateKeyPem, ...options });
  }

  async function trusting(settings: Partial<OutboundSettings> = {}): Promise<AxiosInstance> {
    const { certificatePem } = await serverCertificate();
    return newClient({ certificateAuthority: certificatePem, ...settings });
  }

  async function answerOf(handler: RequestListener): Promise<AxiosResponse<string>> {
    const { port } = await serve(handler);
    return (await trusting()).get<string>(`https://127.0.0.1:${port}/`);
  }

  async function errorOf(calling: Promise<unknown>): Promise<string> {
    return calling.then(
      () => 'an answer',
      (error: unknown) => callErrorCode(error),
    );
  }

  describe('certificates', () => {
    it('trusts the authority it is given', async () => {
      expect((await answerOf((_, response) => response.end('here'))).data).to.equal('here');
    });

    it('goes on trusting the authorities of Node when it is given another', async () => {
      const { certificatePem } = await serverCertificate();
      expect(authoritiesWith(certificatePem)).to.have.members([...tls.rootCertificates, certificatePem]);
    });

    for (const [what, own] of [
      ['without an authority of its own', false],
      ['with one', true],
    ] as const) {
      it(`trusts nobody because the environment does, ${what}`, async () => {
        const { port } = await serve((_, response) => response.end());
        const { certificatePem } = await serverCertificate();
        const other = await createSelfSignedCertificate({
          commonName: 'other',
          clock: systemClock,
          random: systemRandom,
        });
        const file = join(newFolder(), 'environment.pem');
        writeFileSync(file, certificatePem);
        const { stdout } = await promisify(execFile)(
          process.execPath,
          ['--input-type=module', '--eval', CALL_FROM_OUTSIDE],
          {
            env: {
              NODE_EXTRA_CA_CERTS: file,
              CLIENT: new URL('../../src/outbound/http-client.js', import.meta.url).href,
              TARGET: `https://127.0.0.1:${port}/`,
              ...(own ? { AUTHORITY: other.certificatePem } : {}),
            },
          },
        );
        expect(stdout).to.equal('DEPTH_ZERO_SELF_SIGNED_CERT');
      }).timeout(20_000);
    }

    it('trusts nobody whom Node does not trust without one', async () => {
      const { port } = await serve((_, response) => response.end());
      const client = newClient({ certificateAuthority: undefined });
      expect(await errorOf(client.get(`https://127.0.0.1:${port}/`))).to.equal('DEPTH_ZERO_SELF_SIGNED_CERT');
    });

    it('reads several authorities out of one text', async () => {
      const { certificatePem } = await serverCertificate();
      const other = await certificateFor(new StandingClock(new Date().toISOString()));
      const { port } = await serve((_, response) => response.end());
      const client = newClient({ certificateAuthority: `${other.certificatePem}\n${certificatePem}` });
      expect((await client.get(`https://127.0.0.1:${port}/`)).status).to.equal(200);
    });

    it('cannot be told by the environment to trust everybody', async () => {
      const { port } = await serve((_, response) => response.end());
      const client = newClient({ certificateAuthority: undefined });
      await withEnvironment({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, async () => {
        expect(await errorOf(client.get(`https://127.0.0.1:${port}/`))).to.equal(
          'DEPTH_ZERO_SELF_SIGNED_CERT',
        );
      });
    });

    it('refuses one that has expired', async () => {
      const { certificatePem, privateKeyPem } = await certificateFor(
        new StandingClock('2020-01-01T00:00:00Z'),
      );
      const { port } = await serve((_, response) => response.end(), {
        cert: certificatePem,
        key: privateKeyPem,
      });
      const client = newClient({ certificateAuthority: certificatePem });
      expect(await errorOf(client.get(`https://127.0.0.1:${port}/`))).to.equal('CERT_HAS_EXPIRED');
    });

    it('refuses one for another host', async () => {
      const { certificatePem, privateKeyPem } = await certificateFor(
        new StandingClock(new Date().toISOString()),
        ['other.example.invalid'],
      );
      const { port } = await serve((_, response) => response.end(), {
        cert: certificatePem,
        key: privateKeyPem,
      });
      const client = newClient({ certificateAuthority: certificatePem });
      expect(await errorOf(client.get(`https://127.0.0.1:${port}/`))).to.equal(
        'ERR_TLS_CERT_ALTNAME_INVALID',
      );
    });

    it('speaks no TLS older than 1.2, whatever the defaults of the process', async () => {
      const { port } = await serve((_, response) => response.end(), {
        minVersion: 'TLSv1',
        maxVersion: 'TLSv1.1',
        ciphers: 'DEFAULT:@SECLEVEL=0',
      });
      const defaults = { DEFAULT_CIPHERS: tls.DEFAULT_CIPHERS, DEFAULT_MIN_VERSION: tls.DEFAULT_MIN_VERSION };
      Object.assign(tls, { DEFAULT_CIPHERS: 'DEFAULT:@SECLEVEL=0', DEFAULT_MIN_VERSION: 'TLSv1' });
      try {
        const client = await trusting();
        expect(await errorOf(client.get(`https://127.0.0.1:${port}/`))).to.match(
          /^(EPROTO|ERR_SSL_.*VERSION)$/,
        );
      } finally {
        Object.assign(tls, defaults);
      }
    });

    it('reads the authorities once, not for each connection', async () => {
      const { certificatePem } = await serverCertificate();
      const server = await serve((_, response) => response.writeHead(200, { Connection: 'close' }).end());
      const client = await trusting();
      const calls = await fastest(async () => client.get(`https://127.0.0.1:${server.port}/`), 10);
      const reading = await fastest(
        () => Promise.resolve(tls.createSecureContext({ ca: [...tls.rootCertificates, certificatePem] })),
        10,
      );
      expect(calls).to.be.lessThan(reading);
    });
  });

  it('goes where it is sent and nowhere else: redirects are answers', async () => {
    const elsewhere = await serve((_, response) => response.end());
    for (const status of [301, 302, 303, 307, 308]) {
      const answer = await answerOf((_, response) => {
        response.writeHead(status, { Location: `https://127.0.0.1:${elsewhere.port}/` }).end();
      });
      expect(answer.status).to.equal(status);
    }
    expect(elsewhere.connections()).to.equal(0);
  });

  it('takes no proxy from the environment', async () => {
    const proxy = await start((_, response) => response.end('proxy'));
    const { port } = await serve((_, response) => response.end('upstream'));
    const client = await trusting();
    const address = `http://127.0.0.1:${proxy.port}`;
    const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];
    await withEnvironment(
      { ...Object.fromEntries(names.map((name) => [name, address])), NO_PROXY: '', no_proxy: '' },
      async () => {
        expect((await client.get<string>(`https://127.0.0.1:${port}/`)).data).to.equal('upstream');
      },
    );
    expect(proxy.connections()).to.equal(0);
  });

  it('throws for no status', async () => {
    const { port } = await serve((request, response) => {
      response.writeHead(Number(request.url?.slice(1))).end();
    });
    const client = await trusting();
    for (const status of [200, 204, 205, 304, 400, 401, 403, 404, 418, 429, 500, 503, 599]) {
      expect((await client.get(`https://127.0.0.1:${port}/${status}`)).status).to.equal(status);
    }
  });

  describe('answers that are too large', () => {
    it('by their own word are cut off', async () => {
      const { port } = await serve((_, response) => {
        response.writeHead(200, { 'Content-Length': String(50 * MEBIBYTE) });
        for (let sent = 0; sent < 50; sent += 1) response.write(Buffer.alloc(MEBIBYTE, ' '));
      });
      expect(await errorOf((await trusting()).get(`https://127.0.0.1:${port}/`))).to.equal(
        'ERR_BAD_RESPONSE',
      );
    });

    it('without a word of it are cut off', async () => {
      let sent = 0;
      const { port } = await serve((_, response) => {
        const more = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(MEBIBYTE, ' '))) sent += 1;
          sent += 1;
        };
        response.on('drain', more);
        more();
      });
      expect(await errorOf((await trusting()).get(`https://127.0.0.1:${port}/`))).to.equal(
        'ERR_BAD_RESPONSE',
      );
      expect(sent, 'mebibytes sent').to.be.lessThan(40);
    });

    for (const [encoding, pack] of [
      ['gzip', gzipSync],
      ['deflate', deflateSync],
      ['br', brotliCompressSync],
    ] as const) {
      it(`once unpacked are cut off: ${encoding}`, async () => {
        const bomb = pack(Buffer.alloc(60 * MEBIBYTE, ' '));
        expect(bomb.length).to.be.lessThan(MEBIBYTE);
        const { port } = await serve((_, response) => {
          response.writeHead(200, { 'Content-Encoding': encoding }).end(bomb);
        });
        expect(await errorOf((await trusting()).get(`https://127.0.0.1:${port}/`))).to.equal(
          'ERR_BAD_RESPONSE',
        );
      }).timeout(10_000);
    }

    it('are none up to eight mebibytes', async () => {
      const answer = await answerOf((_, response) => response.end(Buffer.alloc(8 * MEBIBYTE, ' ')));
      expect(answer.data).to.have.length(8 * MEBIBYTE);
    });
  });

  describe('text', () => {
    const text = '{"familyName":"ČÁHPPE-ØVERÅS 𝔸"}';

    it('is UTF-8, wherever the chunks are cut', async () => {
      const answer = await answerOf((_, response) => {
        response.socket?.setNoDelay(true);
        const octets = Buffer.from(text);
        const sendFrom = (index: number): void => {
          if (index === octets.length) response.end();
          else
            response.write(octets.subarray(index, index + 1), () => {
              setImmediate(sendFrom, index + 1);
            });
        };
        sendFrom(0);
      });
      expect(answer.data).to.equal(text);
    });

    it('is UTF-8 when it comes packed', async () => {
      const answer = await answerOf((_, response) => {
        response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(text));
      });
      expect(answer.data).to.equal(text);
    });

    it('loses a byte order mark', async () => {
      const answer = await answerOf((_, response) => response.end(`\ufeff${text}`));
      expect(answer.data).to.equal(text);
    });

    it('in another encoding is no good answer: letters are never replaced in silence', async () => {
      const { port } = await serve((_, response) => response.end(Buffer.from('{"a":"Øverås"}', 'latin1')));
      expect(await errorOf((await trusting()).get(`https://127.0.0.1:${port}/`))).to.equal(
        'ERR_ENCODING_INVALID_ENCODED_DATA',
      );
    });

    it('in another encoding does not hide the status of a refusal', async () => {
      const answer = await answerOf((_, response) => {
        response.writeHead(502).end(Buffer.from('<p>Feil på tjenesten</p>', 'latin1'));
      });
      expect(answer.status).to.equal(502);
    });

    it('is never read as JSON here', async () => {
      const answer = await answerOf((_, response) => {
        response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"id": "00123"}');
      });
      expect(answer.data).to.equal('{"id": "00123"}');
    });
  });

  describe('connections', () => {
    it('are kept and used again', async () => {
      const server = await serve((_, response) => response.end());
      const client = await trusting();
      for (let call = 0; call < 5; call += 1) await client.get(`https://127.0.0.1:${server.port}/`);
      expect(server.connections()).to.equal(1);
    });

    it('are never more than 64 to one host', async () => {
      const held: (() => void)[] = [];
      const server = await serve((_, response) => {
        held.push(() => response.end());
        if (held.length >= 64) for (const release of held) release();
      });
      const client = await trusting();
      const calls = Array.from({ length: 100 }, () => client.get(`https://127.0.0.1:${server.port}/`));
      await Promise.all(calls);
      expect(server.connections()).to.equal(64);
    });

    it('that nobody uses are closed, before a firewall forgets them', async () => {
      const server = await serve((_, response) => response.end());
      const client = await trusting({ idleMilliseconds: 10 });
      await client.get(`https://127.0.0.1:${server.port}/`);
      const [socket] = server.open;
      if (socket !== undefined) await once(socket, 'close');
      expect(server.open.size).to.equal(0);
    });

    it('are closed with the client', async () => {
      const server = await serve((_, response) => response.end());
      const client = await trusting();
      await client.get(`https://127.0.0.1:${server.port}/`);
      const [socket] = server.open;
      if (socket === undefined) throw new Error('the connection was not kept');
      closeHttpClient(client);
      await once(socket, 'close');
    });

    it('leave no listener on the signal of a call', async () => {
      const { port } = await serve((_, response) => response.end());
      const { signal } = new AbortController();
      const client = await trusting();
      for (let call = 0; call < 20; call += 1) await client.get(`https://127.0.0.1:${port}/`, { signal });
      expect(getEventListeners(signal, 'abort')).to.have.length(0);
    });
  });
});

describe('headers of an answer', () => {
  it('have lower-case names and one text each', () => {
    expect(
      headersOf({ 'DPoP-Nonce': 'n', 'www-authenticate': ['DPoP', 'Bearer'], age: 7, none: undefined }),
    ).to.deep.equal({ 'dpop-nonce': 'n', 'www-authenticate': 'DPoP, Bearer' });
  });

  it('are read from the headers of axios', () => {
    expect(headersOf(new AxiosHeaders({ 'Content-Type': 'application/json' }))).to.deep.equal({
      'content-type': 'application/json',
    });
  });
});

describe('the code of a failed call', () => {
  it('is that of Node or of axios', () => {
    expect(callErrorCode(Object.assign(new Error('secret'), { code: 'ECONNREFUSED' }))).to.equal(
      'ECONNREFUSED',
    );
    expect(callErrorCode(new AxiosError('secret', 'ERR_BAD_RESPONSE'))).to.equal('ERR_BAD_RESPONSE');
  });

  it('is the kind of error where there is none', () => {
    expect(callErrorCode(new TypeError('secret'))).to.equal('TypeError');
    expect(callErrorCode('secret')).to.equal('unknown');
  });
});

async function certificateFor(
  clock: Clock,
  hostNames: readonly string[] = [],
): ReturnType<typeof createSelfSignedCertificate> {
  return createSelfSignedCertificate({
    commonName: 'another test',
    clock,
    random: systemRandom,
    ...(hostNames.length === 0 ? {} : { hostNames, ipAddresses: [] }),
  });
}

async function withEnvironment(
  variables: Readonly<Record<string, string>>,
  run: () => Promise<void>,
): Promise<void> {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    await run();
  } finally {
    for (const name of Object.keys(variables)) {
      const value = before[name];
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
}
