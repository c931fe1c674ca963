import { request } from 'node:https';
import { connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { HL7V3_PATH } from '../support/get-demographics-request.js';
import type { SandboxedAdapter } from '../support/sandboxed-adapter.js';
import { ordinary, type Path } from './paths.js';

/** Sends what the path says, and gives what may hold nothing of the person: all of the answer but its subject. */
export async function walk(path: Path, adapter: SandboxedAdapter): Promise<string> {
  const { faults } = adapter.sandbox;
  for (const [target, fault] of path.faults ?? []) faults.next(target, fault);
  const { address = '', method = 'POST', headers = {} } = path;
  const url = adapter.legacyUrl + (address.startsWith('/') ? '' : HL7V3_PATH) + address;
  try {
    return await new Promise((resolve, reject) => {
      const outgoing = request(url, {
        method,
        ca: adapter.certificatePem,
        headers: { 'Content-Type': 'application/soap+xml; charset=utf-8', ...headers },
      });
      outgoing.once('error', reject).once('response', (response) => {
        const head = `${response.statusCode ?? 0} ${JSON.stringify(response.headers)}\n`;
        textOf(response).then((body) => {
          resolve(head + withoutEchoes(body));
        }, reject);
      });
      outgoing.end(path.body);
    });
  } catch (error) {
    // A listener may close the door on somebody who is still talking.
    return String(error);
  } finally {
    faults.clear();
  }
}

/** Without the person who was asked for, and without what the protocol has go back to where it came from. */
function withoutEchoes(body: string): string {
  return body
    .replace(/<subject .*<\/subject>/s, '')
    .replace(/<(Get\w+Result|b:Persons)[ >].*<\/\1>/s, '')
    .replace(/<a:RelatesTo>[^<]*<\/a:RelatesTo>/, '')
    .replace(/<processingCode [^>]*>/, '');
}

/** Leaves in the middle of a question, and again before its answer. */
export async function walkAway(body: string, adapter: SandboxedAdapter): Promise<void> {
  for (const part of [body.slice(0, -200), body]) {
    const outgoing = request(adapter.legacyUrl + HL7V3_PATH, {
      method: 'POST',
      ca: adapter.certificatePem,
      headers: {
        'Content-Type': 'application/soap+xml; charset=utf-8',
        'Content-Length': String(Buffer.byteLength(body)),
      },
    });
    outgoing.on('error', () => undefined);
    await new Promise<void>((resolve) => {
      outgoing.once('close', resolve).write(part, () => {
        outgoing.destroy();
      });
    });
  }
}

/** Says something that is no HTTP, or HTTP in the wrong place, and gives the answer. */
export async function mumble(port: number): Promise<string> {
  const { number, name } = ordinary;
  const answers: string[] = [];
  for (const text of [
    `GET /${number}/${name} HTTP/1.1\r\nHost: ${number}\r\nX-Person: ${name}\r\nConnection: close\r\n\r\n`,
    `${number} ${name}\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: x\r\n${name} ${number}\r\n\r\n`,
  ]) {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => undefined);
    socket.end(text);
    answers.push(await textOf(socket).catch(String));
  }
  return answers.join('\n');
}
