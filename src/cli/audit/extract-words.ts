export const extractLanguages = ['nb', 'en'] as const;
export type ExtractLanguage = (typeof extractLanguages)[number];

/** What was done, as a patient would say it. */
export type Deed =
  'looked-up' | 'searched' | 'asked' | 'matched' | 'told' | 'changed' | 'who-looked' | 'maintained';

/** How it ended, likewise. */
export type Ending = 'given' | 'nothing-found' | 'done' | 'not-given';

/** The words of an extract. */
export interface ExtractWords {
  readonly title: string;
  readonly made: string;
  readonly from: string;
  readonly to: string;
  readonly nobody: string;
  readonly count: (entries: number) => string;
  readonly who: string;
  readonly what: string;
  readonly why: string;
  readonly notSaid: string;
  readonly organisation: string;
  readonly unknownSystem: string;
  readonly operators: string;
  readonly healthPersonnel: string;
  readonly somebody: string;
  readonly deeds: Readonly<Record<Deed, string>>;
  readonly endings: Readonly<Record<Ending, string>>;
}

export const extractWords: Readonly<Record<ExtractLanguage, ExtractWords>> = {
  nb: {
    title: 'Hvem har slått deg opp',
    made: 'Laget',
    from: 'Fra og med',
    to: 'Til og med',
    nobody: 'Ingen har slått deg opp gjennom denne løsningen.',
    count: (entries) => (entries === 1 ? 'Ett oppslag.' : `${entries} oppslag.`),
    who: 'Hvem',
    what: 'Hva',
    why: 'Hvorfor',
    notSaid: 'ikke oppgitt',
    organisation: 'organisasjonsnummer',
    unknownSystem: 'et ukjent system',
    operators: 'driftspersonell',
    healthPersonnel: 'helsepersonell med HPR-nummer',
    somebody: 'på vegne av en bruker av systemet',
    deeds: {
      'looked-up': 'Slo opp opplysninger om deg i Folkeregisteret',
      searched: 'Søkte etter personer i Folkeregisteret',
      asked: 'Slo deg opp eller søkte i Folkeregisteret',
      matched: 'Sammenlignet et register med Folkeregisteret',
      told: 'Fulgte med på endringer i opplysningene om deg',
      changed: 'Registrerte eller endret opplysninger om et hjelpenummer',
      'who-looked': 'Undersøkte hvem som har slått deg opp',
      maintained: 'Behandlet opplysninger om deg i driften av løsningen',
    },
    endings: {
      given: 'Opplysninger ble gitt.',
      'nothing-found': 'Ingen ble funnet.',
      done: 'Det ble utført.',
      'not-given': 'Ingen opplysninger ble gitt.',
    },
  },
  en: {
    title: 'Who has looked you up',
    made: 'Made',
    from: 'From',
    to: 'Until',
    nobody: 'Nobody has looked you up through this service.',
    count: (entries) => (entries === 1 ? 'One lookup.' : `${entries} lookups.`),
    who: 'Who',
    what: 'What',
    why: 'Why',
    notSaid: 'not stated',
    organisation: 'organisation number',
    unknownSystem: 'an unknown system',
    operators: 'those who run the service',
    healthPersonnel: 'health personnel with HPR number',
    somebody: 'on behalf of a user of the system',
    deeds: {
      'looked-up': 'Looked up information about you in the population register',
      searched: 'Searched for people in the population register',
      asked: 'Looked you up or searched in the population register',
      matched: 'Compared a list with the population register',
      told: 'Followed changes of the information about you',
      changed: 'Registered or changed information about a help number',
      'who-looked': 'Examined who has looked you up',
      maintained: 'Handled information about you while running the service',
    },
    endings: {
      given: 'Information was given.',
      'nothing-found': 'Nobody was found.',
      done: 'It was done.',
      'not-given': 'No information was given.',
    },
  },
};
