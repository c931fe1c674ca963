import { randomBytes } from 'node:crypto';
import { NotTried, onHospital, onTarget, type Item, type Probe } from '../item.js';
import { insist, legalFault, tells, tellsNobody } from '../judge.js';
import type { Answer } from '../wire/http.js';
import {
  moment,
  NS,
  PASSWORD_TEXT,
  post,
  question,
  security,
  timestamp,
  usernameToken,
} from '../wire/message.js';
import { digestToken } from '../wire/session.js';
import type { Hospital } from '../world/hospital.js';
import type { Target } from '../world/target.js';

const INSECURE = { code: ['InvalidSecurity', 'InvalidSecurityToken', 'UnsupportedSecurityToken'] } as const;
const FAILED = { code: 'FailedAuthentication' } as const;

let addresses = 0;

/** An address of loopback that nobody has failed from yet. */
export function freshAddress(): string {
  addresses += 1;
  return `127.${1 + Math.floor(addresses / 200)}.${addresses % 200}.7`;
}

async function refused(
  target: Target,
  header: string,
  wanted: typeof INSECURE | typeof FAILED,
): Promise<string> {
  const answer = await post(target, question(target, { security: header }), { from: freshAddress() });
  tellsNobody(target, answer);
  return legalFault(answer, wanted);
}

const user = (name: string): string => `<o:Username>${name}</o:Username>`;
const word = (password: string, type = PASSWORD_TEXT): string =>
  `<o:Password Type="${type}">${password}</o:Password>`;
const token = (content: string): string => `<o:UsernameToken>${content}</o:UsernameToken>`;

type Malformed = readonly [
  tried: string,
  header: (target: Target) => string,
  wanted: typeof INSECURE | typeof FAILED,
];

const malformed: readonly Malformed[] = [
  ['no Security header', () => '', INSECURE],
  ['an empty Security header', () => security(''), INSECURE],
  [
    'a Security header of WS-Security 1.1',
    ({ account }) =>
      security(timestamp() + usernameToken(account.username, account.password)).replace(
        NS.security,
        'http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd',
      ),
    INSECURE,
  ],
  [
    'two UsernameTokens',
    ({ account }) =>
      security(
        timestamp() + usernameToken(account.username, account.password) + usernameToken('nobody', 'x'),
      ),
    INSECURE,
  ],
  [
    'a wrong UsernameToken before the right one',
    ({ account }) =>
      security(
        timestamp() + usernameToken('nobody', 'x') + usernameToken(account.username, account.password),
      ),
    INSECURE,
  ],
  ['no Username', ({ account }) => security(timestamp() + token(word(account.password))), INSECURE],
  [
    'two Usernames',
    ({ account }) =>
      security(timestamp() + token(user('nobody') + user(account.username) + word(account.password))),
    INSECURE,
  ],
  ['no Password', ({ account }) => security(timestamp() + token(user(account.username))), INSECURE],
  [
    'two Passwords',
    ({ account }) =>
      security(timestamp() + token(user(account.username) + word('wrong') + word(account.password))),
    INSECURE,
  ],
  [
    'a Password of a Type that nobody knows',
    ({ account }) => security(timestamp() + token(user(account.username) + word(account.password, 'urn:x'))),
    INSECURE,
  ],
  [
    'a Password with elements inside',
    ({ account }) =>
      security(timestamp() + token(user(account.username) + word(`<x>${account.password}</x>`))),
    INSECURE,
  ],
  [
    'a UsernameToken in another namespace',
    ({ account }) =>
      security(
        `${timestamp()}<UsernameToken xmlns="urn:x">${user(account.username)}${word(account.password)}</UsernameToken>`,
      ),
    INSECURE,
  ],
  [
    'a UsernameToken inside something else',
    ({ account }) => security(`${timestamp()}<x>${usernameToken(account.username, account.password)}</x>`),
    INSECURE,
  ],
  [
    'a SAML assertion',
    () => security(`${timestamp()}<a:Assertion xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion"/>`),
    INSECURE,
  ],
  [
    'a BinarySecurityToken beside the right password',
    ({ account }) =>
      security(
        `${timestamp() + usernameToken(account.username, account.password)}<o:BinarySecurityToken>AAAA</o:BinarySecurityToken>`,
      ),
    INSECURE,
  ],
  [
    'an empty Password',
    ({ account }) => security(timestamp() + token(user(account.username) + word(''))),
    FAILED,
  ],
  [
    'an empty Username',
    ({ account }) => security(timestamp() + token(user('') + word(account.password))),
    FAILED,
  ],
  ['a user whom nobody knows', () => security(timestamp() + usernameToken('nobody', 'nothing')), FAILED],
  [
    'a wrong password',
    ({ account }) => security(timestamp() + usernameToken(account.username, 'wrong')),
    FAILED,
  ],
  [
    'the right password and a space',
    ({ account }) => security(timestamp() + usernameToken(account.username, `${account.password} `)),
    FAILED,
  ],
  [
    'the user name in upper case',
    ({ account }) => security(timestamp() + usernameToken(account.username.toUpperCase(), account.password)),
    FAILED,
  ],
  [
    'a password of half a megabyte',
    ({ account }) => security(timestamp() + usernameToken(account.username, 'x'.repeat(60_000))),
    FAILED,
  ],
  [
    'a user name with a line break and a forged line',
    () => security(timestamp() + usernameToken('x&#10;{"level":"info"}', 'x')),
    FAILED,
  ],
];

