import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { loadMappings } from '../../src/config/mapping-files.js';
import { mappingFolder } from '../support/person-documents.js';
import { temporaryFolders } from '../support/temporary-folder.js';

/** What somebody might do to the data: file, what to look for, what to put there, what the start says. */
const attempts: readonly (readonly [
  what: string,
  file: string,
  from: string | RegExp,
  to: string,
  says: RegExp,
])[] = [
  [
    'a level without protection',
    'codes/address-protection.yaml',
    "rank: '2'",
    "rank: '0'",
    /address-protection\.yaml: Confidential/,
  ],
  [
    'a level with the code of an open address',
    'codes/address-protection.yaml',
    'code: 7',
    'code: 0',
    /address-protection\.yaml: Confidential/,
  ],
  [
    'a level with a lower code',
    'codes/address-protection.yaml',
    'code: 6',
    'code: 4',
    /address-protection\.yaml: StrictlyConfidential/,
  ],
  [
    'levels in another order',
    'codes/address-protection.yaml',
    "rank: '1'",
    "rank: '9'",
    /address-protection\.yaml: /,
  ],
  [
    'a level without rank',
    'codes/address-protection.yaml',
    "    rank: '3'\n",
    '',
    /address-protection\.yaml: StrictlyConfidential/,
  ],
  [
    'a level without label',
    'codes/address-protection.yaml',
    '    label: Sperret adr. klientadr.\n',
    '',
    /address-protection\.yaml: ClientAddress/,
  ],
  [
    'a level named as having no counterpart',
    'codes/address-protection.yaml',
    /StrictlyConfidential:\n( {4}.*\n)+/,
    'StrictlyConfidential: { blank: nothing }\n',
    /address-protection\.yaml: StrictlyConfidential/,
  ],
  [
    'an address part that protection is not asked for with',
    'person.yaml',
    '  - ResidentialAddress\n',
    '',
    /person\.yaml: addressParts lacks ResidentialAddress/,
  ],
  [
    'another part in the place of protection',
    'person.yaml',
    'protectionPart: AddressProtection',
    'protectionPart: Name',
    /person\.yaml: protectionPart/,
  ],
  [
    'a list whose level does not count',
    'person.yaml',
    '  - sharedResidence\n',
    '',
    /person\.yaml: confidentialityPaths lacks sharedResidence/,
  ],
];

describe('S1: no change of mappings/ makes protection looser', () => {
  const temporaryFolder = temporaryFolders();

  for (const [what, file, from, to, says] of attempts) {
    it(`refuses to start with ${what}`, async () => {
      const folder = path.join(temporaryFolder(), 'mappings');
      cpSync(mappingFolder, folder, { recursive: true });
      const original = readFileSync(path.join(folder, file), 'utf8');
      const changed = original.replace(from, to);
      expect(changed).not.to.equal(original);
      writeFileSync(path.join(folder, file), changed);
      const refusal: unknown = await loadMappings(folder).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(refusal).to.be.instanceOf(Error);
      expect(refusal).to.have.property('message').that.matches(says);
    });
  }
});
