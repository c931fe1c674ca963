import { performance } from 'node:perf_hooks';
import { expect } from 'chai';
import fc from 'fast-check';
import { MalformedRequest } from '../../src/errors/errors.js';
import { withCanonicalForms } from '../../src/xml/canonical.js';
import { decodeXml } from '../../src/xml/decode.js';
import type { XmlElement, XmlNode } from '../../src/xml/element.js';
import { encodeXml } from '../../src/xml/encode.js';
import { readXml } from '../../src/xml/reader.js';
import { writeXml } from '../../src/xml/writer.js';
import { byXmlCrypto, byXmllint } from '../support/canonical-judges.js';
import { runs } from '../support/long-runs.js';
import { sessionVectors } from '../support/session-vectors.js';
import { signedMessage, contextToken } from '../support/signed-message.js';
import { echoBody, envelope, soapMessage } from '../support/soap-request.js';

const utf8 = (octets: Uint8Array): string => Buffer.from(octets).toString('utf8');

function everyElement(root: XmlElement): readonly XmlElement[] {
  return [root, ...root.children.flatMap(everyElement)];
}

function theOne(root: XmlElement, localName: string): XmlElement {
  const [element] = everyElement(root).filter((each) => each.localName === localName);
  if (element === undefined) throw new Error(`there is no ${localName}`);
  return element;
}

function canonicalOf(text: string, localName = 'target', prefixes: readonly string[] = []): string {
  const root = readXml(text);
  const element = theOne(root, localName);
  return utf8(withCanonicalForms({ text, root }, [element], (forms) => forms.exclusive(element, prefixes)));
}

interface Case {
  readonly what: string;
  readonly text: string;
  readonly canonical: string;
  readonly prefixes?: readonly string[];
  /** Why xml-crypto is no judge of this. */
  readonly unjudged?: string;
}

const cases: readonly Case[] = [
  {
    what: 'declares an inherited default namespace',
    text: '<a xmlns="urn:d"><target b="1"/></a>',
    canonical: '<target xmlns="urn:d" b="1"></target>',
  },
  {
    what: 'declares what is used, where it is used',
    text: '<a xmlns:p="urn:p" xmlns:q="urn:q" xmlns:r="urn:r"><target q:b="1"><p:c/><p:d/></target></a>',
    canonical:
      '<target xmlns:q="urn:q" q:b="1"><p:c xmlns:p="urn:p"></p:c><p:d xmlns:p="urn:p"></p:d></target>',
  },
  {
    what: 'leaves out a declaration that nothing uses',
    text: '<target xmlns:p="urn:p" xmlns="urn:d"><b type="p:x"/></target>',
    canonical: '<target xmlns="urn:d"><b type="p:x"></b></target>',
  },
  {
    what: 'keeps a prefix that is declared anew apart',
    text: '<p:a xmlns:p="urn:1"><p:target xmlns:p="urn:2"><p:b xmlns:p="urn:1"/><p:c/></p:target></p:a>',
    canonical: '<p:target xmlns:p="urn:2"><p:b xmlns:p="urn:1"></p:b><p:c></p:c></p:target>',
  },
  {
    what: 'leaves out a default namespace that is undone above',
    text: '<a xmlns="urn:d"><target xmlns=""><b xmlns="urn:d"/></target></a>',
    canonical: '<target><b xmlns="urn:d"></b></target>',
  },
  {
    what: 'keeps a default namespace that is undone inside',
    text: '<target xmlns="urn:d"><b xmlns=""><c xmlns=""/></b></target>',
    canonical: '<target xmlns="urn:d"><b xmlns=""><c></c></b></target>',
  },
  {
    what: 'sorts attributes by namespace, then name, by code point',
    text: '<target xmlns:a="urn:z" xmlns:z="urn:a" b="1" a="2" B="3" a:a="4" z:z="5" Z="6"/>',
    canonical: '<target xmlns:a="urn:z" xmlns:z="urn:a" B="3" Z="6" a="2" b="1" z:z="5" a:a="4"></target>',
  },
  {
    what: 'sorts names beyond the basic plane after all others',
    text: '<target \u{10000}="1" \uFF41="2" a="3"/>',
    canonical: '<target a="3" \uFF41="2" \u{10000}="1"></target>',
    unjudged: 'xmldom refuses the name',
  },
  {
    what: 'sorts prefixes by code point',
    text: '<b:target xmlns:b="urn:b" xmlns:A="urn:A" xmlns:a="urn:a" xmlns:B="urn:B" a:x="1" A:x="2" B:x="3"/>',
    canonical:
      '<b:target xmlns:A="urn:A" xmlns:B="urn:B" xmlns:a="urn:a" xmlns:b="urn:b" A:x="2" B:x="3" a:x="1"></b:target>',
    unjudged: 'it sorts by locale',
  },
  {
    what: 'keeps an attribute whose name begins with xmlns',
    text: '<target xmlnsx="1" b="2"/>',
    canonical: '<target b="2" xmlnsx="1"></target>',
    unjudged: 'it drops the attribute',
  },
  {
    what: 'writes CDATA, references and line ends as text',
    text: '<target>a<![CDATA[<&>]]>&lt;&amp;&gt;&quot;&apos;&#13;&#9;&#xe5;\r\nb\rc</target>',
    canonical: '<target>a&lt;&amp;&gt;&lt;&amp;&gt;"\'&#xD;\tå\nb\nc</target>',
  },
  {
    what: 'escapes attribute values',
    text: `<target a="&lt;&gt;&amp;&quot;'&#9;&#10;&#13;" b='"' c="x\ty"/>`,
    canonical: `<target a="&lt;>&amp;&quot;'&#x9;&#xA;&#xD;" b="&quot;" c="x y"></target>`,
  },
  {
    what: 'drops comments and keeps white space',
    text: '<a><target> <!-- c --><b/>\n<!--d--> x<!--e-->y </target></a>',
    canonical: '<target> <b></b>\n xy </target>',
  },
  {
    what: 'leaves xml:lang and xml:space where they stand',
    text: '<a xml:lang="no" xml:space="preserve"><target xml:id="i"><b xml:lang="en"/></target></a>',
    canonical: '<target xml:id="i"><b xml:lang="en"></b></target>',
  },
  {
    what: 'keeps U+FEFF in text',
    text: '<target>\uFEFFa\uFEFF</target>',
    canonical: '<target>\uFEFFa\uFEFF</target>',
  },
  {
    what: 'declares a prefix of the PrefixList though nothing uses it',
    text: '<a xmlns:x="urn:x" xmlns:y="urn:y"><p:target xmlns:p="urn:p"><x:b/></p:target></a>',
    prefixes: ['x', 'unknown'],
    unjudged: 'it wants to be told what the ancestors declare',
    canonical: '<p:target xmlns:p="urn:p" xmlns:x="urn:x"><x:b></x:b></p:target>',
  },
  {
    what: 'declares the default namespace for #default',
    text: '<a xmlns="urn:d"><p:target xmlns:p="urn:p"><p:b/></p:target></a>',
    prefixes: ['#default'],
    canonical: '<p:target xmlns="urn:d" xmlns:p="urn:p"><p:b></p:b></p:target>',
    unjudged: 'it takes #default for a prefix',
  },
];

