import type { CodeTables } from '../../mapping/code-table.js';
import type { NationalId } from '../../person/national-id.js';
import type { BrokenRule } from '../../registry/help-number-register.js';
import { codeSystems } from '../../contract/hl7v3/code-systems.js';
import type { Hl7v3Codes } from './codes.js';
import type { MessageAnswer } from './message.js';
import { registrationControlAct, type AcknowledgementDetail } from './reply.js';
import type { TypedStructure } from './schema/typed-value.js';

/** Every issue that a reply can tell of. The compiler holds this list to the rules of the register. */
const issueNames = Object.keys({
  'no-series': true,
  'series-exhausted': true,
  'message-id-reused': true,
  'unknown-number': true,
  'not-a-help-number': true,
  'not-our-number': true,
  superseded: true,
  'survivor-superseded': true,
  'same-number': true,
  'not-linked': true,
  'death-before-birth': true,
  'possible-duplicate': true,
} satisfies Record<IssueName, true>);

type IssueName = BrokenRule | 'possible-duplicate';

/** An issue as mappings/codes/detected-issue.yaml words it. */
interface Issue {
  readonly code: string;
  readonly codeSystem: string;
  readonly text: string;
}

/** A possible duplicate of somebody who was added. */
export interface DuplicateWarning {
  readonly detail: AcknowledgementDetail;
  readonly issue: TypedStructure;
}

/** How replies tell of broken rules of the help number register (preg-hl7v3 2.4 and part 7). */
export class DetectedIssues {
  readonly #issues: ReadonlyMap<string, Issue>;

  /** @throws Error when the table lacks an issue, or a column of one. */
  constructor(
    tables: CodeTables,
    private readonly codes: Hl7v3Codes,
  ) {
    this.#issues = new Map(issueNames.map((name) => [name, issueIn(tables, name)]));
  }

  /** A change that would break a rule: `AE`, with the rule as detected issue, or as detail where nothing can be changed at all. */
  refusal(rule: BrokenRule): MessageAnswer {
    const { code, codeSystem, text } = this.#issue(rule);
    const isDetail = codeSystem === codeSystems.acknowledgementDetail;
    return {
      acknowledgement: { typeCode: 'AE', details: isDetail ? [{ code, text }] : [] },
      controlAct: registrationControlAct(isDetail ? {} : { issues: [this.#event(rule, [])] }),
      outcome: 'refused',
    };
  }

  /** Others who may be the person who was added, in words and by number. */
  possibleDuplicates(numbers: readonly NationalId[]): DuplicateWarning {
    const { code, codeSystem, text } = this.#issue('possible-duplicate');
    return {
      detail: { type: 'W', code, codeSystem, text },
      issue: this.#event('possible-duplicate', numbers),
    };
  }

  #event(name: IssueName, numbers: readonly NationalId[]): TypedStructure {
    const { code, codeSystem, text } = this.#issue(name);
    return {
      '@classCode': 'ALRT',
      '@moodCode': 'EVN',
      id: numbers.map((number) => ({ '@root': this.codes.rootOf(number), '@extension': number })),
      code: { '@code': code, '@codeSystem': codeSystem },
      text,
    };
  }

  #issue(name: IssueName): Issue {
    const issue = this.#issues.get(name);
    if (issue === undefined) throw new RangeError(`no issue ${name}`);
    return issue;
  }
}

function issueIn(tables: CodeTables, name: string): Issue {
  const row = tables.get('detected-issue')?.find(name);
  const columns = row?.kind === 'mapped' ? row.entry.columns : {};
  const { codeSystem, sentence } = columns;
  if (row?.kind !== 'mapped' || typeof codeSystem !== 'string' || typeof sentence !== 'string') {
    throw new Error(`mappings/codes/detected-issue.yaml lacks ${name}, its codeSystem or its sentence`);
  }
  return { code: String(row.entry.code), codeSystem, text: sentence };
}
