/** A municipality with some of its post places. Numbers and names are public facts (SSB, Posten); who lives there is not. */
export interface Place {
  readonly municipalityNumber: string;
  readonly municipalityName: string;
  readonly countyNumber: string;
  readonly countyName: string;
  readonly posts: readonly PostPlace[];
  /** Urban districts; only the four largest cities have them. */
  readonly districts: readonly District[];
  /** Whether street names and many names of people there are Sami. */
  readonly sami: boolean;
  /** How many of the population live there, relative to the others. */
  readonly weight: number;
}

/** Postal code and place, as addresses hold them. */
export interface PostPlace {
  readonly city: { readonly cityName: string; readonly postalCode: string };
}

/** An urban district: six digits and a name. */
export interface District {
  readonly code: string;
  readonly name: string;
}

const COUNTIES = {
  '03': 'Oslo',
  '11': 'Rogaland',
  '15': 'Møre og Romsdal',
  '18': 'Nordland - Nordlánnda',
  '21': 'Svalbard',
  '32': 'Akershus',
  '34': 'Innlandet',
  '42': 'Agder',
  '46': 'Vestland',
  '50': 'Trøndelag - Trööndelage',
  '55': 'Troms - Romsa - Tromssa',
  '56': 'Finnmark - Finnmárku - Finmarkku',
} as const;

interface PlaceNote {
  readonly number: `${keyof typeof COUNTIES}${string}`;
  readonly name: string;
  /** Postal codes and place, e.g. `0474 0181 OSLO`. */
  readonly post: string;
  readonly districts?: readonly string[];
  readonly sami?: boolean;
  readonly weight: number;
}

function place(note: PlaceNote): Place {
  const [, codes = '', cityName = ''] = /^((?:\d{4} )+)(.+)$/.exec(note.post) ?? [];
  const countyNumber = note.number.slice(0, 2);
  const county = Object.entries(COUNTIES).find(([number]) => number === countyNumber);
  return {
    municipalityNumber: note.number,
    municipalityName: note.name,
    countyNumber,
    countyName: county?.[1] ?? '',
    posts: codes
      .trim()
      .split(' ')
      .map((postalCode) => ({ city: { cityName, postalCode } })),
    districts: (note.districts ?? []).map((name, index) => ({
      code: `${note.number}${String(index + 1).padStart(2, '0')}`,
      name,
    })),
    sami: note.sami ?? false,
    weight: note.weight,
  };
}

/** Svalbard, for stays there. */
export const SVALBARD: Place = place({
  number: '2100',
  name: 'Svalbard',
  post: '9170 LONGYEARBYEN',
  weight: 0,
});

/** Where the generated population lives. */
export const PLACES: readonly Place[] = [
  place({
    number: '0301',
    name: 'Oslo',
    post: '0474 0181 0560 0668 OSLO',
    districts: ['Gamle Oslo', 'Grünerløkka', 'Sagene', 'St. Hanshaugen', 'Frogner', 'Ullern'],
    weight: 26,
  }),
  place({
    number: '4601',
    name: 'Bergen',
    post: '5003 5053 5067 BERGEN',
    districts: ['Arna', 'Bergenhus', 'Fana', 'Fyllingsdalen', 'Laksevåg', 'Ytrebygda', 'Årstad', 'Åsane'],
    weight: 14,
  }),
  place({
    number: '5001',
    name: 'Trondheim - Tråante',
    post: '7030 7045 7014 TRONDHEIM',
    districts: ['Midtbyen', 'Østbyen', 'Lerkendal', 'Heimdal'],
    weight: 12,
  }),
  place({
    number: '1103',
    name: 'Stavanger',
    post: '4005 4016 STAVANGER',
    districts: ['Hundvåg', 'Tasta', 'Eiganes og Våland', 'Madla', 'Storhaug', 'Hillevåg', 'Hinna'],
    weight: 10,
  }),
  place({ number: '3201', name: 'Bærum', post: '1357 BEKKESTUA', weight: 7 }),
  place({ number: '4204', name: 'Kristiansand', post: '4611 KRISTIANSAND S', weight: 6 }),
  place({ number: '5501', name: 'Tromsø', post: '9008 9010 TROMSØ', weight: 6 }),
  place({ number: '1508', name: 'Ålesund', post: '6002 6005 ÅLESUND', weight: 4 }),
  place({ number: '1804', name: 'Bodø', post: '8003 8005 BODØ', weight: 4 }),
  place({ number: '3401', name: 'Kongsvinger', post: '2211 KONGSVINGER', weight: 3 }),
  place({ number: '5053', name: 'Inderøy', post: '7670 INDERØY', weight: 2 }),
  place({ number: '5610', name: 'Kárášjohka - Karasjok', post: '9730 KARASJOK', sami: true, weight: 2 }),
  place({
    number: '5612',
    name: 'Guovdageaidnu - Kautokeino',
    post: '9520 KAUTOKEINO',
    sami: true,
    weight: 2,
  }),
  place({ number: '5041', name: 'Snåase - Snåsa', post: '7760 SNÅSA', sami: true, weight: 1 }),
  place({ number: '1875', name: 'Hábmer - Hamarøy', post: '8294 HAMARØY', sami: true, weight: 1 }),
];
