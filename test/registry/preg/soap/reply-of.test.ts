import { expect } from 'chai';
import { PregRejected } from '../../../../src/errors/errors.js';
import { replyOf } from '../../../../src/registry/preg/soap/reply-of.js';
import { readXml } from '../../../../src/xml/reader.js';

describe('a reply of PREG', () => {
  const text = '<e xmlns:p="urn:p"><b><p:R/></b></e>';
  const root = readXml(text);
  const [body] = root.children[0]?.children ?? [];
  if (body === undefined) throw new Error('no body');

  it('has the text of the body as it was sent', () => {
    expect(replyOf({ document: { text, root }, body }).text).to.equal('<p:R xmlns:p="urn:p"/>');
  });

  it('is not looked through for its text by who does not want it', () => {
    const document = {
      root,
      get text(): string {
        throw new Error('nobody wanted it');
      },
    };
    expect(replyOf({ document, body }).body).to.equal(body);
  });

  it('is PREG’s mistake, and not the client’s, where text and elements differ', () => {
    const reply = replyOf({ document: { text: '<other/>', root }, body });
    expect(() => reply.text).to.throw(PregRejected);
  });
});
