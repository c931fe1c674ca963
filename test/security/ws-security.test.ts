import { expect } from 'chai';
import { faultOf, soapBench, textOf, type SoapBench } from '../support/soap-bench.js';
import { namespaces, security, soapMessage, timestamp, usernameToken } from '../support/soap-request.js';

const FAILED = 'At least one security token in the message could not be validated.';
const INVALID = 'An error occurred when verifying security for the message.';
const token = (content: string): string => `<o:UsernameToken>${content}</o:UsernameToken>`;
const username = '<o:Username>epj</o:Username>';
const password = '<o:Password>secret</o:Password>';
const digest = namespaces.passwordText.replace('PasswordText', 'PasswordDigest');

async function answerTo(
  content: string,
  bench: SoapBench = soapBench(),
): Promise<ReturnType<typeof faultOf> & { secured: boolean; status: number }> {
  const answer = await bench.post(soapMessage({ security: content === '' ? '' : security(content) }));
  return { ...faultOf(answer), secured: textOf(answer).includes('<o:Security'), status: answer.status };
}

describe('Quality 20: the security header', () => {
  for (const [what, content] of [
    ['no Security header', ''],
    ['an empty one', ' '],
    ['no UsernameToken', timestamp],
    ['no Timestamp', usernameToken],
    ['two UsernameTokens', timestamp + usernameToken + usernameToken],
    [
      'a UsernameToken in another namespace',
      `${timestamp}<UsernameToken xmlns="urn:x">${username}${password}</UsernameToken>`,
    ],
    [
      'a second UsernameToken in another namespace',
      `${timestamp}${usernameToken}<UsernameToken xmlns="urn:x"/>`,
    ],
    ['another kind of token beside it', `${timestamp}${usernameToken}<o:BinarySecurityToken/>`],
    [
      'a signature that nobody checks',
      `${timestamp}${usernameToken}<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>`,
    ],
    ['another kind of token alone', `${timestamp}<o:BinarySecurityToken/>`],
    ['text in the header', `x${timestamp}${usernameToken}`],
    ['an empty UsernameToken', timestamp + token('')],
    ['no Username', timestamp + token(password)],
    ['no Password', timestamp + token(username)],
    ['two Usernames', timestamp + token(username + username + password)],
    ['two Passwords', timestamp + token(username + password + password)],
    [
      'a Username in another namespace',
      timestamp + token(`<Username xmlns="urn:x">epj</Username>${password}`),
    ],
    [
      'a Password in another namespace',
      timestamp + token(`${username}<Password xmlns="urn:x">secret</Password>`),
    ],
    ['elements inside the Username', timestamp + token(`<o:Username>epj<x/></o:Username>${password}`)],
    ['elements inside the Password', timestamp + token(`${username}<o:Password>secret<x/></o:Password>`)],
    ['text in the UsernameToken', timestamp + token(`${username}x${password}`)],
    ['an unknown part of the UsernameToken', timestamp + token(`${username}${password}<x/>`)],
    [
      'a PasswordDigest without Nonce and Created',
      timestamp + token(`${username}<o:Password Type="${digest}">c2VjcmV0</o:Password>`),
    ],
    ['an unknown Type', timestamp + token(`${username}<o:Password Type="urn:x">secret</o:Password>`)],
    ['an empty Type', timestamp + token(`${username}<o:Password Type="">secret</o:Password>`)],
  ] as const) {
    it(`is InvalidSecurity with ${what}`, async () => {
      const bench = soapBench();
      expect(await answerTo(content, bench)).to.deep.equal({
        code: 'w:InvalidSecurity',
        reason: INVALID,
        secured: false,
        status: 500,
      });
      expect(bench.tried).to.deep.equal([]);
      expect(bench.audited[0]).to.include({ outcome: 'invalid-security', clientId: null });
    });
  }

  it('is InvalidSecurity in another version of WS-Security', async () => {
    const wrong = security(timestamp + usernameToken).replace('secext-1.0', 'secext-1.1');
    const answer = await soapBench().post(soapMessage({ security: wrong }));
    expect(faultOf(answer).code).to.equal('w:InvalidSecurity');
  });

  for (const [what, content, tried] of [
    [
      'an unknown user',
      token(`<o:Username>nobody</o:Username>${password}`),
      { username: 'nobody', password: 'secret' },
    ],
    [
      'a wrong password',
      token(`${username}<o:Password>wrong</o:Password>`),
      { username: 'epj', password: 'wrong' },
    ],
    ['an empty password', token(`${username}<o:Password/>`), { username: 'epj', password: '' }],
    ['an empty user name', token(`<o:Username/>${password}`), { username: '', password: 'secret' }],
    [
      'white space around the password',
      token(`${username}<o:Password> secret </o:Password>`),
      { username: 'epj', password: ' secret ' },
    ],
  ] as const) {
    it(`is FailedAuthentication with ${what}`, async () => {
      const bench = soapBench();
      expect(await answerTo(timestamp + content, bench)).to.deep.equal({
        code: 'w:FailedAuthentication',
        reason: FAILED,
        secured: false,
        status: 500,
      });
      expect(bench.tried).to.deep.equal([{ ...tried, remoteAddress: '192.0.2.7' }]);
      expect(bench.audited[0]).to.include({ outcome: 'not-authenticated', clientId: null });
    });
  }

  it('gives one answer for an unknown user and a wrong password', async () => {
    const unknown = await soapBench().post(
      soapMessage({ security: security(timestamp + usernameToken.replace('>epj<', '>nobody<')) }),
    );
    const wrong = await soapBench().post(
      soapMessage({ security: security(timestamp + usernameToken.replace('>secret<', '>wrong<')) }),
    );
    expect(textOf(unknown)).to.equal(textOf(wrong));
  });

  for (const [what, content] of [
    ['in any order', usernameToken + timestamp],
    ['without Type', timestamp + token(username + password)],
    ['with Password first', timestamp + token(password + username)],
    [
      'with Nonce and Created, which prove nothing here',
      timestamp + token(`${username}${password}<o:Nonce>AA==</o:Nonce><u:Created>x</u:Created>`),
    ],
    ['with a Nonce alone', timestamp + token(`${username}${password}<o:Nonce>AA==</o:Nonce>`)],
    [
      'with a Created alone',
      timestamp + token(`${username}${password}<u:Created>2001-01-01T00:00:00Z</u:Created>`),
    ],
  ] as const) {
    it(`is accepted ${what}`, async () => {
      expect((await answerTo(content)).status).to.equal(200);
    });
  }

  it('is refused with two Nonces or two Createds', async () => {
    for (const extra of ['<o:Nonce>AA==</o:Nonce>', '<u:Created>x</u:Created>']) {
      const found = await answerTo(timestamp + token(username + password + extra + extra));
      expect(found.code).to.equal('w:InvalidSecurity');
    }
  });
});

