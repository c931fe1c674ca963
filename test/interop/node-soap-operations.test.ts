import { expect } from 'chai';
import { z } from 'zod';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';
import { callWithNodeSoap, oneOrMore } from './node-soap-client.js';

const FODSELSNUMMER = '2.16.578.1.12.4.1.4.1';
const HELP_NUMBER = '2.16.578.1.12.4.1.4.3';
const RESIDENT = '11868426235';

const identifier = z.looseObject({ attributes: z.looseObject({ root: z.string(), extension: z.string() }) });
const value = z.looseObject({ attributes: z.looseObject({ value: z.string() }) });

const replySchema = z.looseObject({
  acknowledgement: oneOrMore(z.looseObject({ attributes: z.looseObject({ typeCode: z.string() }) })),
  controlActProcess: z.looseObject({
    subject: oneOrMore(
      z.looseObject({
        registrationEvent: z.looseObject({
          subject1: z.looseObject({
            identifiedPerson: z.looseObject({
              id: oneOrMore(identifier),
              identifiedPerson: z.looseObject({ birthTime: value }),
            }),
          }),
        }),
      }),
    ).optional(),
  }),
});

const requestTypes = {
  FindCandidates: 'PRPA_IN101305NO01',
  GetDemographics: 'PRPA_IN101307NO01',
  AddPerson: 'PRPA_IN101311NO01',
  RevisePersonRecord: 'PRPA_IN101314NO01',
  LinkPersonRecords: 'PRPA_IN101901NO01',
  UnlinkPersonRecords: 'PRPA_IN101911NO01',
} as const;
type Operation = keyof typeof requestTypes;

function message(operation: Operation, messageId: string, controlAct: object): object {
  const wrapper = operation === 'FindCandidates' || operation === 'GetDemographics' ? 'query' : 'request';
  return {
    [wrapper]: {
      id: { attributes: { root: '1.2.3.4', extension: messageId } },
      versionCode: { attributes: { code: 'NE2010NO' } },
      interactionId: {
        attributes: { root: '2.16.840.1.113883.1.6', extension: requestTypes[operation] },
      },
      processingCode: { attributes: { code: 'T' } },
      processingModeCode: { attributes: { code: 'T' } },
      controlActProcess: { attributes: { classCode: 'CACT', moodCode: 'APT' }, ...controlAct },
    },
  };
}

const name = { attributes: { use: 'L' }, given: 'Turistine', family: 'Nodesen' };

function person(born: string): object {
  return {
    name,
    administrativeGenderCode: { attributes: { code: 'F', codeSystem: '2.16.840.1.113883.5.1' } },
    birthTime: { attributes: { value: born } },
  };
}

function numbered(root: string, extension: string): object {
  return { attributes: { root, extension } };
}

function registration(role: object): object {
  return {
    subject: {
      attributes: { typeCode: 'SUBJ' },
      registrationRequest: {
        attributes: { classCode: 'REG', moodCode: 'RQO' },
        subject1: {
          attributes: { typeCode: 'SBJ' },
          identifiedPerson: { attributes: { classCode: 'IDENT' }, ...role },
        },
      },
    },
  };
}

function pair(survivor: string, superseded: string): object {
  return registration({
    id: numbered(FODSELSNUMMER, survivor),
    identifiedBy: {
      attributes: { typeCode: 'IDENT' },
      otherIdentifiedPerson: {
        attributes: { classCode: 'IDENT' },
        id: numbered(HELP_NUMBER, superseded),
      },
    },
  });
}

function query(parameters: object): object {
  return { queryByParameter: { parameterList: parameters } };
}

for (const version of [2, 3]) {
  describe(`node-soap on all six operations, over version ${version} of Persontjenesten`, function () {
    this.timeout(60_000);
    let adapter: SandboxedAdapter;

    before(async () => {
      adapter = await startSandboxedAdapter({ PREG_ADAPTER__SANDBOX__VERSION: String(version) });
    });

    after(async () => {
      await adapter.stop();
    });

    /** Acknowledgement, and number and birth date of everybody told. */
    async function call(operation: Operation, controlAct: object): Promise<readonly string[]> {
      const content = message(operation, `node-soap-${operation}`, controlAct);
      const reply = z
        .record(z.string(), replySchema)
        .parse(await callWithNodeSoap(adapter, { operation, content }))[`${operation}Result`];
      const told = reply?.controlActProcess.subject?.map(({ registrationEvent }) => {
        const { id, identifiedPerson } = registrationEvent.subject1.identifiedPerson;
        return `${id[0]?.attributes.extension ?? ''} ${identifiedPerson.birthTime.attributes.value}`;
      });
      return [reply?.acknowledgement[0]?.attributes.typeCode ?? '', ...(told ?? [])];
    }

    it('follows a person from a help number to a national number and back', async () => {
      const [added, told = ''] = await call(
        'AddPerson',
        registration({ identifiedPerson: person('19900210') }),
      );
      const number = told.slice(0, 11);
      expect([added, told]).to.deep.equal(['AA', `${number} 19900210`]);
      const byNumber = query({ identifiedPersonIdentifier: { value: numbered(HELP_NUMBER, number) } });
      const byName = query({
        personBirthTime: { value: { attributes: { value: '19900210' } } },
        personName: { value: name },
      });
      expect(await call('FindCandidates', byName)).to.deep.equal(['AA', `${number} 19900210`]);
      const revised = { id: numbered(HELP_NUMBER, number), identifiedPerson: person('19900211') };
      expect(await call('RevisePersonRecord', registration(revised))).to.deep.equal([
        'AA',
        `${number} 19900211`,
      ]);
      expect(await call('LinkPersonRecords', pair(RESIDENT, number))).to.deep.equal(['AA']);
      expect(await call('GetDemographics', byNumber)).to.deep.equal(['AA', `${RESIDENT} 19840611`]);
      expect(await call('UnlinkPersonRecords', pair(RESIDENT, number))).to.deep.equal(['AA']);
      expect(await call('GetDemographics', byNumber)).to.deep.equal(['AA', `${number} 19900211`]);
    });
  });
}
