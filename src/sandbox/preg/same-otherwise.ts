import type { PregAddress, PregPerson } from '../../person/preg-person.js';

/** The same person, written as another register would. */

/** Small letters, spare blanks, other zeros, lists the other way round: nothing that anybody would call a difference. */
export function withNoise(person: PregPerson): PregPerson {
  return {
    ...person,
    givenName: inSmallLetters(person.givenName)?.replaceAll(' ', '  ') ?? null,
    middleName: inSmallLetters(person.middleName),
    sn: inSmallLetters(person.sn),
    childrensNINs: person.childrensNINs.toReversed(),
    alternativeNINs: person.alternativeNINs.toReversed(),
    addresses: person.addresses.map((address) => ({
      ...address,
      streetName: inSmallLetters(address.streetName),
      postalPlace: inSmallLetters(address.postalPlace),
      streetNumber: address.streetNumber?.replace(/^0+(?=\d)/, '') ?? null,
      cadastralNumber: address.cadastralNumber?.padStart(5, '0') ?? null,
      propertyNumber: address.propertyNumber?.padStart(4, '0') ?? null,
    })),
  };
}

/** `Åse-Lise` for `ÅSE-LISE`. */
function inSmallLetters(text: string | null): string | null {
  return text?.toLowerCase().replaceAll(/(?<!\p{L})\p{L}/gu, (letter) => letter.toUpperCase()) ?? null;
}

/** Names as they are written where letters or hyphens are missing; undefined for names of the letters A to Z alone. */
export function inOtherSpelling(person: PregPerson): PregPerson | undefined {
  const respelled = {
    ...person,
    givenName: spelledOut(person.givenName),
    middleName: spelledOut(person.middleName),
    sn: spelledOut(person.sn),
  };
  const isSame = (['givenName', 'middleName', 'sn'] as const).every(
    (part) => respelled[part] === person[part],
  );
  return isSame ? undefined : respelled;
}

function spelledOut(name: string | null): string | null {
  return (
    name
      ?.normalize('NFC')
      .replaceAll('Å', 'AA')
      .replaceAll('Æ', 'AE')
      .replaceAll('Ø', 'OE')
      .replaceAll('-', ' ')
      .normalize('NFD')
      .replaceAll(/\p{M}/gu, '') ?? null
  );
}

const abbreviations: readonly (readonly [ending: RegExp, abbreviated: string])[] = [
  [/(?:GATA|GATEN|GATE)$/, 'GT.'],
  [/(?:VEIEN|VEGEN)$/, 'VN.'],
  [/(?:VEI|VEG)$/, 'V.'],
  [/(?:PLASSEN|PLASS)$/, 'PL.'],
];

/** Streets with their usual abbreviations; undefined where no street has one. */
export function withAbbreviatedStreets(person: PregPerson): PregPerson | undefined {
  const addresses = person.addresses.map(abbreviated);
  const isSame = addresses.every((address, index) => address === person.addresses[index]);
  return isSame ? undefined : { ...person, addresses };
}

function abbreviated(address: PregAddress): PregAddress {
  const { streetName, postalAddress } = address;
  const [ending, short] = abbreviations.find(([pattern]) => pattern.test(streetName ?? '')) ?? [];
  if (streetName === null || ending === undefined || short === undefined) return address;
  const name = streetName.replace(ending, short);
  const line =
    postalAddress?.startsWith(streetName) === true
      ? name + postalAddress.slice(streetName.length)
      : postalAddress;
  return { ...address, streetName: name, postalAddress: line };
}

/** How long PREG's texts were (preg-xml-filematch-hl7v2 1.5 and 1.6). */
const LONGEST_STREET = 25;
const LONGEST_NAME = 50;

/** Texts cut where PREG cut them; undefined where all are short enough. */
export function withCutTexts(person: PregPerson): PregPerson | undefined {
  const cut: PregPerson = {
    ...person,
    givenName: person.givenName?.slice(0, LONGEST_NAME) ?? null,
    middleName: person.middleName?.slice(0, LONGEST_NAME) ?? null,
    sn: person.sn?.slice(0, LONGEST_NAME) ?? null,
    addresses: person.addresses.map((address) => ({
      ...address,
      streetName: address.streetName?.slice(0, LONGEST_STREET) ?? null,
    })),
  };
  const lettersOf = ({ givenName, middleName, sn, addresses }: PregPerson): number =>
    [givenName, middleName, sn, ...addresses.map(({ streetName }) => streetName)].join('').length;
  return lettersOf(cut) === lettersOf(person) ? undefined : cut;
}
