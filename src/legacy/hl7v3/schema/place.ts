/** Where in a message a writer is, for what it refuses: put together only when it refuses something. */
export class Place {
  readonly #names: string[];

  constructor(root: string) {
    this.#names = [root];
  }

  enter(name: string): void {
    this.#names.push(name);
  }

  leave(): void {
    this.#names.pop();
  }

  /** Element and attribute names from the root to here, and to what is named, separated by `/`. */
  path(...inside: readonly string[]): string {
    return [...this.#names, ...inside].join('/');
  }
}
