import { expect } from 'chai';
import {
  foldedCareOf,
  foldedStreet,
  foldedText,
} from '../../../../src/registry/cutover/comparison/text-forms.js';
import { rules } from './compared.js';

const { spellings } = rules;

const names: readonly (readonly [one: string, other: string])[] = [
  ['Kari Anne', ' KARI  ANNE '],
  ['ANNE-LISE', 'Anne Lise'],
  ['BJØRG', 'BJOERG'],
  ['ÅSE', 'Aase'],
  ['A\u030aSE', 'AASE'],
  ['NÆSS', 'NAESS'],
  ['ANDRÉ', 'ANDRE'],
  ['O’BRIEN', "O'Brien"],
  ['DÁŊŊÁ', 'DANNA'],
  ['ST. JOHN', 'ST JOHN'],
];

const streets: readonly (readonly [one: string, other: string])[] = [
  ['STORGATA 1 B', 'Storgata 1B'],
  ['STORGT. 1', 'STORGATA 1'],
  ['STORGT 1', 'STORGATEN 1'],
  ['NYGT. 2', 'NYGATA 2'],
  ['SKOGV. 12', 'SKOGVEIEN 12'],
  ['SKOGVN 12', 'SKOGVEGEN 12'],
  ['ØVRE SLOTTSG. 3', 'ØVRE SLOTTSGATE 3'],
  ['KARL JOHANS GT. 4', 'KARL JOHANS GATE 4'],
  ['KARL JOHANS G 4', 'KARL JOHANS GATE 4'],
  ['RÅDHUSPL. 1', 'RÅDHUSPLASSEN 1'],
  ['ST.OLAVS GT 5', 'SANKT OLAVS GATE 5'],
  ['DR. HOLMS V 1', 'DOKTOR HOLMS VEI 1'],
  ['BYGDØY ALLÉ 1', 'BYGDØY ALLE 1'],
  ['BAKKEV. 7 G', 'BAKKEVEIEN 7G'],
];

describe('texts', () => {
  for (const [one, other] of names) {
    it(`say the same: ${one} and ${other}`, () => {
      expect(foldedText(one, spellings.letters)).to.equal(foldedText(other, spellings.letters));
    });
  }

  for (const [one, other] of [
    ['HÅGEN', 'HAGEN'],
    ['BØ', 'BO'],
    ['KARI', 'KARIN'],
    ['ANNE LISE', 'ANNELISE'],
  ] as const) {
    it(`differ: ${one} and ${other}`, () => {
      expect(foldedText(one, spellings.letters)).to.not.equal(foldedText(other, spellings.letters));
    });
  }
});

describe('streets', () => {
  for (const [one, other] of streets) {
    it(`are the same: ${one} and ${other}`, () => {
      expect(foldedStreet(one, spellings)).to.equal(foldedStreet(other, spellings));
    });
  }

  for (const [one, other] of [
    ['STORGATA 1', 'STORGATA 11'],
    ['STORGATA 1', 'STORGATA 1B'],
    ['STORGATA 1', 'STORVEIEN 1'],
    ['STORGATA 1 G', 'STORGATA 1 V'],
    ['NYGATA 1', 'NYGARD 1'],
    ['STORGATA 12 1', 'STORGATA 121'],
  ] as const) {
    it(`differ: ${one} and ${other}`, () => {
      expect(foldedStreet(one, spellings)).to.not.equal(foldedStreet(other, spellings));
    });
  }
});

describe('names to care of', () => {
  for (const written of ['C/O KARI DAL', 'c/o Kari Dal', 'V/KARI DAL', 'ATT: KARI DAL', 'KARI  DAL']) {
    it(`are the same however they are led in: ${written}`, () => {
      expect(foldedCareOf(written, spellings)).to.equal('KARI DAL');
    });
  }

  it('keep what only looks like it', () => {
    expect(foldedCareOf('CORNELIUS DAL', spellings)).to.equal('CORNELIUS DAL');
    expect(foldedCareOf('VERA DAL', spellings)).to.equal('VERA DAL');
  });
});