export const passwords: Item = {
  number: 20,
  title: 'A missing, malformed or wrong password has the right fault of WS-Security',
  probes: [
    ...malformed.map(([tried, header, wanted], index) =>
      onTarget(tried, (target) => refused(target, header(target), wanted), [0, 3, 17, 18].includes(index)),
    ),
    onHospital(
      'an account that is switched off: in the same words as a wrong password',
      async ({ target, accounts }) => {
        const { username, password } = accounts.switchedOff;
        const off = await post(
          target,
          question(target, { security: security(timestamp() + usernameToken(username, password)) }),
          { from: freshAddress() },
        );
        const wrong = await post(
          target,
          question(target, { security: security(timestamp() + usernameToken('nobody', password)) }),
          { from: freshAddress() },
        );
        insist(bare(off) === bare(wrong), 'the answers differ');
        return legalFault(off, FAILED);
      },
    ),
    onHospital('the right password of one who may not speak this protocol', async ({ target, accounts }) => {
      const { username, password } = accounts.narrow;
      const answer = await post(
        target,
        question(target, { security: security(timestamp() + usernameToken(username, password)) }),
      );
      tellsNobody(target, answer);
      return legalFault(answer, { code: 'Sender' });
    }),
  ],
};

/** An answer without what is new in each: ids and times. */
export function bare(answer: Answer): string {
  return `${answer.status} ${answer.text.replace(/urn:uuid:[0-9a-f-]{36}|[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[\d:.]+Z/g, '')}`;
}

async function digest(hospital: Hospital, header: string): Promise<Answer> {
  return post(hospital.target, question(hospital.target, { security: header }), { from: freshAddress() });
}

function digestProbe(
  tried: string,
  write: (hospital: Hospital) => string,
  verdict: 'accepted' | typeof INSECURE | typeof FAILED,
): Probe {
  return onHospital(tried, async (hospital) => {
    const answer = await digest(hospital, write(hospital));
    if (verdict === 'accepted') return tells(hospital.target, answer);
    tellsNobody(hospital.target, answer);
    return legalFault(answer, verdict);
  });
}

const offset = (): string => new Date(Date.now() + 3_600_000).toISOString().replace('Z', '+01:00');

