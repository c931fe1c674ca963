import { expect } from 'chai';
import fc from 'fast-check';
import type { XmlElement } from '../../src/xml/element.js';
import { elementText } from '../../src/xml/element-text.js';
import { readXml } from '../../src/xml/reader.js';
import { runs } from '../support/long-runs.js';

/** The text of the element that the indices lead to. */
function textAt(text: string, ...indices: readonly number[]): string {
  const root = readXml(text);
  let element = root;
  for (const index of indices) {
    const child = element.children[index];
    if (child === undefined) throw new Error('no such element');
    element = child;
  }
  return elementText({ text, root }, element);
}

/** What the text means, whatever prefixes are called. */
function meaning({ namespace, localName, attributes, children, text }: XmlElement): unknown {
  return { namespace, localName, attributes: [...attributes].sort(), children: children.map(meaning), text };
}

describe('the text of an element', () => {
  it('stands there as it was sent', () => {
    const inner = "<x  a = '1>2' ><!-- <y/> --><![CDATA[</x>]]>&#38;\r\n<y b=\"it's\"/></x >";
    expect(textAt(`<?xml version="1.0"?>\n<e><b>${inner}</b></e>`, 0, 0)).to.equal(inner);
  });

  it('declares what it takes from around it, and only what it may need', () => {
    const text =
      '<s:e xmlns:s="urn:s" xmlns="urn:d" xmlns:q="urn:q" xmlns:r="urn:r&amp;&lt;"><s:b><x t="q:T" r:u=""><y/></x></s:b></s:e>';
    expect(textAt(text, 0, 0)).to.equal(
      '<x xmlns="urn:d" xmlns:q="urn:q" xmlns:r="urn:r&amp;&lt;" t="q:T" r:u=""><y/></x>',
    );
  });

  it('keeps its own declarations, where they undo those around it as well', () => {
    expect(
      textAt('<e xmlns="urn:d" xmlns:p="urn:1"><x xmlns="" xmlns:p=\'urn:2\'><p:y/></x></e>', 0),
    ).to.equal('<x xmlns="" xmlns:p=\'urn:2\'><p:y/></x>');
  });

  it('takes nothing in a value for a declaration', () => {
    expect(textAt('<e xmlns:p="urn:p"><x a=" xmlns:p=\'no\'"><p:y/></x></e>', 0)).to.equal(
      '<x xmlns:p="urn:p" a=" xmlns:p=\'no\'"><p:y/></x>',
    );
  });

  it('is found among others of its name, empty ones included', () => {
    expect(textAt('<e><x/><x><x/><x>1</x></x><x >2</x></e>', 1, 1)).to.equal('<x>1</x>');
    expect(textAt('<e><x/><x><x/><x>1</x></x><x >2</x></e>', 2)).to.equal('<x >2</x>');
    expect(textAt('<e><x/><y/></e>', 1)).to.equal('<y/>');
    expect(textAt('<e><x/></e>')).to.equal('<e><x/></e>');
  });

  it('is found however long tags, comments and values are', () => {
    const long = ' '.repeat(150_000);
    expect(
      textAt(`<e${long}><!--${long}--><x${long}/><y a="${' '.repeat(8_000)}"${long}>1</y></e${long}>`, 1),
    ).to.equal(`<y a="${' '.repeat(8_000)}"${long}>1</y>`);
  });

  it('is not made of another tree', () => {
    const root = readXml('<e/>');
    expect(() => elementText({ text: '<e/>', root }, readXml('<e/>'))).to.throw(TypeError);
    const deeper = readXml('<e><x/></e>');
    const [child] = deeper.children;
    if (child === undefined) throw new Error('no child');
    expect(() => elementText({ text: '<e/>', root: deeper }, child)).to.throw('differ');
  });

  it('means the same as the element, wherever it stands', () => {
    const name = fc.constantFrom('a', 'p:a', 'q:b', 'b');
    const attribute = fc.constantFrom(
      '',
      ' c="p:x>y"',
      " p:c='\"/&lt;'",
      ' xmlns="urn:o"',
      ' xmlns:p="urn:o"',
      ' xmlns=""',
    );
    const text = fc.constantFrom('', 'æ', '&lt;', '<![CDATA[<a>]]>', '<!--</a>-->', '\n');
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.tuple(name, attribute).map(([n, a]) => `<${n}${a}/>`),
        fc
          .tuple(name, attribute, fc.array(fc.oneof(text, tie('tree')), { maxLength: 4 }))
          .map(([n, a, content]) => `<${n}${a}>${content.join('')}</${n}>`),
      ),
    }));
    fc.assert(
      fc.property(tree, (content) => {
        const document = `<e xmlns="urn:d" xmlns:p="urn:p" xmlns:q="urn:q">${content}</e>`;
        const root = readXml(document);
        const visit = (element: XmlElement): void => {
          const alone = readXml(elementText({ text: document, root }, element));
          expect(meaning(alone)).to.deep.equal(meaning(element));
          element.children.forEach(visit);
        };
        visit(root);
      }),
      { numRuns: runs(200) },
    );
  });
});
