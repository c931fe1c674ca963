import { expect } from 'chai';
import { protocols } from '../../../src/access/legacy-client.js';
import { explainProfile, type ProfileExplanation } from '../../../src/cli/profiles/explanation.js';
import { loadConfiguration } from '../../../src/config/load.js';
import type { Fill } from '../../../src/mapping/information-parts.js';
import { fieldGroups, type FieldGroup } from '../../../src/person/field-groups.js';
import { systemClock } from '../../../src/runtime/system-clock.js';
import { runCommand, type CommandResult } from '../../support/command-line.js';
import { someHash, write } from '../../support/configuration-files.js';
import { mappings } from '../../support/person-documents.js';
import { contracts } from '../../support/preg-xml.js';
import { alwaysTold, toldByGroup } from '../../support/told-by-group.js';
import { temporaryFolders } from '../../support/temporary-folder.js';

const yaml = `
data: { directory: data }
sandbox: {}
clients:
  - { id: epj, username: epj, passwordHash: '${someHash}', protocols: [hl7v3], organisation: { parent: 999999999 } }
  - { id: lab, username: lab, passwordHash: '${someHash}', protocols: [hl7v2], organisation: { parent: 999999999 }, profile: minimal, enabled: false }
profiles:
  minimal: { groups: [names, identity], access: restricted }
  unused: { groups: [] }
`;