export const digests: Item = {
  number: 21,
  title: 'Password digests are judged as their profile says',
  probes: [
    digestProbe(
      'a right one',
      ({ accounts }) => security(timestamp() + digestToken(accounts.digest)),
      'accepted',
    ),
    digestProbe(
      'over the text of the nonce in place of its octets',
      ({ accounts }) => security(timestamp() + digestToken(accounts.digest, { overRawNonce: true })),
      FAILED,
    ),
    digestProbe(
      'Created with an offset',
      ({ accounts }) => security(timestamp() + digestToken(accounts.digest, { created: offset() })),
      'accepted',
    ),
    digestProbe(
      'Created without milliseconds',
      ({ accounts }) =>
        security(timestamp() + digestToken(accounts.digest, { created: moment().replace(/\.\d+/, '') })),
      'accepted',
    ),
    digestProbe(
      'Created with spaces around it',
      ({ accounts }) => security(timestamp() + digestToken(accounts.digest, { created: ` ${moment()}\n` })),
      'accepted',
    ),
    digestProbe(
      'a wrong password',
      ({ accounts }) => security(timestamp() + digestToken({ ...accounts.digest, password: 'wrong' })),
      FAILED,
    ),
    digestProbe(
      'a digest from an account that has a hash alone',
      ({ accounts }) => security(timestamp() + digestToken(accounts.honest)),
      FAILED,
    ),
    digestProbe(
      'a nonce of no octets',
      ({ accounts }) => security(timestamp() + digestToken(accounts.digest, { nonce: Buffer.alloc(0) })),
      INSECURE,
    ),
    digestProbe(
      'a nonce of 4 kB',
      ({ accounts }) => security(timestamp() + digestToken(accounts.digest, { nonce: randomBytes(4_096) })),
      INSECURE,
    ),
    digestProbe(
      'the digest sent as if it were the password',
      ({ accounts }) =>
        security(timestamp() + digestToken(accounts.digest).replace('#PasswordDigest', '#PasswordText')),
      FAILED,
    ),
  ],
};

export const replays: Item = {
  number: 22,
  title: 'A digest that was used is refused, whenever and however it comes again',
  probes: [
    onHospital('at once', async (hospital) => {
      const header = security(timestamp() + digestToken(hospital.accounts.digest));
      tells(hospital.target, await digest(hospital, header));
      return legalFault(await digest(hospital, header), INSECURE);
    }),
    onHospital('twenty times at the same time', async (hospital) => {
      const header = security(timestamp() + digestToken(hospital.accounts.digest));
      const answers = await Promise.all(Array.from({ length: 20 }, () => digest(hospital, header)));
      const accepted = answers.filter(({ status }) => status === 200).length;
      insist(accepted === 1, `${accepted} accepted`);
      return 'one accepted';
    }),
    onHospital('with another Timestamp and in another message', async (hospital) => {
      const used = digestToken(hospital.accounts.digest);
      tells(hospital.target, await digest(hospital, security(timestamp() + used)));
      return legalFault(await digest(hospital, security(timestamp(-5) + used)), INSECURE);
    }),
    onHospital('with the nonce written otherwise', async (hospital) => {
      const nonce = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
      const used = digestToken(hospital.accounts.digest, { nonce });
      tells(hospital.target, await digest(hospital, security(timestamp() + used)));
      const spaced = used.replace(nonce.toString('base64'), ` ${nonce.toString('base64')}\n`);
      const bits = used.replace('Dg8=', 'Dg9=');
      legalFault(await digest(hospital, security(timestamp() + spaced)), INSECURE);
      return legalFault(await digest(hospital, security(timestamp() + bits)), {
        code: [...INSECURE.code, 'FailedAuthentication'],
      });
    }),
    onHospital('after kill -9 and a start', async (hospital) => {
      const header = security(timestamp() + digestToken(hospital.accounts.digest));
      tells(hospital.target, await digest(hospital, header));
      await hospital.restart({ kill: true });
      return legalFault(await digest(hospital, header), INSECURE);
    }),
    onHospital('three seconds within and beyond the window, before and after', async (hospital) => {
      const at = (seconds: number): string =>
        security(timestamp() + digestToken(hospital.accounts.digest, { created: moment(seconds) }));
      tells(hospital.target, await digest(hospital, at(-597)));
      tells(hospital.target, await digest(hospital, at(297)));
      legalFault(await digest(hospital, at(-603)), INSECURE);
      return `two accepted, ${legalFault(await digest(hospital, at(303)), INSECURE)}`;
    }),
    onHospital(
      'at the edge of the window, where one that is forgotten too early comes through',
      async (hospital) => {
        const header = security(
          timestamp() + digestToken(hospital.accounts.digest, { created: moment(-597) }),
        );
        tells(hospital.target, await digest(hospital, header));
        for (let index = 0; index < 12; index += 1) {
          legalFault(await digest(hospital, header), INSECURE);
          await new Promise((resolve) => setTimeout(resolve, 500));
        }
        return 'refused for six seconds';
      },
    ),
    onHospital('the same nonce by another user', async (hospital) => {
      const nonce = randomBytes(16);
      tells(
        hospital.target,
        await digest(hospital, security(timestamp() + digestToken(hospital.accounts.digest, { nonce }))),
      );
      return tells(
        hospital.target,
        await digest(hospital, security(timestamp() + digestToken(hospital.accounts.otherDigest, { nonce }))),
      );
    }),
    onHospital('the nonce of a wrong digest is not used up', async (hospital) => {
      const nonce = randomBytes(16);
      const created = moment();
      legalFault(
        await digest(
          hospital,
          security(
            timestamp() + digestToken({ ...hospital.accounts.digest, password: 'wrong' }, { nonce, created }),
          ),
        ),
        FAILED,
      );
      return tells(
        hospital.target,
        await digest(
          hospital,
          security(timestamp() + digestToken(hospital.accounts.digest, { nonce, created })),
        ),
      );
    }),
    onTarget('100 001 nonces', () => {
      throw new NotTried('takes an hour; test/security/password-digest.test.ts has it');
    }),
  ],
};

