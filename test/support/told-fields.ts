import type { Lineage } from '../../src/person/lineage.js';
import type { PregPerson } from '../../src/person/preg-person.js';

/** The values of the fields that a lineage names, by place: `sn`, `addresses[0].st`. */
export function toldFields(person: PregPerson, lineage: Lineage): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...lineage.keys()].map((place) => [place, valueAt(person, place)]));
}

function valueAt(person: PregPerson, place: string): unknown {
  const [, index, field] = /^addresses\[(\d+)\]\.(\w+)$/.exec(place) ?? [];
  const holder = index === undefined ? person : person.addresses[Number(index)];
  const name = field ?? place;
  return new Map<string, unknown>(Object.entries(holder ?? {})).get(name);
}