describe('Exclusive canonical form', () => {
  for (const { what, text, canonical, prefixes = [], unjudged } of cases) {
    it(what, () => {
      expect(canonicalOf(text, 'target', prefixes)).to.equal(canonical);
    });

    if (unjudged === undefined) {
      it(`${what}, as xml-crypto does`, () => {
        expect(byXmlCrypto(text, ['target'], prefixes)).to.deep.equal([canonical]);
      });
    }
  }

  it('is that of the contract’s vectors, wherever in a message the elements stand', () => {
    const { key, tokenId, tokenIdentifier } = sessionVectors;
    const signing = { token: contextToken(tokenId, tokenIdentifier), key };
    const small = signedMessage(signing);
    const large = signedMessage(signing, { body: echoBody('<x y="1">æ</x>'.repeat(8_000)) });
    for (const text of [small, large]) {
      expect(canonicalOf(text, 'Timestamp')).to.equal(sessionVectors.timestampCanonical);
      expect(canonicalOf(text, 'SignedInfo')).to.equal(sessionVectors.signedInfoCanonical);
    }
  });

  it('agrees with xmllint about whole documents', function () {
    if (byXmllint('<a/>') === undefined) this.skip();
    const texts = [...cases.map(({ text }) => text), soapMessage()].filter((text) => !text.includes('<!--'));
    for (const text of texts) {
      const root = readXml(text);
      const form = withCanonicalForms({ text, root }, [root], (forms) => forms.exclusive(root));
      expect(utf8(form)).to.equal(byXmllint(text));
    }
  });

  it('is of the very element that was pointed at, and not of another of the same name', () => {
    const text = '<a><b><x>1</x><x>2</x></b><x>3</x><c><x>4</x><d><x>5<x>6</x></x></d></c></a>';
    const root = readXml(text);
    for (const element of everyElement(root)) {
      const form = withCanonicalForms({ text, root }, [element], (forms) => forms.exclusive(element));
      expect(readXml(utf8(form))).to.deep.equal(element);
    }
  });

  it('can be had of several elements at once, also of one inside another', () => {
    const text = '<a><x>1</x><b>gone</b><c><d>2</d><x>3</x></c><x>4</x></a>';
    const root = readXml(text);
    const elements = everyElement(root);
    withCanonicalForms({ text, root }, elements, (forms) => {
      for (const element of elements) {
        expect(readXml(utf8(forms.exclusive(element)))).to.deep.equal(element);
      }
    });
    const [c, d] = [theOne(root, 'c'), theOne(root, 'd')];
    withCanonicalForms({ text, root }, [d, c], (forms) => {
      expect(utf8(forms.exclusive(c))).to.equal('<c><d>2</d><x>3</x></c>');
      expect(utf8(forms.exclusive(d))).to.equal('<d>2</d>');
    });
  });

  it('is the same in every character set, whatever the declaration names', () => {
    const xml = writeXml(
      { name: 'a', content: [{ name: 'target', attributes: { b: 'ÆØÅæøå' }, content: ['Blåbær'] }] },
      { declaration: true },
    );
    for (const charset of [
      'utf-8',
      'utf-16le',
      'utf-16be',
      'iso-8859-1',
      'windows-1252',
      'us-ascii',
    ] as const) {
      const { text } = decodeXml(encodeXml(xml, charset), undefined);
      expect(canonicalOf(text), charset).to.equal('<target b="ÆØÅæøå">Blåbær</target>');
    }
  });

  it('keeps every character of a long text', () => {
    for (const start of ['', 'a', 'ab', 'abc']) {
      const content = start + 'å€\u{1F600}'.repeat(6_000);
      expect(canonicalOf(`<target>${content}</target>`)).to.equal(`<target>${content}</target>`);
    }
  });

  it('is canonical itself, and says what the element says', () => {
    fc.assert(
      fc.property(nodes(), fc.nat(), (node, which) => {
        const text = writeXml(node);
        const root = readXml(text);
        const elements = everyElement(root);
        const element = elements[which % elements.length] ?? root;
        const form = utf8(withCanonicalForms({ text, root }, [element], (forms) => forms.exclusive(element)));
        const again = readXml(form);
        expect(withoutPrefixes(again)).to.deep.equal(withoutPrefixes(element));
        const reform = withCanonicalForms({ text: form, root: again }, [again], (forms) =>
          forms.exclusive(again),
        );
        expect(utf8(reform)).to.equal(form);
      }),
      { numRuns: runs(200) },
    );
  });

  it('finds comments at any depth, and only inside', () => {
    const text = '<a><!--1--><b><c><d/><!--2--></c></b><e>&lt;!----&gt;<![CDATA[<!---->]]></e></a>';
    const root = readXml(text);
    const elements = everyElement(root);
    const commented = withCanonicalForms({ text, root }, elements, (forms) =>
      elements.filter((element) => forms.hasComment(element)).map((element) => element.localName),
    );
    expect(commented).to.deep.equal(['a', 'b', 'c']);
  });
});

