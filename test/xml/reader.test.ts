import { expect } from 'chai';
import { runs } from '../support/long-runs.js';
import fc from 'fast-check';
import { AdapterError, DoctypeRefused, MalformedRequest } from '../../src/errors/errors.js';
import { defaultXmlLimits } from '../../src/xml/limits.js';
import { resolveQualifiedName } from '../../src/xml/qualified-name.js';
import { readXml } from '../../src/xml/reader.js';

function child(text: string, index = 0): ReturnType<typeof readXml> {
  const found = readXml(text).children[index];
  if (found === undefined) throw new Error('no such child');
  return found;
}

describe('readXml', () => {
  it('resolves the namespaces of elements and attributes', () => {
    const root = readXml('<a:b xmlns:a="urn:a" xmlns="urn:d" a:x="1" y="2"><c/><d xmlns=""/></a:b>');
    expect(root.namespace).to.equal('urn:a');
    expect(root.localName).to.equal('b');
    expect([...root.attributes]).to.deep.equal([
      ['{urn:a}x', '1'],
      ['y', '2'],
    ]);
    expect(root.children.map((element) => element.namespace)).to.deep.equal(['urn:d', '']);
  });

  it('joins character data and CDATA around comments and keeps white space and leading zeros', () => {
    expect(readXml('<a> 00<!-- x -->12<![CDATA[<&]]>&#51;&#x34; </a>').text).to.equal(' 0012<&34 ');
  });

  it('decodes the five predefined references and numeric ones alone', () => {
    expect(readXml('<a b="&quot;&#9;&apos;">&amp;&lt;&gt;&#x1F600;</a>').text).to.equal('&<>😀');
    for (const name of ['nbsp', 'toString', 'constructor', '__proto__', 'hasOwnProperty']) {
      expect(() => readXml(`<a>&${name};</a>`), name).to.throw(MalformedRequest);
      expect(() => readXml(`<a b="&${name};"/>`), name).to.throw(MalformedRequest);
    }
  });

  it('normalises line ends in text and white space in attributes as XML 1.0 says', () => {
    const root = readXml('<a b="1\t2\r\n3&#10;4">x\r\ny\rz&#13;</a>');
    expect(root.attributes.get('b')).to.equal('1 2 3\n4');
    expect(root.text).to.equal('x\ny\nz\r');
  });

  it('shares the prefixes of the parent with elements that declare none', () => {
    const root = readXml('<a xmlns:p="urn:p"><b/><c xmlns:q="urn:q"/></a>');
    expect(root.children[0]?.prefixes).to.equal(root.prefixes);
    expect([...(root.children[1]?.prefixes ?? [])]).to.deep.equal([
      ['xml', 'http://www.w3.org/XML/1998/namespace'],
      ['p', 'urn:p'],
      ['q', 'urn:q'],
    ]);
  });

  it('resolves qualified names in content by the prefixes in scope', () => {
    const element = child('<a xmlns="urn:d" xmlns:p="urn:outer"><b xmlns:p="urn:inner"/></a>');
    expect(resolveQualifiedName(' p:c\n', element)).to.deep.equal({ namespace: 'urn:inner', localName: 'c' });
    expect(resolveQualifiedName('c', element)).to.deep.equal({ namespace: 'urn:d', localName: 'c' });
    expect(resolveQualifiedName('q:c', element)).to.equal(undefined);
    expect(resolveQualifiedName('p:c:d', element)).to.equal(undefined);
    expect(resolveQualifiedName('', element)).to.equal(undefined);
    const undeclared = child('<a xmlns="urn:d"><b xmlns=""/></a>');
    expect(resolveQualifiedName('c', undeclared)).to.deep.equal({ namespace: '', localName: 'c' });
  });

  for (const [what, text] of [
    ['upper case', '<!DOCTYPE a><a/>'],
    ['lower case', '<!doctype a><a/>'],
    ['mixed case after a comment', '<!-- x --><!DocType a [<!ENTITY b "c">]><a>&b;</a>'],
    ['inside the root', '<a><!DOCTYPE a></a>'],
    ['in front of rubbish', '<!DOCTYPE <<<'],
    ['inside CDATA', '<a><![CDATA[<!DOCTYPE a>]]></a>'],
  ] as const) {
    it(`refuses a DOCTYPE: ${what}`, () => {
      expect(() => readXml(text)).to.throw(DoctypeRefused);
    });
  }

  for (const [what, text] of [
    ['nothing at all', ''],
    ['white space alone', ' \n'],
    ['no root', '<?xml version="1.0"?>'],
    ['cut in a tag', '<a><b'],
    ['cut in text', '<a>x'],
    ['cut in CDATA', '<a><![CDATA[x'],
    ['cut in a comment', '<a><!-- '],
    ['two roots', '<a/><b/>'],
    ['text after the root', '<a/>x'],
    ['text before the root', 'x<a/>'],
    ['duplicate attribute', '<a b="1" b="2"/>'],
    ['duplicate attribute by namespace', '<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>'],
    ['unbound prefix of an element', '<p:a/>'],
    ['unbound prefix of an attribute', '<a p:b="1"/>'],
    ['prefix undeclared', '<a xmlns:p="u"><b xmlns:p=""/></a>'],
    ['xml prefix bound to another namespace', '<a xmlns:xml="u"/>'],
    ['two colons in a name', '<p:a:b xmlns:p="u"/>'],
    ['local part that begins with a digit', '<p:1 xmlns:p="u"/>'],
    ['local part of an attribute that begins with a hyphen', '<a xmlns:p="u" p:-b="1"/>'],
    ['white space around a namespace name', '<a xmlns:p=" u"/>'],
    ['mismatched tags', '<a><b></a></b>'],
    ['control character', '<a>\u0001</a>'],
    ['NUL', '<a>\0</a>'],
    ['reference to a control character', '<a>&#1;</a>'],
    ['reference to a surrogate', '<a>&#xD800;</a>'],
    ['reference beyond Unicode', '<a>&#x110000;</a>'],
    ['U+FFFF', '<a>\uffff</a>'],
    ['lone high surrogate', '<a>\ud83d</a>'],
    ['high surrogate before a letter', '<a>\ud83dz</a>'],
    ['lone low surrogate in an attribute', '<a b="\ude00"/>'],
    ['bare ampersand', '<a>&</a>'],
    ['less-than in an attribute', '<a b="<"/>'],
    ['CDATA end in text', '<a>]]></a>'],
    ['unquoted attribute', '<a b=c/>'],
    ['attribute without value', '<a b/>'],
    ['processing instruction', '<a><?php x?></a>'],
    ['processing instruction at the start', '<?php x?><a/>'],
    ['processing instruction at the start, named like a declaration', '<?xml-stylesheet x?><a/>'],
    ['processing instruction behind the declaration', '<?xml version="1.0"?><?php x?><a/>'],
    ['processing instruction behind a declaration with a tab', '<?xml\tversion="1.0"?><?php x?><a/>'],
    ['processing instruction at the end', '<?xml version="1.0"?><a/><?php x?>'],
    ['XML 1.1', '<?xml version="1.1"?><a/>'],
    ['XML 1.1 behind a byte order mark', '\uFEFF<?xml version="1.1"?><a/>'],
    ['XML 1.1 declared with a line break', '<?xml\nversion="1.1"?><a/>'],
    ['a second declaration', '<?xml version="1.0"?><a><?xml version="1.0"?></a>'],
    ['declaration not at the start', ' <?xml version="1.0"?><a/>'],
    ['entity declaration without DOCTYPE', '<a><!ENTITY b "c"></a>'],
    ['two hyphens in a comment', '<a><!-- -- --></a>'],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => readXml(text)).to.throw(MalformedRequest);
    });
  }

  it('does not quote the document in an error', () => {
    for (const text of [
      '<Ola/><Nordmann/>',
      '<a Ola="1" Ola="2"/>',
      '<Ola:a/>',
      '<a>&Ola;</a>',
      '<Ola>',
      '<a></Ola>',
    ]) {
      expect(() => readXml(text))
        .to.throw(MalformedRequest)
        .with.property('message')
        .that.does.not.match(/Ola|Nordmann/);
    }
  });

  const limits = {
    ...defaultXmlLimits,
    elements: 5,
    attributesPerElement: 3,
    attributes: 4,
    namespaceDeclarations: 2,
    nameLength: 8,
    attributeLength: 10,
    textLength: 6,
    references: 3,
    totalLength: 200,
  };
  for (const [limit, within, beyond] of [
    ['elements', '<a><b/><b/><b/><b/></a>', '<a><b/><b/><b/><b/><b/></a>'],
    ['attributesPerElement', '<a b="" c="" d=""/>', '<a b="" c="" d="" e=""/>'],
    ['attributes', '<a b="" c=""><b d="" e=""/></a>', '<a b="" c=""><b d="" e=""/><c f=""/></a>'],
    [
      'namespaceDeclarations',
      '<a xmlns="u" xmlns:b="u"/>',
      '<a xmlns="u"><b xmlns:b="u"><c xmlns:b="u"/></b></a>',
    ],
    ['nameLength', '<abcdefgh/>', '<abcdefghi/>'],
    ['nameLength', '<a abcdefgh=""/>', '<a abcdefghi=""/>'],
    ['attributeLength', '<a b="0123456789"/>', '<a b="01234567890"/>'],
    ['textLength', '<a>012<b>012345</b>345</a>', '<a>012<b/>3456</a>'],
    ['references', '<a>&lt;&lt;&lt;</a>', '<a>&lt;&lt;&lt;&lt;</a>'],
    ['totalLength', `<a>${' '.repeat(6)}</a>`, `<a><!--${' '.repeat(200)}--></a>`],
  ] as const) {
    it(`holds the limit ${limit}: ${within}`, () => {
      expect(() => readXml(within, limits)).not.to.throw();
      expect(() => readXml(beyond, limits)).to.throw(MalformedRequest, limit);
    });
  }

  it('reads 64 levels and refuses 65', () => {
    const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth);
    expect(readXml(nested(64)).localName).to.equal('a');
    expect(() => readXml(nested(65))).to.throw(MalformedRequest, 'depth');
  });

  it('treats names of object properties as data', () => {
    const root = readXml(
      '<__proto__ xmlns:__proto__="urn:p" __proto__="1" constructor="2"><constructor/><__proto__:toString/></__proto__>',
    );
    expect(root.localName).to.equal('__proto__');
    expect([...root.attributes]).to.deep.equal([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
    expect(root.children.map((element) => element.localName)).to.deep.equal(['constructor', 'toString']);
    expect(root.children[1]?.namespace).to.equal('urn:p');
    expect(Reflect.get({}, 'x')).to.equal(undefined);
    expect(Object.keys(Object.prototype)).to.deep.equal([]);
  });

  it('throws nothing but adapter errors, whatever the text', () => {
    const fragment = fc.oneof(
      fc.constantFrom(
        '<',
        '>',
        '/',
        '&',
        ';',
        '#x',
        '"',
        "'",
        '=',
        '<a',
        '<![CDATA[',
        ']]>',
        '<!--',
        '-->',
        '<?',
        '?>',
      ),
      fc.constantFrom(
        'xmlns:',
        'xmlns',
        '__proto__',
        ':',
        ' ',
        '\r',
        '\ud800',
        '<a>',
        '</a>',
        '<?xml version="1.0"?>',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 30 }), (parts) => {
        try {
          readXml(parts.join(''));
        } catch (error) {
          expect(error).to.be.instanceOf(AdapterError);
        }
      }),
      { numRuns: runs(2_000) },
    );
  });
});
