import type { FieldGroup } from '../../person/field-groups.js';
import type { PregPerson } from '../../person/preg-person.js';

/** Where people are told in a protocol: the places of its messages that are not blank, by the names that its readers know. */
export type PlacesOf = (person: PregPerson, visible: ReadonlySet<FieldGroup>) => readonly string[];

/** The places of all of them together, each once, in the order of the message. */
export function placesOfAll(
  people: readonly PregPerson[],
  visible: ReadonlySet<FieldGroup>,
  placesOf: PlacesOf,
): readonly string[] {
  return [...new Set(people.flatMap((person) => placesOf(person, visible)))];
}

/** Those of some places that others do not have; of a place that is gone whole, not what is below it. */
export function without(places: readonly string[], others: readonly string[]): readonly string[] {
  const gone = places.filter((place) => !others.includes(place));
  return gone.filter((place) => !gone.some((above) => place.startsWith(`${above}/`)));
}