function stamp(created: string, expires?: string): string {
  const end = expires === undefined ? '' : `<u:Expires>${expires}</u:Expires>`;
  return `<u:Timestamp><u:Created>${created}</u:Created>${end}</u:Timestamp>`;
}

async function isFresh(content: string, now?: string): Promise<boolean> {
  const bench = soapBench(now === undefined ? {} : { now });
  const { code, status } = await answerTo(content + usernameToken, bench);
  if (status === 200) return true;
  expect(code).to.equal('w:InvalidSecurity');
  return false;
}

describe('Quality 24: clocks that differ', () => {
  const minute = 60_000;
  const present = Date.parse('2025-01-15T10:30:00.000Z');
  const at = (milliseconds: number): string => new Date(present + milliseconds).toISOString();
  for (const [what, offset, fresh] of [
    ['10 minutes behind', -10 * minute, false],
    ['10 minutes behind, less a millisecond', -10 * minute + 1, true],
    ['5 minutes behind', -5 * minute, true],
    ['4 minutes behind', -4 * minute, true],
    ['4 minutes ahead', 4 * minute, true],
    ['5 minutes ahead, less a millisecond', 5 * minute - 1, true],
    ['5 minutes ahead', 5 * minute, false],
    ['10 minutes ahead', 10 * minute, false],
  ] as const) {
    it(`are ${fresh ? 'accepted' : 'refused'}: the caller’s ${what}, five minutes to live`, async () => {
      expect(await isFresh(stamp(at(offset), at(offset + 5 * minute)))).to.equal(fresh);
    });
  }

  it('are judged by ours as it stands now, also after it was stepped back', async () => {
    const content = stamp('2025-01-15T10:30:00.000Z', '2025-01-15T10:35:00.000Z');
    expect(await isFresh(content, '2025-01-15T10:25:00.001Z')).to.equal(true);
    expect(await isFresh(content, '2025-01-15T10:25:00.000Z')).to.equal(false);
    expect(await isFresh(content, '2025-01-15T10:39:59.999Z')).to.equal(true);
    expect(await isFresh(content, '2025-01-15T10:40:00.000Z')).to.equal(false);
  });
});

