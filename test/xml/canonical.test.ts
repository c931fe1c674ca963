import { expect } from 'chai';
import { DoctypeRefused } from '../../src/errors/errors.js';
import { canonicalXml } from '../../src/xml/canonical.js';

describe('canonicalXml', () => {
  it('gives one text for documents that mean the same', () => {
    const one =
      '<?xml version="1.0" encoding="iso-8859-1"?>\n<a xmlns="urn:a" xmlns:u="urn:u" z="1" b=\'å\'><!-- x --><c/></a>';
    const other = '<a b="&#229;" z="1" xmlns="urn:a"><c></c></a>';
    expect(canonicalXml(one)).to.equal('<a xmlns="urn:a" b="å" z="1"><c></c></a>');
    expect(canonicalXml(other)).to.equal(canonicalXml(one));
  });

  it('keeps order, white space and prefixes, which all mean something', () => {
    expect(canonicalXml('<a><b/><c/></a>')).not.to.equal(canonicalXml('<a><c/><b/></a>'));
    expect(canonicalXml('<a> </a>')).not.to.equal(canonicalXml('<a/>'));
    expect(canonicalXml('<p:a xmlns:p="urn:u"/>')).not.to.equal(canonicalXml('<q:a xmlns:q="urn:u"/>'));
  });

  it('refuses a DOCTYPE and what is not well-formed', () => {
    expect(() => canonicalXml('<!DOCTYPE a><a/>')).to.throw(DoctypeRefused);
    expect(() => canonicalXml('<a>')).to.throw();
  });
});
