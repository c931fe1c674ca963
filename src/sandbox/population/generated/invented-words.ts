import type { Dice } from './dice.js';

/** Given names: adjectives, as Tenor's test persons have. */
const GIVEN_NAMES = (
  'Rolig Modig Glad Snill Kvikk Blid Flink Trofast Lun Stille Rask Lett Varm Myk Klok Stolt Sterk Munter Ivrig ' +
  'Lystig Frodig Frisk Grei Lys Mild Øm Årvåken Ærlig Ørliten Nysgjerrig Tålmodig Sindig Staselig Vennlig Våken ' +
  'Vis Sprek Spretten Solbrun Sølvgrå Rank Praktisk Pålitelig Omtenksom Oppvakt Nøysom Nøktern Naturlig Musikalsk ' +
  'Målrettet Lyseblå Leken Kry Kreativ Kjapp Jevn Høflig Hjelpsom Harmonisk Gyllen Godlynt Gløgg Fyndig Fredelig ' +
  'Folkelig Fargerik Ettertenksom Ekte Djerv Beskjeden Åpen'
).split(' ');

/** Family names: two nouns that nobody would put together. */
const FIRST_NOUNS = (
  'Fjell Sol Bjørke Gran Elve Hav Skog Myr Lyng Storm Snø Vinter Sommer Høst Måne Stjerne Nord Sør Øst Vest Stein ' +
  'Sand Gull Sølv Kobber Tåke Regn Vind Blå Grønn Tyri Kråke Måke Ørne Reve Ulve Elg Rype Lakse Ørret'
).split(' ');
const SECOND_NOUNS = (
  'paraply telegraf kjele vott brille lampe trapp kasserolle krakk spade sykkel pensel knapp tråd hylle skuff kopp ' +
  'tallerken gardin teppe ramme vindu fiolin trompet tromme klokke nøkkel lanterne kompass anker ror seil planke ' +
  'saks lommebok konvolutt frimerke kalender blåse pære'
).split(' ');

const SAMI_GIVEN_NAMES =
  'Čeahppi Viššal Ráfálaš Geabbil Ođas Jaskkes Šelges Čáhppis Ŋuovvas Áiddas Guoŧŧa Buorredovddot Njozet Žiella Vuoižá'.split(
    ' ',
  );
const SAMI_FAMILY_NAMES = (
  'Čáhceluodda Guovssageađgi Biegganásti Áhpebálggis Šuoŋŋavárri Muohtačalbmi Ođđajohka Skáidemáđii Žiellagáisá ' +
  'Geaŧgejávri'
).split(' ');

const STREET_BEGINNINGS =
  'Synt Prøve Test Mønster Øvings Eksempel Skisse Kladde Modell Kulisse Papp Attrapp Fantasi Luftslotts Drømme Påfunn'.split(
    ' ',
  );
const STREET_ENDINGS = 'veien gata bakken stien svingen alleen lia tunet kroken vollen brygga plassen'.split(
  ' ',
);
const SAMI_STREETS = ['Geahččalanbálggis', 'Ovdamearkaluodda', 'Hutkkálašgeaidnu'];

/** An invented given name. */
export function inventGivenName(dice: Dice, sami: boolean): string {
  return dice.pick(sami ? SAMI_GIVEN_NAMES : GIVEN_NAMES);
}

/** An invented family name. */
export function inventFamilyName(dice: Dice, sami: boolean): string {
  return sami ? dice.pick(SAMI_FAMILY_NAMES) : dice.pick(FIRST_NOUNS) + dice.pick(SECOND_NOUNS);
}

/** An invented street name with its five-digit code. */
export function inventStreet(dice: Dice, sami: boolean): { readonly name: string; readonly code: string } {
  if (sami) {
    const index = dice.below(SAMI_STREETS.length);
    return { name: SAMI_STREETS[index] ?? 'Geahččalanbálggis', code: String(19_000 + index) };
  }
  const beginning = dice.below(STREET_BEGINNINGS.length);
  const ending = dice.below(STREET_ENDINGS.length);
  return {
    name: `${STREET_BEGINNINGS[beginning] ?? 'Synt'}${STREET_ENDINGS[ending] ?? 'veien'}`,
    code: String(10_000 + beginning * 100 + ending),
  };
}
