import { ElementIndex } from './element-index.js';
import type { JsonObject } from './json.js';
import { OwnNumbers } from './own-numbers.js';

/** A Person document while it is translated: what many rows ask for is found out once, and forgotten with the translation. */
export class ReadDocument {
  readonly elements: ElementIndex;
  readonly numbers: OwnNumbers;

  constructor(readonly content: JsonObject) {
    this.elements = new ElementIndex(content);
    this.numbers = new OwnNumbers(this.elements);
  }
}
