import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { temporaryFolders } from '../support/temporary-folder.js';
import { secretsOf } from './known-secrets.js';
import { ordinary } from './paths.js';
import { Traces } from './traces.js';

const { number, name, street } = ordinary;
const secrets = secretsOf([number], ['Gåtefull-7731']);

describe('the search of the privacy test', () => {
  const newFolder = temporaryFolders();

  function found(content: string | Uint8Array): readonly string[] {
    const traces = new Traces();
    traces.add('here', content);
    return traces.found(secrets);
  }

  it('finds nothing where there is nothing', () => {
    expect(
      found('{"at":"2026-03-01T12:00:00.000Z","message":"request answered","outcome":"found"}'),
    ).to.deep.equal([]);
    expect(found('MIIBszCCAVmgAwIBAgIQeyJhbGciOiJFUzI1NiIsInR5cCI6'), 'part of a certificate').to.deep.equal(
      [],
    );
    expect(found(Buffer.from(Array.from({ length: 4096 }, (_, index) => index % 256)))).to.deep.equal([]);
  });

  for (const [what, text] of [
    ['a number', `nin=${number}`],
    ['a number in a longer one', `0${number}0`],
    ['a number with a blank', `${number.slice(0, 6)} ${number.slice(6)}`],
    ['a number with a hyphen', `${number.slice(0, 6)}-${number.slice(6)}`],
    ['a relative’s number', '23828211323'],
    ['a number in base64', Buffer.from(number).toString('base64')],
    ['a number in UTF-16', Buffer.from(`nin=${number}`, 'utf16le')],
    ['a name', `${name} was here`],
    ['a name in upper case', name.toUpperCase()],
    ['a name in lower case', name.toLowerCase()],
    ['a name in mixed case', 'gRaNbAr'],
    ['a former name, which is her middle name now', 'VAKTSOM'],
    ['a street', `${street} 17B`],
    ['a street in upper case', street.toUpperCase()],
    ['a street in Latin-1', Buffer.from(street, 'latin1')],
    ['a street in an address', encodeURIComponent(street)],
    ['a street escaped as JSON', street.replace('ø', '\\u00f8')],
    ['a street in decomposed letters', 'Trollfløytevegen'.normalize('NFD')],
    ['a mail address', 'person1@example.invalid'],
    ['a password', 'password="Gåtefull-7731"'],
    ['a token in a line of its own within JSON', '{"a":"b\\neyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9"}'],
    ['a token', 'DPoP eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2ln'],
  ] as const) {
    it(`finds ${what}`, () => {
      expect(found(text)).to.have.length.greaterThan(0);
    });
  }

  it('finds what lies below a folder, in contents and in names, but not in files of keys', () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'inner'));
    writeFileSync(join(folder, 'inner', `${number}.txt`), '');
    writeFileSync(
      join(folder, 'database-wal'),
      Buffer.concat([Buffer.alloc(100, 0xff), Buffer.from(number)]),
    );
    writeFileSync(join(folder, 'own.key'), 'Gåtefull-7731');
    const traces = new Traces();
    traces.addFolder(folder, ['own.key']);
    expect([...traces.found(secrets)].sort()).to.deep.equal([
      `database-wal: ${number}`,
      `name of inner/${number}.txt: ${number}`,
    ]);
  });
});
