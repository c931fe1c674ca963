import { expect } from 'chai';
import { readBasicCredentials } from '../../src/legacy/http-basic.js';
import { textOf, soapBench, type SoapBench } from '../support/soap-bench.js';
import { soapMessage, security, timestamp } from '../support/soap-request.js';

const bare = soapMessage({ security: '' });

function basic(text: string, encoding: BufferEncoding = 'utf8'): string {
  return `Basic ${Buffer.from(text, encoding).toString('base64')}`;
}

function bench(httpBasic: boolean): SoapBench {
  return soapBench({ settings: { httpBasic } });
}

describe('credentials of HTTP Basic', () => {
  for (const [header, username, password] of [
    [basic('epj:secret'), 'epj', 'secret'],
    [basic('epj:').replace('Basic', 'BASIC'), 'epj', ''],
    [basic('epj:with:colons'), 'epj', 'with:colons'],
    [basic('epj:blåbær'), 'epj', 'blåbær'],
    [basic('epj:blåbær', 'latin1'), 'epj', 'blåbær'],
  ] as const) {
    it(`are read: ${header}`, () => {
      expect(readBasicCredentials(header)).to.deep.equal({ username, password });
    });
  }

  for (const header of [
    undefined,
    '',
    'Basic',
    'Basic ',
    'Basic %%%',
    basic('no colon'),
    'Bearer eA==',
    'xBasic ZTpz',
  ]) {
    it(`are none: ${String(header)}`, () => {
      expect(readBasicCredentials(header)).to.equal(undefined);
    });
  }
});

describe('a message without WS-Security', () => {
  it('is vouched for by HTTP where that is switched on, and answered without a Security header', async () => {
    const service = bench(true);
    const answer = await service.post(bare, { authorization: basic('epj:secret') });
    expect(answer.status).to.equal(200);
    expect(textOf(answer)).to.not.contain('Security');
    expect(service.audited.at(-1)).to.include({ clientId: 'epj-1', outcome: 'found' });
  });

  for (const [what, authorization] of [
    ['nothing', undefined],
    ['a wrong password', basic('epj:wrong')],
    ['what is malformed', 'Basic %'],
  ] as const) {
    it(`is refused with a challenge for ${what}, and recorded`, async () => {
      const service = bench(true);
      const answer = await service.post(bare, authorization === undefined ? {} : { authorization });
      expect([answer.status, textOf(answer)]).to.deep.equal([401, '']);
      expect(answer.headers['WWW-Authenticate']).to.match(/^Basic realm=/);
      expect(service.audited.at(-1)).to.include({ clientId: null, outcome: 'not-authenticated' });
      expect(service.calls).to.deep.equal([]);
    });
  }

  it('is refused by WS-Security where HTTP has no say', async () => {
    const service = bench(false);
    const answer = await service.post(bare, { authorization: basic('epj:secret') });
    expect(answer.status).to.equal(500);
    expect(service.audited.at(-1)?.outcome).to.equal('invalid-security');
  });

  it('gets its faults without a Security header', async () => {
    const service = bench(true);
    const answer = await service.post(bare.replaceAll('Echo', 'Other'), {
      authorization: basic('epj:secret'),
    });
    expect(answer.status).to.equal(500);
    expect(textOf(answer)).to.contain('ActionNotSupported').and.not.contain('Security');
  });
});

describe('a message with a Security header', () => {
  it('is judged by that alone, whatever HTTP says', async () => {
    const service = bench(true);
    const answer = await service.post(soapMessage({ security: security(timestamp) }), {
      authorization: basic('epj:secret'),
    });
    expect(answer.status).to.equal(500);
    expect(service.audited.at(-1)?.outcome).to.equal('invalid-security');
    expect(service.tried).to.deep.equal([]);
  });

  it('works as without HTTP Basic, Timestamp in the answer included', async () => {
    const answer = await bench(true).post(soapMessage());
    expect(answer.status).to.equal(200);
    expect(textOf(answer)).to.contain('<o:Security ');
  });
});