describe('What a canonical form costs', () => {
  const milliseconds = (text: string): number => {
    const root = readXml(text);
    const element = theOne(root, 'target');
    const startedAt = performance.now();
    withCanonicalForms({ text, root }, [element], (forms) => {
      forms.hasComment(element);
      forms.exclusive(element);
    });
    return performance.now() - startedAt;
  };

  for (const [what, content] of [
    ['comments', '<!---->'.repeat(100_000)],
    ['elements', '<b></b>'.repeat(45_000)],
    ['ids', '<b xml:id="i"/>'.repeat(40_000)],
    ['depth', ('<b>'.repeat(60) + '</b>'.repeat(60)).repeat(700)],
  ] as const) {
    // Minutes where the cost is quadratic, and some tenths of a second where it is not.
    it(`stays small for very many ${what}, inside the element and beside it`, () => {
      expect(milliseconds(`<a><target>${content}</target></a>`)).to.be.below(5_000);
      expect(milliseconds(`<a>${content}<target/></a>`)).to.be.below(5_000);
    }).timeout(120_000);
  }
});

describe('A canonical form that cannot be had', () => {
  it('is refused when the tree is not that of the text', () => {
    const root = readXml('<a><b/><target/></a>');
    const target = theOne(root, 'target');
    for (const text of [
      '<a><b/><c/></a>',
      '<a><target/></a>',
      '<a><b/><target xmlns="urn:x"/></a>',
      '<b><b/><target/></b>',
      '<a><b/><target/><c/></a>',
      '<a>',
    ]) {
      expect(() => withCanonicalForms({ text, root }, [target], () => 'canonical'), text).to.throw(
        MalformedRequest,
      );
    }
  });

  it('is refused for a relative namespace name, without quoting it', () => {
    const text = '<a><target xmlns="secret-name"/></a>';
    expect(() => canonicalOf(text))
      .to.throw(MalformedRequest)
      .with.property('message')
      .not.match(/secret/);
  });

  it('is a mistake for an element of another tree', () => {
    const text = '<a><target/></a>';
    const stranger = theOne(readXml(text), 'target');
    expect(() => withCanonicalForms({ text, root: readXml(text) }, [stranger], () => 'canonical')).to.throw(
      TypeError,
    );
    const root = readXml(text);
    expect(() => withCanonicalForms({ text, root }, [], (forms) => forms.exclusive(root))).to.throw(
      TypeError,
    );
  });
});

