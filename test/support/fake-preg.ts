import { createHl7v3Service } from '../../src/legacy/hl7v3/service.js';
import type { SoapService } from '../../src/legacy/soap/soap-service.js';
import { fieldGroups } from '../../src/person/field-groups.js';
import type { HelpNumberRegister } from '../../src/registry/help-number-register.js';
import type { Caller, PersonRegistry } from '../../src/registry/person-registry.js';
import type { PregReply, PregRequest, PregService } from '../../src/registry/preg/preg-service.js';
import { newCorrelationId } from '../../src/runtime/correlation.js';
import { readXml } from '../../src/xml/reader.js';
import { CountedRandom } from './counted-random.js';
import { codeTables, countries, types } from './hl7v3-message.js';
import { caller, personService, type ServiceOptions } from './person-service.js';
import { noQuirks } from './quirks.js';
import { registryStub } from './registry-stub.js';
import { StandingClock } from './standing-clock.js';
import { written } from './written.js';

/** A PREG that answers with what a test says, and keeps what it was asked. */
export class FakePreg implements PregService {
  readonly requests: PregRequest[] = [];
  readonly callers: Caller[] = [];

  /** @param answer the child of the reply's Body as XML text */
  constructor(private readonly answer: (request: PregRequest) => string | Promise<string>) {}

  async call(request: PregRequest, by: Caller): Promise<PregReply> {
    this.requests.push(request);
    this.callers.push(by);
    const text = await this.answer(request);
    return { body: readXml(text), text };
  }

  /** The operations that were asked, in order. */
  get operations(): readonly string[] {
    return this.requests.map(({ operation }) => operation);
  }
}

/** A PREG whose Personregister-XML is our own over that registry. */
export function pregXmlOver(registry: Partial<PersonRegistry>, options: ServiceOptions = {}): FakePreg {
  return servedBy(personService({ ...options, registry }));
}

/** A PREG whose HL7 v3 is our own over that registry. */
export function pregHl7v3Over(
  registry: Partial<PersonRegistry>,
  helpNumbers: Partial<HelpNumberRegister> = {},
): FakePreg {
  const unexpected = (): Promise<never> => Promise.reject(new Error('no help number was to be asked for'));
  return servedBy(
    createHl7v3Service({
      types,
      codes: codeTables,
      countries,
      registry: registryStub(registry),
      helpNumbers: {
        add: unexpected,
        revise: unexpected,
        link: unexpected,
        unlink: unexpected,
        ...helpNumbers,
      },
      processingMode: 'any',
      clock: new StandingClock('2022-06-15T10:00:00Z'),
      random: new CountedRandom(),
    }),
  );
}

function servedBy(service: SoapService): FakePreg {
  return new FakePreg(async ({ operation: name, body }) => {
    const operation = service.operations.find((known) => known.name === name);
    if (operation === undefined) throw new Error(`no operation ${name}`);
    const answer = await operation.handle(readXml(body), {
      client: {
        id: 'adapter',
        protocols: new Set([service.protocol]),
        organisation: caller.organisation,
        access: caller.access,
        visible: new Set(fieldGroups),
        quirks: noQuirks,
      },
      caller: { ...caller, protocol: service.protocol, operation: name },
      receivedAt: new Date('2022-06-15T10:00:00Z'),
      describe: () => undefined,
      bodyText: () => body,
      replyLength: () => 1000,
    });
    return written(answer.body);
  });
}

/** Somebody who asks by that protocol. */
export function callerBy(protocol: Caller['protocol'], operation?: string): Caller {
  return { ...caller, protocol, operation, correlationId: newCorrelationId(new CountedRandom()) };
}