describe('preg-adapter profiles', function () {
  this.timeout(20_000);

  const newFolder = temporaryFolders();
  let config: string;
  beforeEach(() => {
    config = write(newFolder(), 'hospital.yaml', yaml);
  });

  const profiles = (...args: string[]): Promise<CommandResult> =>
    runCommand(['profiles', ...args, '--config', config]);

  function explained(groups: readonly FieldGroup[], fill: Fill = 'rich', version: '2016' | '2018' = '2018') {
    const {
      clients,
      profiles: own,
      hl7v2,
    } = loadConfiguration({ file: config, environment: {}, clock: systemClock });
    const explanation = explainProfile('tried', {
      configuration: {
        clients,
        profiles: { ...own, tried: { groups: [...groups] } },
        mapping: { fill, supersededLookup: 'own-record' },
      },
      mappings,
      contract: contracts[version],
      hl7v2,
    });
    if (explanation === undefined) throw new Error('no such profile');
    return explanation;
  }

  const places = (explanation: ProfileExplanation, which: 'shown' | 'blank') =>
    Object.fromEntries(protocols.map((protocol) => [protocol, explanation.protocols[protocol][which]]));

  describe('explain', () => {
    it('finds everything shown by what shows everything, and only numbers by what shows nothing', () => {
      const everything = explained(fieldGroups);
      expect(places(everything, 'blank')).to.deep.equal({
        hl7v3: [],
        'preg-xml': [],
        hl7v2: [],
        filematch: [],
      });
      expect(everything.informationParts.leftOut).to.deep.equal([]);
      expect(everything.searches).to.deep.equal({ refused: [], filematch: true, children: true });
      const nothing = explained([]);
      for (const protocol of protocols) {
        expect(nothing.protocols[protocol].shown, protocol).to.have.members(alwaysTold[protocol]);
      }
      expect(nothing.informationParts.asked).to.deep.equal([
        { part: 'NorwegianIdentificationNumber', for: [] },
      ]);
      expect(nothing.searches).to.deep.equal({
        refused: ['name', 'birth', 'gender', 'address', 'deceased', 'death'],
        filematch: false,
        children: false,
      });
    });

    for (const group of fieldGroups) {
      it(`finds what comes blank without ${group}, in each protocol`, () => {
        const { protocols: told } = explained(fieldGroups.filter((one) => one !== group));
        for (const protocol of protocols) {
          expect(told[protocol].blank, protocol).to.have.members(toldByGroup[group][protocol]);
        }
      });
    }

    it('tells parts that are asked for, each with its fields, and those that are saved', () => {
      const { asked, leftOut } = explained(['names', 'gender', 'addresses'], 'faithful').informationParts;
      expect(asked.find(({ part }) => part === 'Name')?.for).to.deep.equal([
        'givenName',
        'middleName',
        'sn',
        'dateName',
      ]);
      expect(asked.find(({ part }) => part === 'AddressProtection')?.for).to.deep.equal([]);
      expect(asked.map(({ part }) => part))
        .to.include('ResidentialAddress')
        .and.to.not.include('Status');
      expect(leftOut).to.include.members(['Status', 'FamilyRelation']).and.to.not.include('ResidencePermit');
    });

    it('tells apart what the profile leaves blank and what is blank for everybody', () => {
      const { protocols: told } = explained(['names'], 'faithful');
      expect(told.hl7v2.blank).to.not.include('PID-26');
      expect(told.hl7v2.blankForAll).to.deep.equal(['PID-26']);
      expect(told['preg-xml'].blankForAll).to.include.members([
        'WorkPermit',
        'ParentalResponsibility',
        'Addresses/XCoord',
      ]);
      expect(explained(['names'], 'rich').protocols.hl7v2.blankForAll).to.deep.equal([]);
    });

    it('names no member that the served version of Personregister-XML has not', () => {
      const later = explained(fieldGroups).protocols['preg-xml'].shown;
      const earlier = explained(fieldGroups, 'rich', '2016').protocols['preg-xml'].shown;
      expect(later).to.include('Addresses/CoAddress');
      expect(later.length - earlier.length).to.equal(2);
    });

    it('prints all that for a profile of the configuration, and who has it', async () => {
      const { code, out, err } = await profiles('explain', 'minimal');
      expect([code, err]).to.deep.equal([0, '']);
      expect(out).to.match(
        /^Profile minimal: 2 of 12 groups of fields\. Access: restricted at most\. mapping\.fill: faithful\.$/m,
      );
      expect(out).to.match(/^lab +disabled +hl7v2 +restricted$/m);
      expect(out).to.not.match(/^epj/m);
      expect(out).to.match(/^ {2}birth +dateOfBirth$/m);
      expect(out).to.match(/^ {2}hl7v2 +PID-7, PID-8, /m);
      expect(out).to.match(/^ {2}searches +refused with any of birth, gender, address, deceased, death$/m);
      expect(out).to.match(/^ {2}Name +givenName, middleName, sn, dateName$/m);
      expect(Math.max(...out.split('\n').map((line) => line.length))).to.be.at.most(120);
      expect((await profiles('explain', 'unused')).out).to.contain('No client has it.');
      expect((await profiles('explain', 'complete')).out).to.match(/Not asked for[^\n]*:\n {2}nothing\n/);
    });

    it('prints it as JSON', async () => {
      const told: unknown = JSON.parse((await profiles('explain', 'minimal', '--json')).out);
      expect(told).to.deep.include({
        profile: 'minimal',
        access: 'restricted',
        fill: 'faithful',
        clients: [{ id: 'lab', enabled: false, protocols: ['hl7v2'], access: 'restricted' }],
      });
    });

    it('says which profiles there are', async () => {
      const { code, err } = await profiles('explain', 'mine');
      expect([code, err]).to.deep.equal([
        1,
        'There is no profile mine; there is minimal, unused, complete.\n',
      ]);
    });
  });

  it('lists the profiles, who has them, and how many parts each has asked for', async () => {
    const { out } = await profiles('list');
    expect(out.split('\n').map((line) => line.split(/ {2,}/))).to.deep.equal([
      ['PROFILE', 'ACCESS', 'PARTS ASKED', 'CLIENTS', 'GROUPS'],
      ['minimal', 'restricted', '3', 'lab', 'identity,names'],
      ['unused', 'the client’s', '1', 'none', 'none'],
      ['complete', 'the client’s', '20', 'epj', 'all'],
      [''],
    ]);
    const told: unknown = JSON.parse((await profiles('list', '--json')).out);
    expect(told).to.have.nested.property('profiles[0].informationParts').that.has.length(3);
  });
});