export const halves: Item = {
  number: 23,
  title: 'Nonce and Created belong together',
  probes: [
    digestProbe(
      'a digest with a Nonce and no Created',
      ({ accounts }) => security(timestamp() + digestToken(accounts.digest, { parts: (nonce) => nonce })),
      INSECURE,
    ),
    digestProbe(
      'a digest with Created and no Nonce',
      ({ accounts }) =>
        security(timestamp() + digestToken(accounts.digest, { parts: (_, created) => created })),
      INSECURE,
    ),
    digestProbe(
      'a digest with two Nonces',
      ({ accounts }) =>
        security(
          timestamp() + digestToken(accounts.digest, { parts: (nonce, created) => nonce + nonce + created }),
        ),
      INSECURE,
    ),
    digestProbe(
      'a digest with two Createds',
      ({ accounts }) =>
        security(
          timestamp() +
            digestToken(accounts.digest, { parts: (nonce, created) => nonce + created + created }),
        ),
      INSECURE,
    ),
    digestProbe(
      'a password with a Nonce alone (documented: not judged)',
      ({ target }) =>
        security(
          timestamp() +
            token(`${user(target.account.username)}${word(target.account.password)}<o:Nonce>AAAA</o:Nonce>`),
        ),
      'accepted',
    ),
    digestProbe(
      'a password with Created alone (documented: not judged)',
      ({ target }) =>
        security(
          timestamp() +
            token(
              `${user(target.account.username)}${word(target.account.password)}<u:Created>${moment()}</u:Created>`,
            ),
        ),
      'accepted',
    ),
  ],
};

function clock(tried: string, seconds: number, isAccepted: boolean): Probe {
  return onTarget(tried, async (target) => {
    const { username, password } = target.account;
    const header = security(timestamp(seconds) + usernameToken(username, password));
    const answer = await post(target, question(target, { security: header }));
    return isAccepted ? tells(target, answer) : legalFault(answer, INSECURE);
  });
}

