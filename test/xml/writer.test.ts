import { expect } from 'chai';
import { runs } from '../support/long-runs.js';
import fc from 'fast-check';
import type { XmlCharset } from '../../src/xml/charset.js';
import { decodeXml } from '../../src/xml/decode.js';
import type { XmlElement, XmlNode } from '../../src/xml/element.js';
import { encodeXml } from '../../src/xml/encode.js';
import { legalCharacters } from '../../src/xml/escape.js';
import { readXml } from '../../src/xml/reader.js';
import { writeXml } from '../../src/xml/writer.js';
import { WrittenXml } from '../../src/xml/written-xml.js';

const charsets: readonly XmlCharset[] = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'iso-8859-1',
  'windows-1252',
  'us-ascii',
];

describe('writeXml', () => {
  it('writes elements, attributes and text in their order, without white space of its own', () => {
    const node: XmlNode = {
      name: 'p:a',
      attributes: { 'xmlns:p': 'urn:p', z: '1', b: '' },
      content: [
        'x',
        { name: 'c' },
        ' y ',
        { name: 'd', content: [{ name: 'e', content: ['007'] }] },
        { name: 'f', content: [''] },
      ],
    };
    expect(writeXml(node)).to.equal('<p:a xmlns:p="urn:p" z="1" b="">x<c/> y <d><e>007</e></d><f/></p:a>');
  });

  it('writes the declaration when asked to', () => {
    expect(writeXml({ name: 'a' }, { declaration: true })).to.equal(
      '<?xml version="1.0" encoding="utf-8"?><a/>',
    );
  });

  it('escapes what text and attributes cannot hold as it is', () => {
    const value = `]]>&<>"'\t\n\r`;
    expect(writeXml({ name: 'a', attributes: { b: value }, content: [value] })).to.equal(
      `<a b="]]&gt;&amp;&lt;&gt;&quot;&apos;&#9;&#10;&#13;">]]&gt;&amp;&lt;&gt;"'\t\n&#13;</a>`,
    );
  });

  it('replaces what XML forbids by U+FFFD', () => {
    expect(writeXml({ name: 'a', content: ['1\0\u001f\ud800\uffff2😀'] })).to.equal(
      '<a>1\ufffd\ufffd\ufffd\ufffd2😀</a>',
    );
  });

  it('takes what was written before as it is, wherever it stands', () => {
    const written = new WrittenXml('<b c="&apos;"/>&amp;');
    expect(writeXml({ name: 'a', content: ['&', written, { name: 'd', content: [written] }] })).to.equal(
      `<a>&amp;${written.text}<d>${written.text}</d></a>`,
    );
    expect(writeXml({ name: 'a', content: [new WrittenXml('')] })).to.equal('<a/>');
  });

  it('writes names of object properties as data', () => {
    const node = {
      name: '__proto__',
      attributes: Object.fromEntries([['__proto__', '1']]),
      content: [{ name: 'constructor' }],
    };
    expect(writeXml(node)).to.equal('<__proto__ __proto__="1"><constructor/></__proto__>');
  });

  it('refuses names that would break out of their place', () => {
    for (const name of ['', 'a b', 'a>', '1a', 'a:b:c', ':a', 'å', '#text', '?xml', ':@', 'a="1"']) {
      expect(() => writeXml({ name }), name).to.throw(TypeError);
      expect(() => writeXml({ name: 'a', attributes: { [name]: '' } }), name).to.throw(TypeError);
    }
  });
});

describe('encodeXml', () => {
  it('writes numeric references for what the character set cannot carry, and names the set', () => {
    const text = writeXml({ name: 'a', attributes: { b: 'ŋ' }, content: ['æš€😀'] }, { declaration: true });
    const latin = Buffer.from(encodeXml(text, 'iso-8859-1')).toString('latin1');
    expect(latin).to.equal(
      '<?xml version="1.0" encoding="iso-8859-1"?><a b="&#331;">æ&#353;&#8364;&#128512;</a>',
    );
    expect(Buffer.from(encodeXml(text, 'us-ascii')).toString('ascii')).to.contain('&#230;&#353;');
    expect([...encodeXml('<a>š€\u0081</a>', 'windows-1252')]).to.deep.equal([
      ...Buffer.from('<a>\x9a\x80&#129;</a>', 'latin1'),
    ]);
  });

  it('begins UTF-16 with its mark and UTF-8 without', () => {
    expect([...encodeXml('<a/>', 'utf-16le').subarray(0, 4)]).to.deep.equal([0xff, 0xfe, 0x3c, 0]);
    expect([...encodeXml('<a/>', 'utf-16be').subarray(0, 4)]).to.deep.equal([0xfe, 0xff, 0, 0x3c]);
    expect([...encodeXml('<a/>', 'utf-8').subarray(0, 1)]).to.deep.equal([0x3c]);
  });
});

function bareNode(element: XmlElement): XmlNode {
  return {
    name: element.localName,
    attributes: Object.fromEntries(element.attributes),
    content: element.children.length > 0 ? element.children.map(bareNode) : [element.text],
  };
}

describe('writing and reading', () => {
  const name = fc.constantFrom('a', 'Bc', 'd-e', '_f.1', '__proto__', 'constructor');
  const awkward = fc.constantFrom(
    ']]>',
    '&amp;',
    '<![CDATA[',
    '\r\n',
    '\t',
    '"',
    "'",
    'æøåÆØÅ',
    'š',
    'a\u030a',
    '😀',
    '€',
    '\u0085',
  );
  const data = fc
    .array(fc.oneof(awkward, fc.string({ unit: 'binary', maxLength: 6 })), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join(''));
  const attributes = fc.dictionary(name, data, { maxKeys: 3, noNullPrototype: true });
  const { tree } = fc.letrec<{ tree: XmlNode; leaf: XmlNode; branch: XmlNode }>((tie) => ({
    leaf: fc.record({ name, attributes, content: data.map((text) => [text]) }),
    branch: fc.record({ name, attributes, content: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
    tree: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('branch')),
  }));

  for (const charset of charsets) {
    it(`gives back what was written in ${charset}`, () => {
      fc.assert(
        fc.property(tree, (node) => {
          const written = writeXml(node, { declaration: true });
          const decoded = decodeXml(encodeXml(written, charset), undefined);
          expect(decoded.charset).to.equal(charset);
          const read = bareNode(readXml(decoded.text));
          expect(read).to.deep.equal(legalised(node));
          expect(writeXml(read, { declaration: true })).to.equal(written);
        }),
        { numRuns: runs(200) },
      );
    });
  }
});

function legalised(node: XmlNode): XmlNode {
  return {
    name: node.name,
    attributes: Object.fromEntries(
      Object.entries(node.attributes ?? {}).map(([key, value]) => [key, legalCharacters(value)]),
    ),
    content: (node.content ?? []).map((item) => {
      if (typeof item === 'string') return legalCharacters(item);
      return item instanceof WrittenXml ? item : legalised(item);
    }),
  };
}
