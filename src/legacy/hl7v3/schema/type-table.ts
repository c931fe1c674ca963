import {
  builtInTypes,
  type AttributeMember,
  type BuiltInType,
  type ComplexType,
  type ElementMember,
  type FlatType,
  type Particle,
} from './schema-types.js';

/** The type table is wrong, or was asked for a type that it does not have. The message names the place. */
export class TypeTableError extends Error {
  override readonly name = 'TypeTableError';
}

/** Tells whether a type name is one of XML Schema's own. */
export function isBuiltIn(type: string): type is BuiltInType {
  return builtInTypes.some((builtIn) => builtIn === type);
}

/** The elements that a particle can stand for. */
export function elementsOf(particle: Particle): readonly ElementMember[] {
  return particle.kind === 'element' ? [particle] : particle.alternatives;
}

/**
 * The types of the old HL7 v3 service by name. Immutable; what it hands out is resolved when first asked for.
 * @throws TypeTableError from the constructor when a type refers to one that is missing, or extends itself.
 */
export class TypeTable {
  readonly #flat = new Map<string, FlatType>();

  constructor(
    readonly complexTypes: ReadonlyMap<string, ComplexType>,
    readonly codes: ReadonlyMap<string, readonly string[]>,
  ) {
    for (const type of complexTypes.values()) this.#checkReferences(type);
  }

  /** A type as published, without what it inherits. */
  complexType(name: string): ComplexType {
    const type = this.complexTypes.get(name);
    if (type === undefined) throw new TypeTableError(`no type named ${name}`);
    return type;
  }

  /** The permitted values of a code type. */
  codeValues(name: string): readonly string[] {
    const values = this.codes.get(name);
    if (values === undefined) throw new TypeTableError(`no codes named ${name}`);
    return values;
  }

  /** A type with all that it inherits: attributes and elements of the base come first. */
  flatten(name: string): FlatType {
    const known = this.#flat.get(name);
    if (known !== undefined) return known;
    const type = this.complexType(name);
    const base = type.base === undefined ? undefined : this.flatten(type.base);
    const attributes = new Map<string, AttributeMember>(base?.attributes);
    for (const attribute of type.attributes) attributes.set(attribute.name, attribute);
    const particles = [...(base?.particles ?? []), ...type.particles];
    const flat: FlatType = {
      name,
      section: type.section,
      abstract: type.abstract,
      mixed: type.mixed || base?.mixed === true,
      attributes,
      particles,
    };
    this.#flat.set(name, flat);
    return flat;
  }

  /** Whether `name` is `ancestor` or extends it, directly or not. */
  extends(name: string, ancestor: string): boolean {
    return name === ancestor || this.#ancestors(this.complexType(name)).includes(ancestor);
  }

  #ancestors(type: ComplexType): string[] {
    const found: string[] = [];
    for (let base = type.base; base !== undefined; base = this.complexType(base).base) {
      if (base === type.name || found.includes(base)) throw new TypeTableError(`${type.name} extends itself`);
      found.push(base);
    }
    return found;
  }

  #checkReferences(type: ComplexType): void {
    if (type.base !== undefined && !this.complexTypes.has(type.base))
      throw new TypeTableError(`${type.name}: base ${type.base} is not in the table`);
    this.#ancestors(type);
    for (const { name, type: target } of type.attributes)
      if (!isBuiltIn(target) && !this.codes.has(target))
        throw new TypeTableError(`${type.name}, attribute ${name}: type ${target} is not in the table`);
    for (const { name, type: target } of type.particles.flatMap(elementsOf))
      if (!isBuiltIn(target) && !this.complexTypes.has(target))
        throw new TypeTableError(`${type.name}, element ${name}: type ${target} is not in the table`);
  }
}
