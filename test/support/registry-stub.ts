import type { PersonRegistry } from '../../src/registry/person-registry.js';

/** A registry that answers what is given, and fails whatever else it is asked. */
export function registryStub(answers: Partial<PersonRegistry>): PersonRegistry {
  const unexpected = (): Promise<never> => Promise.reject(new Error('the registry was not to be asked this'));
  return {
    lookup: unexpected,
    lookupMany: unexpected,
    children: unexpected,
    search: unexpected,
    ...answers,
  };
}
