/** An adapter that can be attacked, and what it takes to talk to it. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** Certificate to trust, PEM; undefined takes whatever is shown. */
  readonly ca: string | undefined;
  readonly account: Account;
  /** Somebody whom the register knows, and a name of whom a right answer tells. */
  readonly person: KnownPerson;
  /** Where its health is told; undefined where that is not known. */
  readonly operations: { readonly host: string; readonly port: number } | undefined;
  readonly mllp: { readonly host: string; readonly port: number } | undefined;
  /** The process, where it is ours. */
  readonly pid: number | undefined;
}

export interface Account {
  readonly username: string;
  readonly password: string;
}

export interface KnownPerson {
  readonly nin: string;
  /** As it was registered, in upper case. */
  readonly familyName: string;
}
