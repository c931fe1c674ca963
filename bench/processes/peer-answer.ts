import { randomUUID } from 'node:crypto';
import { z } from 'zod';

const current = z.looseObject({ isValid: z.boolean().optional() });
const listOf = <Schema extends z.ZodType>(element: Schema): z.ZodDefault<z.ZodArray<Schema>> =>
  z.array(element).default([]);

const personForm = z.looseObject({
  name: listOf(
    current.extend({
      givenName: z.string().optional(),
      middleName: z.string().optional(),
      familyName: z.string().optional(),
      validFrom: z.string().optional(),
    }),
  ),
  gender: listOf(current.extend({ gender: z.string().optional() })),
  birth: listOf(current.extend({ birthDate: z.string().optional() })),
  status: listOf(current.extend({ status: z.string().optional() })),
  maritalStatus: listOf(current.extend({ status: z.string().optional() })),
  residentialAddress: listOf(
    current.extend({
      addressConfidentiality: z.string().optional(),
      streetAddress: z
        .looseObject({
          addressName: z.string().optional(),
          addressNumber: z.looseObject({ houseNumber: z.string().optional() }).nullish(),
          city: z.looseObject({ cityName: z.string(), postalCode: z.string() }).nullish(),
          municipalityNumber: z.string().optional(),
        })
        .nullish(),
    }),
  ),
});

const genders = new Map([
  ['Female', 'F'],
  ['Male', 'M'],
]);
const maritalCodes = new Map([
  ['Unmarried', '1'],
  ['Married', '2'],
  ['WidowOrWidower', '3'],
  ['Divorced', '4'],
  ['Separated', '5'],
]);

const having = (attributes: object, more: object = {}): object => ({ attributes, ...more });
const day = (text: string | undefined): string => (text ?? '').slice(0, 10).replaceAll('-', '');

/** The reply about one person, as node-soap takes it: attributes in `attributes`, text as itself. */
export function demographicsOf(document: unknown, nin: string, queryId: object): object {
  const person = personForm.parse(document);
  const now = new Date().toISOString();
  const device = (id: object): object =>
    having({ classCode: 'DEV', determinerCode: 'INSTANCE' }, { id: having(id) });
  const registration = {
    statusCode: having({ code: 'active' }),
    subject1: having({ typeCode: 'SBJ' }, { identifiedPerson: identified(person, nin) }),
    custodian: having(
      { typeCode: 'CST' },
      {
        assignedEntity: having({ classCode: 'ASSIGNED' }, { id: having({ root: '2.16.578.1.12.4.5.1.1' }) }),
      },
    ),
  };
  return {
    GetDemographicsResult: having(
      { ITSVersion: 'XML_1.0' },
      {
        id: having({ root: randomUUID() }),
        creationTime: having({ value: now.slice(0, 19).replaceAll(/\D/g, '') }),
        versionCode: having({ code: 'NE2010NO' }),
        interactionId: having({ root: '2.16.840.1.113883.1.6', extension: 'PRPA_IN101308NO01' }),
        processingCode: having({ code: 'T' }),
        processingModeCode: having({ code: 'T' }),
        acceptAckCode: having({ code: 'NE' }),
        receiver: having({ typeCode: 'RCV' }, { device: device({ nullFlavor: 'UNK' }) }),
        sender: having({ typeCode: 'SND' }, { device: device({ root: '2.16.578.1.12.4.5.1.1' }) }),
        acknowledgement: having({ typeCode: 'AA' }, { targetMessage: { id: having(queryId) } }),
        controlActProcess: having(
          { classCode: 'CACT', moodCode: 'EVN' },
          {
            subject: having(
              { typeCode: 'SUBJ' },
              { registrationEvent: having({ classCode: 'REG', moodCode: 'EVN' }, registration) },
            ),
            queryAck: {
              statusCode: having({ code: 'deliveredResponse' }),
              queryResponseCode: having({ code: 'OK' }),
              resultTotalQuantity: having({ value: '1' }),
              resultCurrentQuantity: having({ value: '1' }),
              resultRemainingQuantity: having({ value: '0' }),
            },
          },
        ),
      },
    ),
  };
}

function identified(person: z.output<typeof personForm>, nin: string): object {
  const id = having({ root: '2.16.578.1.12.4.1.4.1', extension: nin });
  const name = newest(person.name);
  const address = newest(person.residentialAddress);
  const street = address?.addressConfidentiality === 'Unclassified' ? address.streetAddress : undefined;
  const given = [name?.givenName, name?.middleName].filter((part) => part !== undefined);
  return having(
    { classCode: 'IDENT' },
    {
      id,
      statusCode: having({ code: 'active' }),
      identifiedPerson: having(
        { classCode: 'PSN', determinerCode: 'INSTANCE' },
        {
          id,
          name: having(
            { use: 'L' },
            {
              given: given.map((part) => part.toUpperCase()),
              family: (name?.familyName ?? '').toUpperCase(),
              validTime: { low: having({ value: day(name?.validFrom) }) },
            },
          ),
          administrativeGenderCode: having({
            code: genders.get(newest(person.gender)?.gender ?? '') ?? 'UN',
            codeSystem: '2.16.840.1.113883.5.1',
          }),
          birthTime: having({ value: day(newest(person.birth)?.birthDate) }),
          deceasedInd: having({ value: String(newest(person.status)?.status === 'Deceased') }),
          ...(street === undefined || street === null
            ? {}
            : {
                addr: having(
                  { use: 'HP' },
                  {
                    streetAddressLine:
                      `${street.addressName ?? ''} ${street.addressNumber?.houseNumber ?? ''}`.toUpperCase(),
                    postalCode: street.city?.postalCode ?? '',
                    city: street.city?.cityName ?? '',
                    county: street.municipalityNumber ?? '',
                  },
                ),
              }),
          maritalStatusCode: having({
            code: maritalCodes.get(newest(person.maritalStatus)?.status ?? '') ?? '0',
            codeSystem: '2.16.578.1.12.4.1.1.3303',
          }),
        },
      ),
    },
  );
}

function newest<Element extends { readonly isValid?: boolean | undefined }>(
  elements: readonly Element[],
): Element | undefined {
  return elements.find(({ isValid }) => isValid !== false) ?? elements[0];
}
