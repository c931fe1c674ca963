/** A change that cannot happen to these persons. The message never holds a number or a name. */
export class ImpossibleChange extends Error {
  override readonly name: string = 'ImpossibleChange';
}

/** Nobody in the population has the number that a change names. */
export class UnknownPerson extends ImpossibleChange {
  override readonly name = 'UnknownPerson';

  constructor() {
    super('Nobody has that number.');
  }
}
