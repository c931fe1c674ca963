import { expect } from 'chai';
import { readNumberList } from '../../../src/cli/notifications/number-list.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const [anna, berit] = [syntheticNumber(1), syntheticNumber(2)];

describe('a file of numbers', () => {
  it('has one in each line, or in the first column, each taken once', () => {
    for (const text of [
      `${anna}\n${berit}\n`,
      `\uFEFF${anna}\r\n\r\n${berit}\r\n${anna}`,
      `nin;name\n${anna};Kari\n"${berit}";"Ola; Nordmann"\n`,
      `${anna},x\n${berit}\tx`,
      ` ${anna.slice(0, 6)} ${anna.slice(6)} \n${berit}`,
    ]) {
      expect(readNumberList(text)).to.deep.equal({ numbers: [anna, berit], badLines: [], irregular: 0 });
    }
  });

  it('is told by places in the file where lines hold none', () => {
    const text = `${anna}\nKari Nordmann\n${berit.slice(1)}\n${berit}\n;${anna}\n`;
    expect(readNumberList(text)).to.deep.include({ numbers: [anna, berit], badLines: [2, 3, 5] });
  });

  it('takes no first line with a digit for a heading', () => {
    expect(readNumberList(`x1\n${anna}`).badLines).to.deep.equal([1]);
  });

  it('counts irregular check digits and takes the numbers all the same (Safety S6)', () => {
    const odd = `${anna.slice(0, 10)}${(Number(anna.slice(10)) + 1) % 10}`;
    expect(readNumberList(odd)).to.deep.include({ numbers: [odd], irregular: 1 });
  });

  it('keeps help numbers, and DUF numbers of twelve digits', () => {
    expect(readNumberList('209900000417\n80000041770').numbers).to.have.length(2);
  });
});
