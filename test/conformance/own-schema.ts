import {
  ParseOption,
  XmlBufferInputProvider,
  xmlCleanupInputProvider,
  XmlDocument,
  XmlElement,
  xmlRegisterInputProvider,
  XmlValidateError,
  XsdValidator,
} from 'libxml2-wasm';
import { createHl7v3Metadata } from '../../src/legacy/hl7v3/schema/metadata.js';
import type { TypeTable } from '../../src/legacy/hl7v3/schema/type-table.js';

const ADDRESS = 'https://preg.invalid/PersonRegistry.svc';
const NO_NETWORK = { option: ParseOption.XML_PARSE_NONET };

/** The schema that the adapter serves, with `use="required"` read as optional: what really goes over the wire. */
export class OwnSchema {
  readonly #validator: XsdValidator;

  constructor(table: TypeTable) {
    const { schemas } = createHl7v3Metadata(table)(ADDRESS);
    const [wrappers = '', types = ''] = ['xsd0', 'xsd1'].map((name) =>
      (schemas.get(name) ?? '').replaceAll(' use="required"', ''),
    );
    xmlRegisterInputProvider(new XmlBufferInputProvider({ [`${ADDRESS}?xsd=xsd1`]: Buffer.from(types) }));
    const document = XmlDocument.fromString(wrappers, NO_NETWORK);
    try {
      this.#validator = XsdValidator.fromDoc(document);
    } finally {
      document.dispose();
      xmlCleanupInputProvider();
    }
  }

  /** What is wrong with the one element in the Body; undefined when nothing is. */
  complaint(envelope: string): string | undefined {
    const document = XmlDocument.fromString(envelope, NO_NETWORK);
    try {
      const body = document.get('/s:Envelope/s:Body/*', { s: 'http://www.w3.org/2003/05/soap-envelope' });
      if (!(body instanceof XmlElement)) return 'there is no element in the Body';
      this.#validator.validate(body);
      return undefined;
    } catch (error) {
      if (error instanceof XmlValidateError) return error.message;
      throw error;
    } finally {
      document.dispose();
    }
  }

  dispose(): void {
    this.#validator.dispose();
  }
}
