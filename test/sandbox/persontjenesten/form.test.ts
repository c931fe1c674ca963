import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { expect } from 'chai';
import { readBody } from '../../../src/sandbox/persontjenesten/form.js';
import { Problem } from '../../../src/sandbox/persontjenesten/problem.js';

describe('the body of a request to the sandbox', () => {
  it('is a problem of the caller, and none of the sandbox, when the caller leaves within it', async () => {
    let settle: (outcome: unknown) => void = () => undefined;
    const read = new Promise<unknown>((resolve) => {
      settle = resolve;
    });
    const server = createServer((request) => {
      readBody(request, 'application/json').then(settle, settle);
      socket.resetAndDestroy();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address: AddressInfo | string | null = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
    const socket = connect(address.port, '127.0.0.1');
    socket.write(
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
    );
    const problem = await read;
    server.close();
    expect(problem).to.be.instanceOf(Problem).with.property('status', 400);
  });
});
