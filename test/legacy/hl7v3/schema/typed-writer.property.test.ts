import { expect } from 'chai';
import { long, runs } from '../../../support/long-runs.js';
import fc from 'fast-check';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { loadTypeTable } from '../../../../src/legacy/hl7v3/schema/load-type-table.js';
import { hl7v3Operations } from '../../../../src/contract/hl7v3/operations.js';
import { replyBody } from '../../../../src/legacy/hl7v3/schema/reply-body.js';
import type { TypeTable } from '../../../../src/legacy/hl7v3/schema/type-table.js';
import type { TypedStructure } from '../../../../src/legacy/hl7v3/schema/typed-value.js';
import { TypedWriter } from '../../../../src/legacy/hl7v3/schema/typed-writer.js';
import { hl7Schema } from '../../../../src/legacy/hl7v3/schema/xsd.js';
import type { XmlNode } from '../../../../src/xml/element.js';
import { writeXml } from '../../../../src/xml/writer.js';
import { typeTablePath } from './places.js';
import { randomStructure, shuffled, type Draw } from './random-structure.js';

/** A draw from fast-check's generator: a whole number below `count`. */
function drawWith(g: fc.GeneratorValue): Draw {
  return (count) => g(fc.nat, { max: count - 1 });
}

describe('writing whatever the HL7 v3 type table allows', function () {
  this.timeout(long ? 600_000 : 30_000);
  const replyTypes = [...new Set(hl7v3Operations.map(({ replyType }) => replyType))];
  let table: TypeTable;
  let writer: TypedWriter;

  before(async () => {
    table = await loadTypeTable(typeTablePath);
    writer = new TypedWriter(table);
  });

  it('gives the same bytes for any order of the members', () => {
    fc.assert(
      fc.property(fc.constantFrom(...replyTypes), fc.gen(), (type, g) => {
        const draw = drawWith(g);
        const value = randomStructure(table, type, draw);
        expect(written(type, shuffled(value, draw))).to.equal(written(type, value));
      }),
      { numRuns: runs(50) },
    );
  });

  it('gives what the generated schema accepts', () => {
    const schema = XmlDocument.fromString(relaxedSchemaWithRoots());
    const validator = XsdValidator.fromDoc(schema);
    try {
      fc.assert(
        fc.property(fc.constantFrom(...replyTypes), fc.gen(), (type, g) => {
          const document = XmlDocument.fromString(written(type, randomStructure(table, type, drawWith(g))));
          try {
            validator.validate(document);
          } finally {
            document.dispose();
          }
        }),
        { numRuns: runs(50) },
      );
    } finally {
      validator.dispose();
      schema.dispose();
    }
  });

  it('wraps a reply in the two wrappers of its operation', () => {
    const operation = hl7v3Operations[1];
    expect(
      writeXml(replyBody(writer, operation, { '@ITSVersion': 'XML_1.0', id: { '@root': '1' } })),
    ).to.equal(
      '<t:GetDemographicsResponse xmlns:t="http://tempuri.org/" xmlns="urn:hl7-org:v3">' +
        '<t:GetDemographicsResult ITSVersion="XML_1.0"><id root="1"/></t:GetDemographicsResult>' +
        '</t:GetDemographicsResponse>',
    );
  });

  function written(type: string, value: TypedStructure): string {
    return writer.write(type, type, value).text.replace(type, `${type} xmlns="urn:hl7-org:v3"`);
  }

  /** The generated schema with an element per reply type; nil elements carry no attributes, so none is required. */
  function relaxedSchemaWithRoots(): string {
    const schema = hl7Schema(table);
    const roots = replyTypes.map((type): XmlNode => ({
      name: 'xs:element',
      attributes: { name: type, type: `tns:${type}` },
    }));
    return writeXml({ ...schema, content: [...(schema.content ?? []), ...roots] }).replaceAll(
      'use="required"',
      '',
    );
  }
});
