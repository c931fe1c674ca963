import type { XmlNode } from '../../xml/element.js';
import { ContractWriteError } from './contract-write-error.js';
import {
  isPrimitive,
  type ContractOperation,
  type ListType,
  type Member,
  type RecordType,
} from './contract.js';
import { isDataList, type DataRecord, type DataValue } from './data-value.js';
import { primitiveText } from './primitive-text.js';

/** Namespace of `nil`. */
export const schemaInstanceNamespace = 'http://www.w3.org/2001/XMLSchema-instance';

/**
 * The child of a reply's Body, as .NET's DataContractSerializer writes it: every member in its order, nil where there is
 * nothing, the service's namespace without a prefix. `a`, `i`, `o`, `s` and `u` are left to the envelope and to nil.
 * @throws ContractWriteError when the result is not of the operation's type
 */
export function replyBody(operation: ContractOperation, result: DataValue): XmlNode {
  return wrapper(operation.reply, { [`${operation.name}Result`]: result });
}

/**
 * The child of a request's Body, written in the same way.
 * @throws ContractWriteError when the parameters are not those of the operation
 */
export function requestBody(operation: ContractOperation, parameters: DataRecord): XmlNode {
  return wrapper(operation.request, parameters);
}

/** Prefixes by namespace; the empty one is the default. */
type Scope = ReadonlyMap<string, string>;

function wrapper(type: RecordType, record: DataRecord): XmlNode {
  const scope: Scope = new Map([[type.namespace, '']]);
  const content = members(type, record, type.name).map(({ member, value, path }) =>
    // Each part of a message is serialized by itself, so each declares what it needs.
    element(member, '', value, scope, path, { 'xmlns:i': schemaInstanceNamespace }),
  );
  return { name: type.name, attributes: { xmlns: type.namespace }, content };
}

interface MemberValue {
  readonly member: Member;
  readonly value: DataValue;
  readonly path: string;
}

/** The values of a record in the order of its type. Members that only a later version has are left out. */
function members(type: RecordType, record: DataRecord, path: string): readonly MemberValue[] {
  const known = new Set([...type.members.map(({ name }) => name), ...type.laterMembers]);
  if (Object.keys(record).some((name) => !known.has(name))) {
    throw new ContractWriteError('unknown-member', path, `a member that ${type.name} does not have`);
  }
  return type.members.map((member) => {
    const value = record[member.name];
    const place = `${path}/${member.name}`;
    if (value === undefined) throw new ContractWriteError('missing', place, 'not there; null stands for nil');
    return { member, value, path: place };
  });
}

function element(
  member: Member,
  prefix: string,
  value: DataValue,
  scope: Scope,
  path: string,
  declarations: Readonly<Record<string, string>> = {},
): XmlNode {
  const name = prefix === '' ? member.name : `${prefix}:${member.name}`;
  if (value === null) {
    if (!member.nillable) throw new ContractWriteError('not-nillable', path, 'nil is not allowed');
    return { name, attributes: { 'i:nil': 'true', ...declarations }, content: [] };
  }
  const { type } = member;
  if (isPrimitive(type)) {
    const text = primitiveText(type, value);
    if (text === undefined) throw new ContractWriteError('not-a-value', path, `not a value of ${type}`);
    return { name, content: text === '' ? [] : [text] };
  }
  const inner = scope.get(type.namespace);
  if (inner !== undefined) {
    return { name, attributes: declarations, content: contentOf(type, inner, value, scope, path) };
  }
  const added = nextPrefix(scope);
  const wider = new Map([...scope, [type.namespace, added] as const]);
  return {
    name,
    attributes: { [`xmlns:${added}`]: type.namespace, ...declarations },
    content: contentOf(type, added, value, wider, path),
  };
}

function contentOf(
  type: RecordType | ListType,
  prefix: string,
  value: DataValue,
  scope: Scope,
  path: string,
): readonly XmlNode[] {
  if (type.kind === 'list') {
    if (value === null || !isDataList(value)) {
      throw new ContractWriteError('not-a-value', path, `not a list for ${type.name}`);
    }
    return value.map((item, index) =>
      element(type.item, prefix, item, scope, `${path}/${type.item.name}[${String(index)}]`),
    );
  }
  if (value === null || typeof value !== 'object' || isDataList(value)) {
    throw new ContractWriteError('not-a-value', path, `not a record for ${type.name}`);
  }
  return members(type, value, path).map((each) => element(each.member, prefix, each.value, scope, each.path));
}

/** The letters that .NET takes one by one; `a` is the envelope's addressing. No type needs more than three. */
function nextPrefix(scope: Scope): string {
  return 'bcdefgh'.charAt(scope.size - 1);
}
