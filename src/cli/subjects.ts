import { clientFrom } from '../access/accounts.js';
import type { Configuration } from '../config/schema.js';
import type { Access, Organisation } from '../registry/person-registry.js';

/** For whom calls are made: the view and the organisation, and how many ask by them. */
export interface Subject {
  readonly access: Access;
  readonly organisation: Organisation;
  /** The clients' ids; the event feed by its own name. */
  readonly whose: readonly string[];
}

/** Every view and organisation that the configuration has somebody ask by. */
export function subjectsOf({
  clients,
  profiles,
  events,
}: Pick<Configuration, 'clients' | 'profiles' | 'events'>): readonly Subject[] {
  const asked = [
    ...clients
      .filter(({ enabled }) => enabled)
      .map((settings) => {
        const { access, organisation, id } = clientFrom(settings, profiles);
        return { access, organisation, id };
      }),
    ...(events.enabled && events.organisation !== undefined
      ? [{ access: events.access, organisation: organisationOf(events.organisation), id: 'the event feed' }]
      : []),
  ];
  const subjects = new Map<string, Subject>();
  for (const { access, organisation, id } of asked) {
    const name = JSON.stringify([access, organisation.parent, organisation.child]);
    const { whose = [] } = subjects.get(name) ?? {};
    subjects.set(name, { access, organisation, whose: [...whose, id] });
  }
  return [...subjects.values()];
}

/** As people name it. */
export function organisationText({ parent, child }: Organisation): string {
  return child === undefined ? parent : `${child} (of ${parent})`;
}

function organisationOf({ parent, child }: { parent: string; child?: string | undefined }): Organisation {
  return child === undefined ? { parent } : { parent, child };
}
