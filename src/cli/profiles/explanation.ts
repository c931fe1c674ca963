import { clientFrom } from '../../access/accounts.js';
import { protocols, type Protocol } from '../../access/legacy-client.js';
import { hiddenCriteria } from '../../access/searched-groups.js';
import { VisibleFields } from '../../access/visible-fields.js';
import type { Configuration } from '../../config/schema.js';
import { mayBeSearchedFor } from '../../legacy/filematch/matching/create-matcher.js';
import { informationPartsFor, type Fill } from '../../mapping/information-parts.js';
import type { Mappings } from '../../mapping/person-mapper.js';
import { fieldGroups, type FieldGroup } from '../../person/field-groups.js';
import type { PregPerson } from '../../person/preg-person.js';
import { placesOfAll, without, type PlacesOf } from './places.js';
import { protocolPlaces, type ProtocolParts } from './protocol-places.js';
import { filledPeople, toldPeople } from './told-people.js';

/** What a client with a profile sees, and what that asks of the register. */
export interface ProfileExplanation {
  readonly profile: string;
  /** The widest view that it reads through; null where each client's own is used. */
  readonly access: 'full' | 'restricted' | null;
  readonly fill: Fill;
  readonly clients: readonly {
    readonly id: string;
    readonly enabled: boolean;
    readonly protocols: readonly Protocol[];
    /** What comes of its own and of the profile's. */
    readonly access: 'full' | 'restricted';
  }[];
  /** All groups, those that are granted and those that are not, with their fields of PREG that come blank if they are not. */
  readonly groups: readonly {
    readonly group: FieldGroup;
    readonly shown: boolean;
    readonly fields: readonly string[];
  }[];
  readonly protocols: Readonly<Record<Protocol, PlacesTold>>;
  readonly searches: {
    /** Criteria that a search may not have, since its hits would tell them. */
    readonly refused: readonly string[];
    /** Whether rows of a Filematch file without a number are searched for. */
    readonly filematch: boolean;
    /** Whether a person's children can be asked for. */
    readonly children: boolean;
  };
  readonly informationParts: {
    /** What is asked for, and for which fields; for none of them: to check the answer, or to know what is protected. */
    readonly asked: readonly { readonly part: string; readonly for: readonly string[] }[];
    /** What the profile saves: asked for with `complete` alone. */
    readonly leftOut: readonly string[];
  };
}

/** Where a protocol tells of people. */
export interface PlacesTold {
  readonly shown: readonly string[];
  /** Outside of the profile. */
  readonly blank: readonly string[];
  /** Blank whatever the profile, of people whom the register knows. */
  readonly blankForAll: readonly string[];
}

/** What an explanation is computed from. */
export interface ExplanationParts extends ProtocolParts {
  readonly configuration: Pick<Configuration, 'clients' | 'profiles' | 'mapping'>;
  readonly mappings: Pick<Mappings, 'codes' | 'countries' | 'fields'>;
}

/** Explains a profile; undefined for one that there is not. Nothing here is written down: it is tried out, and read from mappings/. */
export function explainProfile(name: string, parts: ExplanationParts): ProfileExplanation | undefined {
  const { configuration, mappings } = parts;
  const { rows } = mappings.fields;
  const { fill } = configuration.mapping;
  const profile = configuration.profiles[name];
  if (profile === undefined) return undefined;
  const visible = new Set(profile.groups);
  const sees = new VisibleFields(mappings.fields, visible);
  const seesNothing = new VisibleFields(mappings.fields, new Set());
  const all = new Set(fieldGroups);
  const asked = informationPartsFor(mappings.fields, visible, fill);
  const shownRows = rows.filter((row) => visible.has(row.group) && (fill === 'rich' || !row.richOnly));
  return {
    profile: name,
    access: profile.access ?? null,
    fill,
    clients: clientsWith(name, configuration),
    groups: fieldGroups.map((group) => ({
      group,
      shown: visible.has(group),
      fields: rows
        .filter((row) => row.group === group && !seesNothing.showsTarget(row.target))
        .map(({ target }) => target),
    })),
    protocols: placesTold(protocolPlaces(parts), (placesOf) => {
      const filled = filledPeople(mappings.fields, fill);
      const full = placesOfAll(filled, all, placesOf);
      const shown = placesOfAll(
        filled.map((person) => seen(person, sees)),
        visible,
        placesOf,
      );
      const possible = placesOfAll(toldPeople(), all, placesOf);
      return { shown, blank: without(full, shown), blankForAll: without(possible, full) };
    }),
    searches: {
      refused: hiddenCriteria(visible),
      filematch: mayBeSearchedFor({ visible }),
      children: sees.shows('childrensNINs'),
    },
    informationParts: {
      asked: asked.map((part) => ({
        part,
        for: shownRows.filter((row) => row.parts.includes(part)).map(({ target }) => target),
      })),
      leftOut: informationPartsFor(mappings.fields, all, fill).filter((part) => !asked.includes(part)),
    },
  };
}

function clientsWith(
  name: string,
  { clients, profiles }: ExplanationParts['configuration'],
): ProfileExplanation['clients'] {
  return clients
    .filter(({ profile }) => profile === name)
    .map((settings) => ({
      id: settings.id,
      enabled: settings.enabled,
      protocols: settings.protocols,
      access: clientFrom(settings, profiles).access,
    }));
}

function seen(person: PregPerson, sees: VisibleFields): PregPerson {
  return sees.of({ person, lineage: new Map() }).person;
}

function placesTold(
  places: Readonly<Record<Protocol, PlacesOf>>,
  told: (placesOf: PlacesOf) => PlacesTold,
): ProfileExplanation['protocols'] {
  const of = (protocol: (typeof protocols)[number]): PlacesTold => told(places[protocol]);
  return { hl7v3: of('hl7v3'), 'preg-xml': of('preg-xml'), hl7v2: of('hl7v2'), filematch: of('filematch') };
}
