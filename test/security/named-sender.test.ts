import { expect } from 'chai';
import { soapBench } from '../support/soap-bench.js';
import { namespaces, soapMessage } from '../support/soap-request.js';

const OTHER = 'epj-2';

describe('(QUALITY 29) a message that calls itself another’s', () => {
  for (const [what, parts] of [
    ['in wsa:From', { moreHeaders: `<a:From><a:Address>urn:${OTHER}</a:Address></a:From>` }],
    [
      'in the sender of its body',
      {
        body:
          '<e:Echo xmlns:e="urn:example:echo"><sender xmlns="urn:hl7-org:v3" typeCode="SND">' +
          `<device><id extension="${OTHER}"/></device></sender></e:Echo>`,
      },
    ],
  ] as const) {
    it(`is answered and put on record as of whom it was proven to come from, whatever it says itself: ${what}`, async () => {
      const bench = soapBench();
      const { status } = await bench.post(soapMessage(parts));
      expect(status).to.equal(200);
      expect(bench.calls.map(({ call }) => call.client.id)).to.deep.equal(['epj-1']);
      expect(bench.audited.map(({ clientId }) => clientId)).to.deep.equal(['epj-1']);
    });
  }

  it('is refused with a second Security header, for somebody else', async () => {
    const bench = soapBench();
    const another =
      `<o:Security s:role="urn:other" xmlns:o="${namespaces.security}">` +
      `<o:UsernameToken><o:Username>${OTHER}</o:Username></o:UsernameToken></o:Security>`;
    const { status } = await bench.post(soapMessage({ moreHeaders: another }));
    expect(status).to.equal(500);
    expect(bench.calls).to.deep.equal([]);
  });

  it('is answered as of whom it was proven to come from, whatever HTTP says beside', async () => {
    const bench = soapBench();
    const basic = Buffer.from(`${OTHER}:secret`).toString('base64');
    await bench.post(soapMessage({}), { authorization: `Basic ${basic}`, from: OTHER });
    expect(bench.audited.map(({ clientId }) => clientId)).to.deep.equal(['epj-1']);
  });
});
