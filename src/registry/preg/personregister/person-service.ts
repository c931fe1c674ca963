import { operationOf, type Contract } from '../../../contract/preg-xml/contract.js';
import { readData } from '../../../contract/preg-xml/data-reader.js';
import type { DataRecord } from '../../../contract/preg-xml/data-value.js';
import { requestBody } from '../../../contract/preg-xml/data-writer.js';
import type { ReadRecord } from '../../../contract/preg-xml/read-record.js';
import { MalformedRequest, PregRejected } from '../../../errors/errors.js';
import type { CalendarDate } from '../../../person/calendar-date.js';
import type { NationalId } from '../../../person/national-id.js';
import { isNamed } from '../../../xml/element-reading.js';
import { writeXml } from '../../../xml/writer.js';
import type { Caller } from '../../person-registry.js';
import type { PregService } from '../preg-service.js';

/** PREG's IPersonService with parameters and results in place of XML. */
export class PersonService {
  /** @param contract version 2018, which what a PREG of 2016 sends is part of */
  constructor(
    private readonly service: PregService,
    private readonly contract: Contract,
  ) {}

  /** One person, today or as of a day; null for nobody. @throws PregRejected, and as {@link PregService.call} */
  async person(id: NationalId, on: CalendarDate | undefined, caller: Caller): Promise<ReadRecord | null> {
    const reply = await this.#call('GetPerson', lookup(id, on), caller);
    return reply.record('GetPersonResult');
  }

  /** Those of the people whom PREG knows. @throws PregRejected, and as {@link PregService.call} */
  async persons(ids: readonly NationalId[], caller: Caller): Promise<readonly ReadRecord[]> {
    const reply = await this.#call('GetPersons', { listOfNIN: ids }, caller);
    return items(reply.records('GetPersonsResult'));
  }

  /** The addresses of one person; null for nobody. @throws PregRejected, and as {@link PregService.call} */
  async addresses(id: NationalId, caller: Caller): Promise<readonly ReadRecord[] | null> {
    const reply = await this.#call('GetAddresses', lookup(id, undefined), caller);
    const addresses = reply.records('GetAddressesResult');
    return addresses === null ? null : items(addresses);
  }

  /** The children of one person; null for nobody. @throws PregRejected, and as {@link PregService.call} */
  async children(id: NationalId, caller: Caller): Promise<readonly ReadRecord[] | null> {
    const reply = await this.#call('GetChildren', { NIN: id }, caller);
    const children = reply.records('GetChildrenResult');
    return children === null ? null : items(children);
  }

  /** A page of the people whom the parameters fit. @throws PregRejected, and as {@link PregService.call} */
  async search(parameters: DataRecord, caller: Caller): Promise<ReadRecord> {
    const reply = await this.#call('Search', { parameters }, caller);
    const result = reply.record('SearchResult');
    if (result === null) throw new PregRejected('wrong-answer', 'a search without a result');
    return result;
  }

  async #call(name: string, parameters: DataRecord, caller: Caller): Promise<ReadRecord> {
    const operation = operationOf(this.contract, name);
    const body = writeXml(requestBody(operation, parameters));
    const reply = await this.service.call({ service: 'preg-xml', operation: name, body }, caller);
    if (!isNamed(reply.body, operation.reply.namespace, operation.reply.name)) {
      throw new PregRejected('wrong-answer', `the reply to ${name} holds another element`);
    }
    try {
      return readData(reply.body, operation.reply, 'nil');
    } catch (error) {
      if (!(error instanceof MalformedRequest)) throw error;
      throw new PregRejected('wrong-answer', `the reply to ${name} breaks the contract: ${error.message}`);
    }
  }
}

function lookup(id: NationalId, on: CalendarDate | undefined): DataRecord {
  return { parameters: { Date: on ?? null, NIN: id } };
}

function items(records: readonly (ReadRecord | null)[] | null): readonly ReadRecord[] {
  return (records ?? []).filter((record) => record !== null);
}
