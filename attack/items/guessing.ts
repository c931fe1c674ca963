import { hashPassword } from '../../src/access/password-hash.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { NotTried, onHospital, onTarget, type Item } from '../item.js';
import { insist, legalFault, tells, tellsNobody } from '../judge.js';
import { send, type Answer } from '../wire/http.js';
import { demographicsBody, post, question, security, timestamp, usernameToken } from '../wire/message.js';
import { RawConnection } from '../wire/raw.js';
import { openSession, sessionCall } from '../wire/session.js';
import type { Hospital } from '../world/hospital.js';
import type { Target } from '../world/target.js';
import { bare, freshAddress } from './ws-security.js';

function login(target: Target, username: string, password: string, from: string): Promise<Answer> {
  const header = security(timestamp() + usernameToken(username, password));
  return post(target, question(target, { security: header }), { from });
}

function basic(username: string, password: string): Record<string, string> {
  return { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

const TRIES = 5;

export const guessing: Item = {
  number: 27,
  title: 'Guessing passwords becomes slow, tells nothing, and hinders nobody else',
  probes: [
    onHospital(
      'an unknown user, a wrong password, a sealed one, one switched off: which is which',
      async ({ target, accounts }) => {
        const kinds = [
          'nobody-at-all',
          accounts.narrow.username,
          accounts.otherDigest.username,
          accounts.switchedOff.username,
        ];
        const texts = new Set<string>();
        const times = kinds.map(() => new Array<number>());
        for (let index = 0; index < TRIES; index += 1) {
          for (const [kind, name] of kinds.entries()) {
            const answer = await login(target, name, 'wrong', freshAddress());
            texts.add(bare(answer));
            times[kind]?.push(answer.milliseconds);
          }
        }
        insist(texts.size === 1, 'the answers differ');
        // At first nobody is delayed, and then each by the same. A busy machine makes for differences of its own.
        const spreads = [
          times.map((one) => median(one.slice(0, 3))),
          times.map((one) => median(one.slice(-2))),
        ].map((each) => ({
          by: Math.max(...each) - Math.min(...each),
          bound: Math.max(500, median(each) / 2),
        }));
        const told = spreads.map(({ by }) => Math.round(by)).join(' and ');
        insist(
          spreads.every(({ by, bound }) => by < bound),
          `the times differ by ${told} ms`,
        );
        return `one answer; times differ by ${told} ms`;
      },
    ),
    onHospital('eight wrong passwords for one account', async ({ target, accounts }) => {
      const from = freshAddress();
      const times: number[] = [];
      for (let index = 0; index < 8; index += 1) {
        const answer = await login(target, accounts.other.username, `wrong ${index}`, from);
        if (answer.status === 500) legalFault(answer, { code: 'FailedAuthentication' });
        times.push(answer.milliseconds);
      }
      const [first = 0] = times;
      const last = times.at(-1) ?? 0;
      insist(last > first + 1_000, `the first took ${Math.round(first)} ms, the last ${Math.round(last)} ms`);
      return `the first took ${Math.round(first)} ms, the last ${Math.round(last)} ms`;
    }),
    onHospital(
      'the same by turns over SOAP, HTTP Basic, Filematch and HL7 v2',
      async ({ target, accounts }) => {
        const from = freshAddress();
        const { username } = accounts.narrow;
        const began = performance.now();
        for (let index = 0; index < 2; index += 1) {
          await login(target, username, `wrong ${index}`, from);
          for (const path of ['/filematch/jobs', '/hl7v2', '/Personregister.WCF/PersonService.svc']) {
            const answer = await send(target, path, {
              from,
              body: 'MSH|',
              headers: {
                ...basic(username, `wrong ${index}`),
                'Content-Type': path === '/hl7v2' ? 'text/plain' : 'application/soap+xml',
              },
            });
            insist(answer.status >= 400, `HTTP ${answer.status} at ${path}`);
          }
        }
        const took = performance.now() - began;
        insist(took > 2_000, `eight guesses in ${Math.round(took)} ms`);
        return `eight guesses took ${Math.round(took / 1000)} s`;
      },
    ),
    onHospital('thirty accounts from one address', async ({ target }) => {
      const from = freshAddress();
      const times: number[] = [];
      for (let index = 0; index < 16; index += 1) {
        times.push((await login(target, `user-${index}`, 'winter', from)).milliseconds);
      }
      const last = times.at(-1) ?? 0;
      insist(last > (times[0] ?? 0) + 1_000, `the last took ${Math.round(last)} ms`);
      return `the first took ${Math.round(times[0] ?? 0)} ms, the sixteenth ${Math.round(last)} ms`;
    }),
    onHospital(
      'the account under attack still works where it worked before',
      async ({ target, accounts }) => {
        const home = freshAddress();
        tells(target, await login(target, accounts.victim.username, accounts.victim.password, home));
        const guesses = Array.from({ length: 12 }, () =>
          login(target, accounts.victim.username, 'wrong', freshAddress()).catch(() => undefined),
        );
        await new Promise((resolve) => setTimeout(resolve, 300));
        const answer = await login(target, accounts.victim.username, accounts.victim.password, home);
        tells(target, answer);
        await Promise.all(guesses);
        insist(answer.milliseconds < 2_000, `took ${Math.round(answer.milliseconds)} ms`);
        return `the right answer in ${Math.round(answer.milliseconds)} ms`;
      },
    ),
    onHospital('a session is not hindered', async ({ target, accounts }) => {
      const session = await openSession(target);
      const guesses = Array.from({ length: 30 }, () =>
        login(target, accounts.honest.username, 'wrong', freshAddress()).catch(() => undefined),
      );
      const answer = await post(target, sessionCall(target, session));
      tells(target, answer);
      await Promise.all(guesses);
      insist(answer.milliseconds < 3_000, `took ${Math.round(answer.milliseconds)} ms`);
      return `the right answer in ${Math.round(answer.milliseconds)} ms`;
    }),
    onHospital('the log tells of it, without names and passwords', async (hospital) => {
      const from = hospital.lines.length;
      await login(hospital.target, 'somebody-guessed', 'hunter2-guessed', freshAddress());
      await hospital.says(/authentication failed/, from);
      insist(
        !hospital.lines.slice(from).some((line) => /hunter2|somebody-guessed/.test(line)),
        'what was guessed is in the log',
      );
      return '"authentication failed", and nothing of what was guessed';
    }),
    onTarget('a wrong password in HTTP Basic beside a right one in WS-Security', async (target) => {
      const answer = await post(target, question(target), { headers: basic('nobody', 'nothing') });
      return answer.status === 200 ? tells(target, answer) : legalFault(answer);
    }),
    onTarget('HTTP Basic in forms that are none', async (target) => {
      for (const value of [
        'Basic',
        'Basic ====',
        'Basic bm9jb2xvbg==',
        `Basic ${'A'.repeat(9_000)}`,
        'Bearer abc',
        'Negotiate abc',
        'Basic \u00e5',
      ]) {
        const answer = await send(target, '/filematch/jobs', {
          method: 'GET',
          headers: { Authorization: value },
          from: freshAddress(),
        });
        insist(answer.status === 401, `HTTP ${answer.status}`);
      }
      return 'HTTP 401 each time';
    }),
    onTarget('X-Forwarded-For from one who is no proxy', async (target) => {
      const from = freshAddress();
      const times: number[] = [];
      for (let index = 0; index < 14; index += 1) {
        const header = security(timestamp() + usernameToken(`forward-${index}`, 'wrong'));
        const answer = await post(target, question(target, { security: header }), {
          from,
          headers: { 'X-Forwarded-For': `10.0.0.${index}` },
        });
        times.push(answer.milliseconds);
      }
      const last = times.at(-1) ?? 0;
      insist(last > 800, `the fourteenth took ${Math.round(last)} ms: the header was believed`);
      return `not believed: the fourteenth took ${Math.round(last)} ms`;
    }),
  ],
};

async function withPassword(hospital: Hospital, over: Readonly<Record<string, unknown>>): Promise<void> {
  const { username } = hospital.accounts.changing;
  const settings = hospital.settingsOf(username);
  await hospital.reload({ clients: hospital.clientsWith(username, { ...settings, ...over }) });
}

export const rotation: Item = {
  number: 28,
  title:
    'A password that is replaced works beside the new one as long as the operator says, and then never again',
  probes: [
    onHospital(
      'a new password by reload: the old one is refused at once, though it was remembered',
      async (hospital) => {
        const { target, accounts } = hospital;
        const { username, password } = accounts.changing;
        const home = freshAddress();
        tells(target, await login(target, username, password, home));
        const session = await openSession(target, security(timestamp() + usernameToken(username, password)));
        tells(target, await post(target, sessionCall(target, session)));
        try {
          await withPassword(hospital, { passwordHash: await hashPassword('another one', systemRandom) });
          const old = await login(target, username, password, home);
          if (old.status === 200) throw new NotTried('this adapter changes passwords by restart alone');
          legalFault(old, { code: 'FailedAuthentication' });
          tells(target, await login(target, username, 'another one', freshAddress()));
          return legalFault(await post(target, sessionCall(target, session)), { code: 'BadContextToken' });
        } finally {
          await hospital.reload({});
        }
      },
    ),
    onHospital('old and new in overlap, until the old one is taken out', async (hospital) => {
      const { target, accounts } = hospital;
      const { username, password } = accounts.changing;
      const { passwordHash } = hospital.settingsOf(username);
      const renewed = { passwordHash: await hashPassword('another one', systemRandom) };
      try {
        await withPassword(hospital, { ...renewed, previousPasswordHash: passwordHash });
        tells(target, await login(target, username, password, freshAddress()));
        tells(target, await login(target, username, 'another one', freshAddress()));
        await withPassword(hospital, renewed);
        tells(target, await login(target, username, 'another one', freshAddress()));
        return `both answered; then ${legalFault(await login(target, username, password, freshAddress()), { code: 'FailedAuthentication' })}`;
      } finally {
        await hospital.reload({});
      }
    }),
    onHospital(
      'an account that is switched off by reload: password and session are refused at once',
      async (hospital) => {
        const { target, accounts } = hospital;
        const { username, password } = accounts.changing;
        const session = await openSession(target, security(timestamp() + usernameToken(username, password)));
        try {
          await withPassword(hospital, { enabled: false });
          const old = await login(target, username, password, freshAddress());
          if (old.status === 200) throw new NotTried('this adapter switches clients off by restart alone');
          legalFault(old, { code: 'FailedAuthentication' });
          return legalFault(await post(target, sessionCall(target, session)), { code: 'BadContextToken' });
        } finally {
          await hospital.reload({});
        }
      },
    ),
    onHospital('a session ends with the password it was opened by, over a restart', async (hospital) => {
      const { target, accounts } = hospital;
      const { username, password } = accounts.changing;
      const session = await openSession(target, security(timestamp() + usernameToken(username, password)));
      try {
        await hospital.restart({
          over: {
            clients: hospital.clientsWith(username, {
              ...hospital.settingsOf(username),
              passwordHash: await hashPassword('another one', systemRandom),
            }),
          },
        });
        return legalFault(await post(target, sessionCall(target, session)), { code: 'BadContextToken' });
      } finally {
        await hospital.restart();
      }
    }),
  ],
};

function hl7(application: string, nin: string): string {
  return [
    `MSH|^~\\&|${application}|HERE|PREG|NHN|20260101120000||QBP^Q22^QBP_Q21|A1|P|2.5|||||NOR|UNICODE UTF-8`,
    `QPD|Q22^Find Candidates^HL7|A1|@PID.3.1^${nin}`,
    'RCP|I',
    '',
  ].join('\r');
}

export const impersonation: Item = {
  number: 29,
  title: 'Who logs in as A is A, whatever the message says',
  probes: [
    onHospital(
      'the right password from an address that is not its own, and for what it may not ask',
      async (hospital) => {
        const { target, accounts } = hospital;
        const { username, password } = accounts.changing;
        const home = freshAddress();
        const session = await openSession(target, security(timestamp() + usernameToken(username, password)));
        try {
          await withPassword(hospital, { addresses: [home] });
          tells(target, await login(target, username, password, home));
          const elsewhere = await login(target, username, password, freshAddress());
          tellsNobody(target, elsewhere);
          legalFault(elsewhere, { code: 'Sender' });
          const stolen = await post(target, sessionCall(target, session));
          tellsNobody(target, stolen);
          legalFault(stolen, { code: 'Sender' });
          const forwarded = await post(target, sessionCall(target, session), {
            headers: { 'X-Forwarded-For': home },
          });
          tellsNobody(target, forwarded);
          legalFault(await login(target, username, 'wrong', freshAddress()), {
            code: 'FailedAuthentication',
          });
          await withPassword(hospital, { operations: ['FindCandidates'] });
          const forbidden = await login(target, username, password, home);
          tellsNobody(target, forbidden);
          return `password, session and operation: ${legalFault(forbidden, { code: 'Sender' })}`;
        } finally {
          await hospital.reload({});
        }
      },
    ),
    onHospital('HL7 v2 by POST, with the sender of another client in MSH-3', async (hospital) => {
      const { target, accounts } = hospital;
      const from = hospital.lines.length;
      const answer = await send(target, '/hl7v2', {
        body: hl7('OTHER', target.person.nin),
        headers: {
          ...basic(accounts.honest.username, accounts.honest.password),
          'Content-Type': 'application/hl7-v2',
        },
      });
      insist(answer.status === 200 && answer.text.includes('MSA|A'), `HTTP ${answer.status}`);
      const { line } = await hospital.recorded(from);
      insist(line['clientId'] === accounts.honest.username, 'recorded as somebody else');
      return `answered ${/MSA\|(\w\w)/.exec(answer.text)?.[1] ?? 'otherwise'}, recorded as the one who logged in`;
    }),
    onHospital('HL7 v3, with somebody else as the author', async (hospital) => {
      const { target, accounts } = hospital;
      const from = hospital.lines.length;
      const author = `<authorOrPerformer typeCode="AUT"><assignedDevice><id root="1.2" extension="${accounts.other.username}"/></assignedDevice></authorOrPerformer>`;
      const answer = await post(
        target,
        question(target, { body: demographicsBody(target.person.nin, author) }),
      );
      tells(target, answer);
      const { line } = await hospital.recorded(from);
      insist(line['clientId'] === accounts.honest.username, 'recorded as somebody else');
      return 'the right answer, recorded as the one who logged in';
    }),
    onHospital('HL7 v2 over MLLP, with a sender whom nobody knows', async ({ target }) => {
      if (target.mllp === undefined) throw new NotTried('no MLLP');
      const connection = await RawConnection.toPlain(target.mllp.host, target.mllp.port);
      connection.send(`\x0b${hl7('STRANGER', target.person.nin)}\x1c\r`);
      const came = await connection.receivesText(String.fromCharCode(0x1c));
      connection.close();
      insist(came.includes('MSA|AR'), 'not refused');
      insist(!came.includes(target.person.familyName), 'tells the person');
      return 'AR';
    }),
    onHospital('a job of Filematch that belongs to another client', async ({ target, accounts }) => {
      const headers = basic(accounts.honest.username, accounts.honest.password);
      const upload = await send(target, '/filematch/jobs?mode=V', {
        body: `fnr\n${target.person.nin}\n`,
        headers: { ...headers, 'Content-Type': 'text/csv' },
      });
      insist(upload.status === 202, `upload: HTTP ${upload.status}`);
      const path = upload.headers.location ?? '';
      const other = basic(accounts.other.username, accounts.other.password);
      for (const [method, more] of [
        ['GET', ''],
        ['GET', '/result'],
        ['GET', '/receipt'],
        ['POST', '/cancel'],
        ['POST', '/pause'],
        ['DELETE', ''],
      ] as const) {
        const answer = await send(target, `${path}${more}`, { method, headers: other });
        tellsNobody(target, answer);
        insist(answer.status === 404, `${method} ${more}: HTTP ${answer.status}`);
      }
      const unknown = await send(target, '/filematch/jobs/00000000-0000-4000-8000-000000000000', {
        method: 'GET',
        headers: other,
      });
      insist(unknown.status === 404, `HTTP ${unknown.status} for what does not exist`);
      return 'HTTP 404, as for one that there is not';
    }),
    onHospital('paths and names of Filematch that lead elsewhere', async ({ target, accounts }) => {
      const headers = basic(accounts.honest.username, accounts.honest.password);
      for (const path of [
        '/filematch/jobs/../../etc/passwd',
        '/filematch/jobs/..%2f..%2fetc%2fpasswd',
        '/filematch/jobs/%00',
        '/filematch/jobs/x/result/../../../y',
        '/filematch/jobs//result',
        '/filematch/%2e%2e/',
      ]) {
        const answer = await send(target, path, { method: 'GET', headers });
        insist([400, 404].includes(answer.status), `${path}: HTTP ${answer.status}`);
      }
      for (const name of [
        '../x.csv',
        '/etc/x.csv',
        'CON',
        'a%00b.csv',
        'a%0d%0aX-Injected:1.csv',
        '11868426235.csv',
        '.hidden',
        'a/b.csv',
        'x'.repeat(300),
      ]) {
        const answer = await send(target, `/filematch/jobs?fileName=${name}`, {
          body: 'fnr\n1\n',
          headers: { ...headers, 'Content-Type': 'text/csv' },
        });
        insist(answer.status === 400, `fileName=${name}: HTTP ${answer.status}`);
        insist(answer.headers['x-injected'] === undefined, 'a header was injected');
      }
      return 'HTTP 400 and 404';
    }),
  ],
};
