/** XML text that has been written and escaped already, and goes into a document as it is. */
export class WrittenXml {
  constructor(readonly text: string) {}
}
