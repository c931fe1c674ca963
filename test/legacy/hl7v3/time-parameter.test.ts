import { expect } from 'chai';
import { parameter, refusalOf, sought } from '../../support/find-candidates.js';

function daysIn(attributes: string, content = ''): string | undefined {
  const other = '<personDeceased><value value="true"/></personDeceased>';
  const { birth } = sought(parameter('personBirthTime', content, attributes) + other).criteria;
  return birth === undefined ? undefined : `${birth.from ?? ''}..${birth.to ?? ''}`;
}

describe('the parameter personBirthTime', () => {
  for (const [value, days] of [
    ['1980', '1980-01-01..1980-12-31'],
    ['198002', '1980-02-01..1980-02-29'],
    ['198102', '1981-02-01..1981-02-28'],
    ['19800229', '1980-02-29..1980-02-29'],
    [' 19800229 ', '1980-02-29..1980-02-29'],
    ['1980022913', '1980-02-29..1980-02-29'],
    ['19800229133000', '1980-02-29..1980-02-29'],
    ['19800229133000.000+0100', '1980-02-29..1980-02-29'],
  ] as const) {
    it(`takes ${value} as ${days}`, () => {
      expect(daysIn(`value="${value}"`)).to.equal(days);
    });
  }

  for (const [content, days] of [
    ['<low value="19800101"/><high value="19801231"/>', '1980-01-01..1980-12-31'],
    ['<high value="1981"/><low value="1980"/>', '1980-01-01..1981-12-31'],
    ['<low value="1980" inclusive="true"/>', '1980-01-01..'],
    ['<high value="198002" inclusive="1"/>', '..1980-02-29'],
    ['<low value="1980" inclusive="false"/>', '1981-01-01..'],
    ['<high value="198003" inclusive="0"/>', '..1980-02-29'],
    ['<low value="19800101"/><high value="19800101"/>', '1980-01-01..1980-01-01'],
    ['<low value="19800101235959"/><high nullFlavor="PINF"/>', '1980-01-01..'],
    ['<low/><high value="1980"/><width/><center/>', '..1980-12-31'],
  ] as const) {
    it(`takes ${content} as ${days}`, () => {
      expect(daysIn('', content)).to.equal(days);
    });
  }

  it('is not given without a date', () => {
    expect(daysIn('nullFlavor="UNK"')).to.equal(undefined);
    expect(daysIn('', '<low/><high inclusive="false" nullFlavor="PINF"/>')).to.equal(undefined);
    expect(daysIn('operator="I" value=" "')).to.equal(undefined);
  });

  for (const [attributes, content, problem] of [
    ['value="80"', '', 'is not a date'],
    ['value="1980-01-01"', '', 'is not a date'],
    ['value="19800230"', '', 'is not a date'],
    ['value="198013"', '', 'is not a date'],
    ['value="19800000"', '', 'is not a date'],
    ['value="00000101"', '', 'is not a date'],
    ['value="unknown"', '', 'is not a date'],
    ['', '<low value="x"/>', 'is not a date'],
    ['', '<low value="1980" inclusive="maybe"/>', 'is not a date'],
    ['', '<low value="99991231" inclusive="false"/>', 'is not a date'],
    ['', '<low value="1981"/><high value="1980"/>', 'ends before it begins'],
    ['', '<low value="1980" inclusive="false"/><high value="1980"/>', 'ends before it begins'],
    ['', '<low value="1980010112" inclusive="false"/>', 'excludes a time of day'],
    ['value="1980"', '<low value="1980"/>', 'a date and an interval'],
    ['', '<low value="1980"/><low value="1981"/>', 'two values'],
    ['', '<width value="1" unit="a"/>', 'part that cannot'],
    ['', '<center value="1980"/>', 'part that cannot'],
    ['value="1980" operator="E"', '', 'part that cannot'],
    ['value="1980"', '<other value="1981"/>', 'not known'],
    ['', '1980', 'text outside'],
  ] as const) {
    it(`refuses ${attributes}${content}`, () => {
      expect(refusalOf(parameter('personBirthTime', content, attributes)))
        .to.match(/^personBirthTime: /)
        .and.contain(problem);
    });
  }

  it('has a sister for the time of death', () => {
    const { death } = sought('<personDeceasedTime><value value="2020"/></personDeceasedTime>').criteria;
    expect(death).to.deep.equal({ from: '2020-01-01', to: '2020-12-31' });
    expect(refusalOf('<personDeceasedTime><value value="x"/></personDeceasedTime>')).to.match(
      /^personDeceasedTime: /,
    );
  });
});