export const clocks: Item = {
  number: 24,
  title: "The caller's clock may differ by less than five minutes",
  probes: [
    clock('11 min behind', -660, false),
    clock('10 min behind, and three seconds', -603, false),
    clock('10 min behind, less three seconds', -597, true),
    clock('4 min behind', -240, true),
    clock('4 min ahead', 240, true),
    clock('5 min ahead, less three seconds', 297, true),
    clock('5 min ahead, and three seconds', 303, false),
    clock('10 min ahead', 600, false),
    onHospital('the difference is told with the request', async (hospital) => {
      const { target } = hospital;
      const from = hospital.lines.length;
      const header = security(
        timestamp(120) + usernameToken(target.account.username, target.account.password),
      );
      tells(target, await post(target, question(target, { security: header })));
      const { line } = await hospital.recorded(from);
      const skew = Number(line['clockSkewSeconds']);
      insist(skew > 110 && skew < 125, `told as ${skew} s`);
      return `told as ${Math.round(skew)} s`;
    }),
    onTarget('our own clock is set back', () => {
      throw new NotTried('the clock of this machine stays as it is; test/security has it');
    }),
  ],
};

const stamps: readonly (readonly [string, () => string])[] = [
  ['none', () => ''],
  ['expired', () => timestamp(-1_000, -700)],
  ['expired, but just created', () => timestamp(0, -301)],
  ['from the future', () => timestamp(3_600)],
  ['two', () => timestamp() + timestamp()],
  ['a fresh one after a stale one', () => timestamp(-3_600) + timestamp()],
  ['two Createds', () => timestamp().replace('<u:Created>', `<u:Created>${moment()}</u:Created><u:Created>`)],
  [
    'two Expires',
    () => timestamp().replace('<u:Expires>', `<u:Expires>${moment(60)}</u:Expires><u:Expires>`),
  ],
  ['Expires before Created', () => timestamp(0, -1)],
  ['Expires at Created', () => timestamp(0, 0).replace(/Expires>[^<]*/, (text) => text)],
  ['no Created', () => timestamp().replace(/<u:Created>.*<\/u:Created>/, '')],
  ['an empty Created', () => timestamp().replace(/<u:Created>[^<]*/, '<u:Created>')],
  ['Created without a zone', () => timestamp().replace(/(<u:Created>[^<]*)Z/, '$1')],
  ['Created with an offset', () => timestamp().replace(/(<u:Created>[^<]*)Z/, '$1+00:00')],
  ['Created with eight decimals', () => timestamp().replace(/(<u:Created>[^<]*)\.\d+Z/, '$1.00000000Z')],
  ['30 February', () => timestamp().replace(/<u:Created>[^<]*/, '<u:Created>2026-02-30T10:00:00Z')],
  ['a leap second', () => timestamp().replace(/(<u:Created>[^<]*):\d\d\.\d+Z/, '$1:60Z')],
  ['24 o’clock', () => timestamp().replace(/<u:Created>(\d{4}-\d\d-\d\d)[^<]*/, '<u:Created>$1T24:00:00Z')],
  ['the year 10000', () => timestamp().replace(/<u:Expires>[^<]*/, '<u:Expires>10000-01-01T00:00:00Z')],
  ['a number', () => timestamp().replace(/<u:Created>[^<]*/, `<u:Created>${Date.now()}`)],
  ['Created as an attribute', () => `<u:Timestamp u:Created="${moment()}"/>`],
  [
    'of another namespace',
    () => timestamp().replaceAll('u:', 'x:').replace('<x:Timestamp', '<x:Timestamp xmlns:x="urn:x"'),
  ],
  [
    'Created of another namespace',
    () => timestamp().replace(/<u:Created>(.*)<\/u:Created>/, '<x:Created xmlns:x="urn:x">$1</x:Created>'),
  ],
  ['with letters of other alphabets for digits', () => timestamp().replace(/<u:Created>2/, '<u:Created>２')],
];

export const timestamps: Item = {
  number: 25,
  title: 'A Timestamp that is missing, doubled, stale or malformed is refused',
  probes: stamps.map(([tried, write], index) =>
    onTarget(
      tried,
      async (target) => {
        const { username, password } = target.account;
        const header = security(write() + usernameToken(username, password));
        const answer = await post(target, question(target, { security: header }));
        tellsNobody(target, answer);
        return legalFault(answer, INSECURE);
      },
      index < 2,
    ),
  ),
};
