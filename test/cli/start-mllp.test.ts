import { request, type IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { RawConnection } from '../support/raw-connection.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';
import { until } from '../support/until.js';

const QUERY = 'MSH|^~\\&|EPJ|WARD|||20260301120000||ZZZ^Z99|M1|P|2.5\r';
/** The end of a frame. */
const WHOLE = new RegExp(`${String.fromCharCode(0x1c)}\r$`);
const HTTP = { PREG_ADAPTER__LISTENERS__LEGACY__PLAINTEXT: 'true' };

describe('the adapter with MLLP', function () {
  this.timeout(30_000);
  const running: SandboxedAdapter[] = [];

  afterEach(async () => {
    for (const adapter of running.splice(0)) await adapter.stop();
  });

  async function start(environment: Readonly<Record<string, string>> = {}): Promise<SandboxedAdapter> {
    const adapter = await startSandboxedAdapter({ ...HTTP, ...environment });
    running.push(adapter);
    return adapter;
  }

  async function ask(adapter: SandboxedAdapter): Promise<string> {
    const connection = await RawConnection.open(adapter.running.mllp?.port ?? 0);
    connection.send(`\x0b${QUERY}\x1c\r`);
    const answer = await connection.receives(WHOLE);
    connection.close();
    return answer;
  }

  async function readiness(adapter: SandboxedAdapter): Promise<unknown> {
    return (await fetch(`${adapter.operationsUrl}/health/ready`)).json();
  }

  it('answers as the client whose peer the sender is, and shows in readiness', async () => {
    const adapter = await start();
    expect(await ask(adapter)).to.match(/MSH\|[^]*\rMSA\|AR\|M1\|/);
    await adapter.says(/"message":"request answered"[^\n]*"clientId":"epj-sandbox"[^\n]*"protocol":"hl7v2"/);
    expect(await readiness(adapter)).to.have.nested.property('checks.mllp.status', 'ok');
    expect(await readiness(adapter)).to.have.nested.property('checks.plaintext.status', 'ok');
  });

  it('does not know a sender by another name than that of its peer', async () => {
    const adapter = await start({ PREG_ADAPTER__CLIENTS__0__HL7V2__PEERS__0__APPLICATION: 'OTHER' });
    expect(await ask(adapter)).to.contain('\rMSA|AR|M1|The sender is not let in.\r');
    await adapter.says(
      /"message":"request answered"[^\n]*"clientId":null[^\n]*"outcome":"not-authenticated"/,
    );
  });

  it('lets nobody in for a client that is switched off or does not speak HL7 v2', async () => {
    const adapter = await start({ PREG_ADAPTER__CLIENTS__0__ENABLED: 'false' });
    const connection = await RawConnection.open(adapter.running.mllp?.port ?? 0);
    expect(await connection.untilClosed()).to.equal('');
    await adapter.says(/"message":"a connection for HL7 v2 was refused"[^\n]*"reason":"unknown-address"/);
  });

  it('gives the same answer to POST /hl7v2', async () => {
    const adapter = await start();
    const post = request(`http://127.0.0.1:${adapter.running.legacy.port}/hl7v2`, {
      method: 'POST',
      auth: 'epj-sandbox:epj-sandbox',
      headers: { 'Content-Type': 'application/hl7-v2' },
    });
    post.end(QUERY);
    const response = await new Promise<IncomingMessage>((resolve) => post.once('response', resolve));
    let body = '';
    for await (const piece of response) body += String(piece);
    expect(response.statusCode).to.equal(200);
    expect(response.headers['content-type']).to.equal('application/hl7-v2; charset=iso-8859-1');
    expect(body).to.match(/^MSH\|[^]*\rMSA\|AR\|M1\|/);
  });

  it('warns in readiness where other machines can read along', async () => {
    const adapter = await start({
      PREG_ADAPTER__LISTENERS__MLLP__HOST: '0.0.0.0',
      PREG_ADAPTER__LISTENERS__MLLP__PLAINTEXT: 'true',
    });
    expect(await readiness(adapter)).to.have.nested.property(
      'checks.plaintext.reason',
      'without TLS: listeners.mllp',
    );
  });

  it('closes idle connections when it stops', async () => {
    const adapter = await startSandboxedAdapter(HTTP);
    const connection = await RawConnection.open(adapter.running.mllp?.port ?? 0);
    connection.send(`\x0b${QUERY}\x1c\r`);
    await connection.receives(WHOLE);
    await adapter.stop();
    await until(() => connection.socket.destroyed);
  });
});
