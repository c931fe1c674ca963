import type { FieldTable } from '../mapping/field-table.js';
import type { HelpNumberRecord } from '../person/help-number-record.js';
import type { NationalId } from '../person/national-id.js';
import type {
  AddAnswer,
  Change,
  ChangeAnswer,
  HelpNumberRegister,
} from '../registry/help-number-register.js';
import { VisibleFields } from './visible-fields.js';

/** Answers a change with what the client's access profile grants. What a client may change is no matter of its profile. */
export class ProfiledHelpNumbers implements HelpNumberRegister {
  constructor(
    private readonly inner: HelpNumberRegister,
    private readonly fields: FieldTable,
  ) {}

  async add(record: HelpNumberRecord, change: Change): Promise<AddAnswer> {
    return this.#shown(await this.inner.add(record, change), change);
  }

  async revise(id: NationalId, revision: Partial<HelpNumberRecord>, change: Change): Promise<ChangeAnswer> {
    return this.#shown(await this.inner.revise(id, revision, change), change);
  }

  async link(survivor: NationalId, superseded: readonly NationalId[], change: Change): Promise<ChangeAnswer> {
    return this.#shown(await this.inner.link(survivor, superseded, change), change);
  }

  async unlink(survivor: NationalId, superseded: NationalId, change: Change): Promise<ChangeAnswer> {
    return this.#shown(await this.inner.unlink(survivor, superseded, change), change);
  }

  #shown<Answer extends AddAnswer | ChangeAnswer>(answer: Answer, { caller }: Change): Answer {
    if (answer.outcome === 'refused') return answer;
    return { ...answer, hit: new VisibleFields(this.fields, caller.visible).of(answer.hit) };
  }
}