describe('The memory of the canonicaliser', () => {
  it('does not grow with the number of documents, be they good, bad or given up', () => {
    const good = envelope(`<s:Body><target>${'<x y="z">t</x>'.repeat(300)}</target></s:Body>`);
    const goodRoot = readXml(good);
    const target = theOne(goodRoot, 'target');
    const round = (): void => {
      withCanonicalForms({ text: good, root: goodRoot }, [target], (forms) => forms.exclusive(target));
      const attempts = [
        (): unknown => canonicalOf('<target xmlns="relative"/>'),
        (): unknown => withCanonicalForms({ text: `${good}<`, root: goodRoot }, [target], () => 0),
        (): unknown => withCanonicalForms({ text: '<s/>', root: goodRoot }, [target], () => 0),
        (): unknown =>
          withCanonicalForms({ text: good, root: goodRoot }, [target], () => {
            throw new MalformedRequest('given up');
          }),
      ];
      for (const attempt of attempts) expect(attempt).to.throw(MalformedRequest);
    };
    for (let warmUp = 0; warmUp < 50; warmUp += 1) round();
    const before = process.memoryUsage().external;
    for (let count = 0; count < runs(500); count += 1) round();
    const after = process.memoryUsage().external;
    expect(after - before).to.be.below(8 * 1024 * 1024);
  }).timeout(120_000);
});

const PREFIXES = ['', 'a', 'B', 'p', 'q'] as const;
const NAMESPACES = ['urn:1', 'urn:2', 'http://x.invalid/ns#'] as const;

/** Trees in which every prefix is declared at the root and some again below. */
function nodes(): fc.Arbitrary<XmlNode> {
  const declarations = fc.dictionary(
    fc.constantFrom('xmlns', 'xmlns:a', 'xmlns:B', 'xmlns:p', 'xmlns:q'),
    fc.constantFrom(...NAMESPACES),
  );
  const prefix = fc.constantFrom(...PREFIXES);
  const localName = fc.constantFrom('x', 'Y', 'z-1', 'target');
  const qualified = fc
    .tuple(prefix, localName)
    .map(([before, local]) => (before === '' ? local : `${before}:${local}`));
  const text = fc.string({ unit: 'binary', maxLength: 8 });
  // One attribute beside the unprefixed ones, so that no two can have the same expanded name.
  const attributes = fc
    .tuple(
      declarations,
      fc.option(fc.tuple(qualified, text)),
      fc.dictionary(fc.constantFrom('id', 'xmlnsx', 'Z'), text),
    )
    .map(([declared, one, plain]) => ({
      ...declared,
      ...plain,
      ...(one === null ? {} : { [one[0]]: one[1] }),
    }));
  const { node } = fc.letrec<{ node: XmlNode }>((tie) => ({
    node: fc.record({
      name: qualified,
      attributes,
      content: fc.array(fc.oneof({ depthSize: 'small', withCrossShrink: true }, text, tie('node')), {
        maxLength: 4,
      }),
    }),
  }));
  return node.map((root) => ({
    ...root,
    attributes: {
      ...root.attributes,
      xmlns: 'urn:0',
      'xmlns:a': 'urn:a',
      'xmlns:B': 'urn:B',
      'xmlns:p': 'urn:p',
      'xmlns:q': 'urn:q',
    },
  }));
}

/** What the canonical form keeps: all but declarations that nothing uses. */
function withoutPrefixes({ namespace, localName, attributes, text, children }: XmlElement): unknown {
  return { namespace, localName, attributes, text, children: children.map(withoutPrefixes) };
}