describe('Quality 25: the Timestamp', () => {
  const good = '2025-01-15T10:30:00.000Z';
  const later = '2025-01-15T10:35:00.000Z';

  for (const [what, content, fresh] of [
    [
      'Created ten minutes ago, long to live',
      stamp('2025-01-15T10:20:00.000Z', '2025-01-15T11:00:00.000Z'),
      false,
    ],
    [
      'Created a little less ago, long to live',
      stamp('2025-01-15T10:20:00.001Z', '2025-01-15T11:00:00.000Z'),
      true,
    ],
    ['Created ten minutes ago, without Expires', stamp('2025-01-15T10:20:00.000Z'), false],
    ['Created a little less ago, without Expires', stamp('2025-01-15T10:20:00.001Z'), true],
    ['expired five minutes ago', stamp('2025-01-15T10:24:00.000Z', '2025-01-15T10:25:00.000Z'), false],
    ['expired a little less ago', stamp('2025-01-15T10:24:00.000Z', '2025-01-15T10:25:00.001Z'), true],
    ['from the future, without Expires', stamp('2025-01-15T10:35:00.000Z'), false],
    ['Expires equal to Created', stamp(good, good), false],
    ['Expires before Created', stamp(good, '2025-01-15T10:29:59.999Z'), false],
    [
      'Expires before Created by a fraction of a millisecond',
      stamp('2025-01-15T10:30:00.0000002Z', '2025-01-15T10:30:00.0000001Z'),
      false,
    ],
    [
      'Expires after Created by a fraction of a millisecond',
      stamp('2025-01-15T10:30:00.0001Z', '2025-01-15T10:30:00.0009Z'),
      true,
    ],
    [
      'Expires first',
      `<u:Timestamp><u:Expires>${later}</u:Expires><u:Created>${good}</u:Created></u:Timestamp>`,
      true,
    ],
    ['an extension', `<u:Timestamp><u:Created>${good}</u:Created><x xmlns="urn:x"/></u:Timestamp>`, true],
    ['two Timestamps', stamp(good, later) + stamp(good, later), false],
    ['a second Timestamp in another namespace', `${stamp(good, later)}<Timestamp xmlns="urn:x"/>`, false],
    ['a Timestamp in another namespace', stamp(good, later).replace(/u:Timestamp/g, 's:Timestamp'), false],
    [
      'two Created',
      `<u:Timestamp><u:Created>${good}</u:Created><u:Created>${good}</u:Created></u:Timestamp>`,
      false,
    ],
    [
      'two Expires',
      `<u:Timestamp><u:Created>${good}</u:Created><u:Expires>${later}</u:Expires><u:Expires>${later}</u:Expires></u:Timestamp>`,
      false,
    ],
    [
      'a Created in another namespace',
      `<u:Timestamp><Created xmlns="urn:x">${good}</Created></u:Timestamp>`,
      false,
    ],
    [
      'an Expires in another namespace',
      `<u:Timestamp><u:Created>${good}</u:Created><Expires xmlns="urn:x">${later}</Expires></u:Timestamp>`,
      false,
    ],
    ['no Created', `<u:Timestamp><u:Expires>${later}</u:Expires></u:Timestamp>`, false],
    ['nothing in it', '<u:Timestamp/>', false],
    ['text in it', `<u:Timestamp>x<u:Created>${good}</u:Created></u:Timestamp>`, false],
    ['an element in Created', `<u:Timestamp><u:Created>${good}<x/></u:Created></u:Timestamp>`, false],
    ['none', '', false],
  ] as const) {
    it(`is ${fresh ? 'accepted' : 'refused'}: ${what}`, async () => {
      expect(await isFresh(content)).to.equal(fresh);
    });
  }

  for (const created of [
    good,
    '2025-01-15T10:30:00Z',
    '2025-01-15T10:30:00.1Z',
    '2025-01-15T10:30:00.1234567Z',
    ` \n${good}\t`,
  ]) {
    it(`takes ${JSON.stringify(created)} for a date`, async () => {
      expect(await isFresh(stamp(created, later))).to.equal(true);
    });
  }

  for (const created of [
    '',
    ' ',
    'now',
    '2025-01-15',
    '2025-01-15T10:30Z',
    '2025-01-15T10:30:00',
    '2025-01-15T10:30:00.Z',
    '2025-01-15T10:30:00.12345678Z',
    '2025-01-15T10:30:00,5Z',
    '2025-01-15T11:30:00+01:00',
    '2025-01-15T10:30:00+00:00',
    '2025-01-15t10:30:00z',
    '2025-01-15 10:30:00Z',
    '+2025-01-15T10:30:00Z',
    '02025-01-15T10:30:00Z',
    '2025-01-15T10:29:60Z',
    '2025-01-15T10:30:00ZZ',
    '２025-01-15T10:30:00Z',
    '1736937000',
  ]) {
    it(`takes ${JSON.stringify(created)} for none`, async () => {
      expect(await isFresh(stamp(created))).to.equal(false);
      expect(await isFresh(stamp(good, created))).to.equal(false);
    });
  }

  it('takes no date that the calendar lacks', async () => {
    expect(await isFresh(stamp('2025-02-29T10:30:00Z'), '2025-03-01T10:30:00.000Z')).to.equal(false);
    expect(await isFresh(stamp('2024-02-29T10:30:00Z'), '2024-02-29T10:30:00.000Z')).to.equal(true);
    expect(await isFresh(stamp('2025-01-14T24:00:00Z'), '2025-01-15T00:00:00.000Z')).to.equal(false);
    expect(await isFresh(stamp('2025-13-01T00:00:00Z'), '2026-01-01T00:00:00.000Z')).to.equal(false);
  });

  it('is made fresh for each answer, five minutes long', async () => {
    const bench = soapBench({ now: '2025-01-15T10:31:02.345Z' });
    const text = textOf(await bench.post(soapMessage()));
    expect(text).to.contain(
      '<u:Created>2025-01-15T10:31:02.345Z</u:Created><u:Expires>2025-01-15T10:36:02.345Z</u:Expires>',
    );
  });
});
