import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import {
  ContractError,
  contractVersions,
  primitiveTypes,
  type Contract,
  type ContractOperation,
  type ContractVersion,
  type Member,
  type NamedType,
  type PrimitiveType,
  type RecordType,
} from './contract.js';

const version = z.enum(contractVersions);
const typeEntry = z.strictObject({
  namespace: z.string(),
  since: version.optional(),
  keyValuePair: z.literal(true).optional(),
  members: z.record(z.string(), z.string()).optional(),
  listOf: z.string().optional(),
});
type TypeEntry = z.infer<typeof typeEntry>;

const operationEntry = z.strictObject({
  since: version.optional(),
  request: z.record(z.string(), z.string()),
  result: z.string(),
});
type OperationEntry = z.infer<typeof operationEntry>;

const document = z.strictObject({
  namespaces: z.record(z.string().regex(/^[a-z]+$/), z.url()),
  types: z.record(z.string(), typeEntry),
  operations: z.record(z.string(), operationEntry),
});
type Document = z.infer<typeof document>;

/**
 * Reads one version of the contract from its YAML file; the notation is described at the top of the file.
 * @throws ContractError naming the file and the place in it; the file system's own error when it cannot be read
 */
export async function loadContract(path: string, version: ContractVersion): Promise<Contract> {
  return parseContract(await readFile(path, 'utf8'), path, version);
}

/**
 * Reads one version of the contract from YAML text. `source` names the text in errors.
 * @throws ContractError
 */
export function parseContract(text: string, source: string, version: ContractVersion): Contract {
  const read = document.safeParse(parseYaml(text, source));
  if (!read.success) throw new ContractError(`${source}: ${z.prettifyError(read.error)}`);
  return new ContractReader(read.data, source, version).contract();
}

function parseYaml(text: string, source: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new ContractError(`${source}: ${error instanceof Error ? error.message : 'not YAML'}`);
  }
}

const memberForm = /^(?<type>\w+)(?<nillable>\?)?(?: since (?<since>\d{4}))?$/;

/** A member as the table has it, before its type is looked up. */
interface Notation {
  readonly type: string;
  readonly nillable: boolean;
  readonly since: ContractVersion | undefined;
}

/** Makes types from entries, each once, so that what refers to a type holds the type itself. */
class ContractReader {
  readonly #types = new Map<string, NamedType>();
  readonly #entered = new Set<string>();

  constructor(
    readonly data: Document,
    readonly source: string,
    readonly version: ContractVersion,
  ) {}

  contract(): Contract {
    const { namespaces, types, operations } = this.data;
    const [namespace] = Object.values(namespaces);
    if (namespace === undefined) throw this.#wrong('namespaces', 'there is none');
    for (const [name, entry] of Object.entries(types)) if (this.#has(entry.since)) this.#named(name, name);
    const used = new Set(Array.from(this.#types.values(), (type) => type.namespace));
    return {
      version: this.version,
      namespace,
      namespaces: new Map(Object.entries(namespaces).filter(([, uri]) => used.has(uri))),
      types: new Map(Object.keys(types).flatMap((name) => typeEntryOf(name, this.#types.get(name)))),
      operations: new Map(
        Object.entries(operations)
          .filter(([, { since }]) => this.#has(since))
          .map(([name, entry]) => [name, this.#operation(name, entry, namespace)]),
      ),
    };
  }

  #operation(name: string, entry: OperationEntry, namespace: string): ContractOperation {
    const action = `${namespace}/IPersonService/${name}`;
    const wrapper = (wrapperName: string, members: Readonly<Record<string, string>>): RecordType => ({
      ...this.#record(wrapperName, namespace, members),
      keyValuePair: false,
    });
    return {
      name,
      action,
      replyAction: `${action}Response`,
      request: wrapper(name, entry.request),
      reply: wrapper(`${name}Response`, { [`${name}Result`]: entry.result }),
    };
  }

  #type(name: string, place: string): PrimitiveType | NamedType {
    return primitiveTypes.find((primitive) => primitive === name) ?? this.#named(name, place);
  }

  #named(name: string, place: string): NamedType {
    const made = this.#types.get(name);
    if (made !== undefined) return made;
    const entry = this.data.types[name];
    if (entry === undefined) throw this.#wrong(place, `there is no type ${name}`);
    if (!this.#has(entry.since)) throw this.#wrong(place, `${name} is not in version ${this.version}`);
    if (this.#entered.has(name)) throw this.#wrong(place, `${name} holds itself`);
    this.#entered.add(name);
    const type = this.#make(name, entry);
    this.#types.set(name, type);
    return type;
  }

  #make(name: string, entry: TypeEntry): NamedType {
    const namespace = this.data.namespaces[entry.namespace];
    if (namespace === undefined) throw this.#wrong(name, `there is no namespace ${entry.namespace}`);
    const { members, listOf, keyValuePair = false } = entry;
    if (listOf !== undefined && members === undefined && !keyValuePair) {
      const { type, nillable } = this.#notation(listOf, name);
      return { kind: 'list', name, namespace, item: { name: type, type: this.#type(type, name), nillable } };
    }
    if (members === undefined || listOf !== undefined) {
      throw this.#wrong(name, 'a type has either members or listOf');
    }
    const names = Object.keys(members);
    // JavaScript compares strings as .NET's ordinal comparison does.
    if (names.some((member, index) => index > 0 && member <= (names[index - 1] ?? ''))) {
      throw this.#wrong(name, 'members are not in ordinal order');
    }
    return { ...this.#record(name, namespace, members), keyValuePair };
  }

  #record(
    name: string,
    namespace: string,
    entries: Readonly<Record<string, string>>,
  ): Omit<RecordType, 'keyValuePair'> {
    const members: Member[] = [];
    const laterMembers: string[] = [];
    for (const [member, text] of Object.entries(entries)) {
      const place = `${name}.${member}`;
      const { type, nillable, since } = this.#notation(text, place);
      if (this.#has(since)) members.push({ name: member, type: this.#type(type, place), nillable });
      else laterMembers.push(member);
    }
    return { kind: 'record', name, namespace, members, laterMembers };
  }

  #notation(text: string, place: string): Notation {
    const { type, nillable, since } = memberForm.exec(text)?.groups ?? {};
    const known = contractVersions.find((version) => version === since);
    if (type === undefined || known !== since) throw this.#wrong(place, `"${text}" is not a member`);
    return { type, nillable: nillable !== undefined, since: known };
  }

  #has(since: ContractVersion | undefined): boolean {
    return since === undefined || since <= this.version;
  }

  #wrong(place: string, problem: string): ContractError {
    return new ContractError(`${this.source}: ${place}: ${problem}`);
  }
}

function typeEntryOf(name: string, type: NamedType | undefined): readonly (readonly [string, NamedType])[] {
  return type === undefined ? [] : [[name, type]];
}
