import { expect } from 'chai';
import { isJsonValue } from '../../src/mapping/json.js';
import { parsePersonDocument } from '../../src/mapping/person-document.js';

describe('a Person document', () => {
  it('is a JSON object with an id', () => {
    expect(parsePersonDocument('{"id":"abc","sequenceNumber":7}')).to.deep.equal({
      id: 'abc',
      content: { id: 'abc', sequenceNumber: 7 },
    });
  });

  it('is nothing else', () => {
    for (const text of [
      '',
      'null',
      '"abc"',
      '[{"id":"abc"}]',
      '{}',
      '{"id":7}',
      '{"id":" "}',
      '{"id":"abc"',
      '<html>',
      '{"__proto__":{"id":"abc"}}',
    ]) {
      expect(parsePersonDocument(text), text).to.equal(undefined);
    }
  });

  it('may be nested as deep as it likes', () => {
    const depth = 100_000;
    const nested = `{"id":"abc","odd":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(parsePersonDocument(nested)?.id).to.equal('abc');
  });

  it('is told from values that JSON does not have', () => {
    expect(isJsonValue({ a: [1, 'x', null, { b: false }] })).to.equal(true);
    for (const odd of [undefined, () => 1, 1n, Symbol('x'), [undefined], { a: { b: () => 1 } }])
      expect(isJsonValue(odd)).to.equal(false);
  });
});
