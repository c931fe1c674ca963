/** Names of parameters with what is wrong with them. Never holds a value. */
export type ParameterErrors = Readonly<Record<string, readonly string[]>>;

/** An answer in the form of ProblemDetails (persontjenesten-api 5.1). */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: 400 | 404 | 413 | 415;
  readonly errors: ParameterErrors | undefined;

  constructor(status: Problem['status'], title: string, errors?: ParameterErrors) {
    super(title);
    this.status = status;
    this.errors = errors;
  }

  /** The body to send. */
  details(): Readonly<Record<string, unknown>> {
    return {
      type: `https://www.rfc-editor.org/rfc/rfc9110#name-${String(this.status)}`,
      title: this.message,
      status: this.status,
      ...(this.errors === undefined ? {} : { errors: this.errors }),
    };
  }
}

/** 400 for one parameter. */
export function badParameter(name: string, problem: string): Problem {
  return new Problem(400, 'One or more parameters are not valid.', { [name]: [problem] });
}
