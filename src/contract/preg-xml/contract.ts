/** The versions of the published contract; 2018 added members, types and one operation (preg-xml-filematch-hl7v2 1.3, Q15). */
export const contractVersions = ['2016', '2018'] as const;
export type ContractVersion = (typeof contractVersions)[number];

/** XML Schema's types that values have. */
export const primitiveTypes = ['string', 'int', 'decimal', 'boolean', 'dateTime'] as const;
export type PrimitiveType = (typeof primitiveTypes)[number];

/** An element of a record or a list. Its namespace is that of the type that declares it. */
export interface Member {
  readonly name: string;
  readonly type: PrimitiveType | RecordType | ListType;
  /** Whether `i:nil` may stand for the value. */
  readonly nillable: boolean;
}

/** Members in the order of the wire. */
export interface RecordType {
  readonly kind: 'record';
  readonly name: string;
  /** As a URI. */
  readonly namespace: string;
  readonly members: readonly Member[];
  /** Members that a later version of the contract has and this one has not. */
  readonly laterMembers: readonly string[];
  /** Whether it is .NET's KeyValuePair, whose members have to be there. */
  readonly keyValuePair: boolean;
}

/** Any number of one element. */
export interface ListType {
  readonly kind: 'list';
  readonly name: string;
  /** As a URI. */
  readonly namespace: string;
  readonly item: Member;
}

/** A named type of the schemas. */
export type NamedType = RecordType | ListType;

/** One operation of IPersonService. The wrappers around parameters and result are records of the service's namespace. */
export interface ContractOperation {
  readonly name: string;
  /** WS-Addressing action of the request (contract 1.1). */
  readonly action: string;
  readonly replyAction: string;
  /** The only child of the request's Body; named as the operation. */
  readonly request: RecordType;
  /** The only child of the reply's Body, with the result as its one member. */
  readonly reply: RecordType;
}

/** Everything that the service promises to its callers, in one version. */
export interface Contract {
  readonly version: ContractVersion;
  /** Namespace of the service, its wrappers and most of its types. */
  readonly namespace: string;
  /** Namespaces by prefix, those of types that this version has. */
  readonly namespaces: ReadonlyMap<string, string>;
  readonly types: ReadonlyMap<string, NamedType>;
  /** By name, in the order of the published WSDL. */
  readonly operations: ReadonlyMap<string, ContractOperation>;
}

/** The table of the contract is wrong, or was asked for what it does not have. The message names the place. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
}

/** @throws ContractError for an operation that this version does not have */
export function operationOf(contract: Contract, name: string): ContractOperation {
  const operation = contract.operations.get(name);
  if (operation === undefined) throw new ContractError(`no operation ${name} in ${contract.version}`);
  return operation;
}

/** Whether the type is one of XML Schema's. */
export function isPrimitive(type: Member['type']): type is PrimitiveType {
  return typeof type === 'string';
}
