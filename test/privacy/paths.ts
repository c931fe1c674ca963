import type { Fault, FaultTarget } from '../../src/sandbox/faults.js';
import { findCandidatesRequest } from '../support/find-candidates-request.js';
import { getDemographicsRequest } from '../support/get-demographics-request.js';
import { PERSON_SERVICE_PATH, personServiceRequest } from '../support/person-service-request.js';
import { userToken } from '../support/session-bench.js';
import { issueMessage, sessionMessage } from '../support/session-client.js';
import { contextToken } from '../support/signed-message.js';

/** A person of fixtures/persons with a name and a street that are nobody else's. */
export const ordinary = { number: '11868426235', name: 'Granbar', street: 'Trollfløytevegen' } as const;

/** Confidential by person. */
const CONFIDENTIAL = '15908832970';

/** Others of fixtures/persons: protected ones, a superseded number, a DUF number, a help number, Sami letters. */
const others = [
  CONFIDENTIAL,
  '07916604801',
  '08879245436',
  '29867711617',
  '04907635029',
  '209900000417',
  '80000041770',
  '06827040019',
];

/** Persons of fixtures/persons-irregular: codes that nobody knows, texts where codes belong. */
const irregular = [
  '14838029427',
  '15848122731',
  '16858219888',
  '24819001649',
  '25829110787',
  '26839236009',
  '27849340927',
  '28851998650',
];

const NOBODY = '01818049818';
/** The second check digit is wrong. */
const ODD_CHECK_DIGITS = '11868426236';

const { number, name, street } = ordinary;
const spaced = `${number.slice(0, 6)} ${number.slice(6)}`;

/** One thing that a client sends to the service, and what stands in the sandbox's way meanwhile. */
export interface Path {
  readonly what: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  /** Appended to the service's address, or in place of its path when it begins with a slash. */
  readonly address?: string;
  readonly faults?: readonly (readonly [FaultTarget, Fault])[];
}

/** An account of the configuration. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

type Question = Partial<Parameters<typeof getDemographicsRequest>[0]>;

/** Everybody who is asked for. */
export const askedFor: readonly string[] = [ordinary.number, ...others, ...irregular];

/** Searches that find somebody, find nobody and are refused, each by what must not be written down. */
function searches(family: string, line: string, nin: string): readonly string[] {
  const named = `<personName><value><family>${family}</family></value></personName>`;
  const at = (text: string): string =>
    `<identifiedPersonAddress><value><streetAddressLine>${text}</streetAddressLine></value></identifiedPersonAddress>`;
  return [
    named + at(line),
    named + at(`${line} 99`),
    named,
    named + at(line) + `<mothersMaidenName><value>${family}</value></mothersMaidenName>`,
    named.replace(family, `*${family}`) + at(line),
    named.replace(family, `${family} ${nin}`) + at(line),
    `<personId><value extension="${nin}"/></personId>${named}`,
    `<personId><value extension="${family}"/></personId>`,
    `<personBirthTime><value value="${nin}"/></personBirthTime>`,
    `<identifiedPersonTelecom><value value="tel:${nin}"/></identifiedPersonTelecom>`,
    `<x${nin}>${family}</x${nin}>`,
  ];
}

/** What clients ask, rightly and wrongly. */
export function pathsOfClients(login: Login): readonly Path[] {
  const ask = (question: Question): string =>
    getDemographicsRequest({ numbers: [number], ...login, now: new Date(), ...question });
  const sound = ask({});
  return [
    { what: 'found', body: sound },
    ...[...others, ...irregular].map((other) => ({
      what: 'found',
      body: ask({ numbers: [other] }),
    })),
    { what: 'not found', body: ask({ numbers: [NOBODY] }) },
    { what: 'odd check digits', body: ask({ numbers: [ODD_CHECK_DIGITS] }) },
    { what: 'two persons', body: ask({ numbers: [number, CONFIDENTIAL] }) },
    { what: 'one number twice and one unknown', body: ask({ numbers: [number, number, NOBODY] }) },
    { what: 'a number with a blank', body: ask({ numbers: [spaced] }) },
    { what: 'a name as the number', body: ask({ numbers: [name] }) },
    { what: 'a number as the requester', body: ask({ moreOfControlAct: requester(number) }) },
    { what: 'a number as the message id', body: ask({ messageId: number }) },
    { what: 'a number as the address', body: ask({ to: `https://preg.invalid/${number}/${name}` }) },
    { what: 'a number as the action', body: ask({ action: `http://tempuri.org/${number}/${name}` }) },
    {
      what: 'an unknown header',
      body: ask({ moreHeaders: `<n:${name} xmlns:n="urn:x">${number}</n:${name}>` }),
    },
    {
      what: 'an unknown header to be understood',
      body: ask({ moreHeaders: `<n:Journal s:mustUnderstand="1" xmlns:n="urn:x">${number}</n:Journal>` }),
    },
    {
      what: 'another processing code',
      body: sound.replace('processingCode code="T"', `processingCode code="${name}"`),
    },
    { what: 'another interaction', body: sound.replace('PRPA_IN101307NO01', number) },
    { what: 'a question of another operation', body: sound.replaceAll('GetDemographics', 'FindCandidates') },
    ...searches(name, street, number).map((parameters) => ({
      what: 'a search',
      body: findCandidatesRequest({ parameters, ...login, now: new Date() }),
    })),
    { what: 'half a message', body: sound.slice(0, sound.indexOf(number) + 11) },
    { what: 'a number among the tags', body: sound.replace('<t:query>', `<t:query><${name} ${number}>`) },
    {
      what: 'a number as an attribute name',
      body: sound.replace('<t:query>', `<t:query _${number}="${name}" _${number}="">`),
    },
    { what: 'a number as an entity', body: sound.replace(number, `&n${number};`) },
    { what: 'a number in a DOCTYPE', body: `<!DOCTYPE e [<!ENTITY n "${number} ${name}">]>${sound}` },
    {
      what: 'a number in a comment and an instruction',
      body: sound.replace('<t:query>', `<!-- ${number} --><?${name} ${number}?><t:query>`),
    },
    { what: 'a number as an unbound prefix', body: sound.replace('<t:query>', `<t:query><n${number}:x/>`) },
    { what: 'text that is no XML', body: `${name};${number};${street} 17B` },
    { what: 'a wrong password', body: ask({ password: `${number} ${name}` }) },
    { what: 'a name as the user', body: ask({ username: `${name}, ${number}`, password: street }) },
    ...pathsOfSessions(login),
    ...pathsOfHelpNumbers(sound),
    ...pathsOfPersonService(login),
    {
      what: 'a time stamp that is a number',
      body: sound.replace(/<u:Created>[^<]*/, `<u:Created>${number}`),
    },
    { what: 'an unknown path', body: sound, address: `/Personregister.HL7/${number}/${name}` },
    { what: 'a query', body: sound, address: `?number=${number}&name=${encodeURIComponent(street)}` },
    { what: 'metadata', body: '', method: 'GET', address: `?wsdl&${number}` },
    { what: 'another method', body: sound, method: 'PUT', address: `?${number}` },
    {
      what: 'numbers in HTTP headers',
      body: sound,
      headers: {
        'User-Agent': number,
        'X-Forwarded-For': number,
        SOAPAction: `"${number}"`,
        Referer: `https://epj.invalid/${number}?${name}`,
      },
    },
    {
      what: 'a number as the media type',
      body: sound,
      headers: { 'Content-Type': `text/${name}; charset=n${number}` },
    },
    {
      what: 'a number as the character set',
      body: sound,
      headers: { 'Content-Type': `application/soap+xml; charset=n${number}` },
    },
    { what: 'a number as the coding', body: sound, headers: { 'Content-Encoding': `n${number}` } },
    { what: 'a bad gzip body', body: sound, headers: { 'Content-Encoding': 'gzip' } },
    { what: 'too much', body: sound + ' '.repeat(2 * 1024 * 1024) },
  ];
}

/** All operations of Personregister-XML, answered and refused, with people where they belong and where they do not. */
function pathsOfPersonService(login: Login): readonly Path[] {
  const data = 'xmlns:b="http://schemas.datacontract.org/2004/07/NHN.Contracts.Data"';
  const arrays = 'xmlns:b="http://schemas.microsoft.com/2003/10/Serialization/Arrays"';
  const pairs = 'xmlns:c="http://schemas.datacontract.org/2004/07/System.Collections.Generic"';
  const lookup = (nin: string, date = '2010-06-01'): string =>
    `<parameters ${data}><b:Date>${date}</b:Date><b:NIN>${nin}</b:NIN></parameters>`;
  const list = [number, ...others, NOBODY, name, spaced].map((nin) => `<b:string>${nin}</b:string>`).join('');
  const advanced = (key: string, value: string): string =>
    `<parameters><ListOfNIN ${arrays}>${list}</ListOfNIN><SearchConstraints ${pairs}><c:KeyValuePairOfstringstring>` +
    `<c:key>${key}</c:key><c:value>${value}</c:value></c:KeyValuePairOfstringstring></SearchConstraints></parameters>`;
  const search = (content: string): string => `<parameters>${content}</parameters>`;
  const from = new Date().toISOString();
  const questions: readonly (readonly [operation: string, content: string])[] = [
    ...[number, CONFIDENTIAL, NOBODY, ODD_CHECK_DIGITS, spaced, name].flatMap((nin) => [
      ['GetPerson', lookup(nin)] as const,
      ['GetAddresses', lookup(nin)] as const,
      ['GetChildren', `<NIN>${nin}</NIN>`] as const,
    ]),
    ['GetPerson', lookup(number, `${name} ${number}`)],
    ['GetPerson', `<parameters ${data}><b:NIN>${number}</b:NIN><b:NIN>${name}</b:NIN></parameters>`],
    ['GetPersons', `<listOfNIN ${arrays}>${list}</listOfNIN>`],
    ['GetAddressesAdvanced', advanced('CurrentAddress', 'true')],
    ['GetAddressesAdvanced', advanced(name, number)],
    ['GetAddressesAdvanced', advanced('Date', `${street} ${number}`)],
    ['Search', search(`<Address>${street}</Address><LastName>${name}</LastName>`)],
    ['Search', search(`<Address>${street} 99</Address><LastName>${name}</LastName>`)],
    ['Search', search(`<LastName>${name}</LastName>`)],
    ['Search', search(`<Address>${street}</Address><LastName>*${name}</LastName>`)],
    ['Search', search(`<LastName>${name}</LastName><ZipCode>${number}</ZipCode>`)],
    ['Search', search(`<LastName>${name}</LastName><Page>${number}</Page>`)],
    ['GetChanges', `<from>${from}</from>`],
    ['GetChanges', `<from>${name} ${number}</from>`],
    ['GetIdentityChanges', `<from>${from}</from>`],
  ];
  return questions.map(([operation, content]) => ({
    what: `PersonService ${operation}`,
    body: personServiceRequest({ operation, content, now: new Date(), ...login }),
    address: PERSON_SERVICE_PATH,
  }));
}

/** What is told of people with help numbers, and who is linked to whom. */
function pathsOfHelpNumbers(sound: string): readonly Path[] {
  const change = (operation: string, role: string): string =>
    sound
      .replaceAll('GetDemographics', operation)
      .replace(/<t:query>.*<\/t:query>/s, () => messageFor(`${operation} ${role.length}`, role));
  const id = (extension: string): string => `<id root="2.16.578.1.12.4.1.4.3" extension="${extension}"/>`;
  const told =
    `<name><given>${street}</given><family>${name}</family></name><telecom value="mailto:${name}@example.invalid"/>` +
    `<addr><streetAddressLine>${street} 17B</streetAddressLine></addr>` +
    `<asOtherIDs><id root="2.16.840.1.113883.4.330.616" extension="${number}"/></asOtherIDs>`;
  const person = (content: string): string => `<identifiedPerson>${content}</identifiedPerson>`;
  const link = (other: string): string =>
    `<identifiedBy><otherIdentifiedPerson>${id(other)}</otherIdentifiedPerson></identifiedBy>`;
  return [
    { what: 'somebody added', body: change('AddPerson', person(told)) },
    { what: 'the same message again', body: change('AddPerson', person(told)) },
    { what: 'a number that is given', body: change('AddPerson', id(number) + person(told)) },
    {
      what: 'a name where dates and codes belong',
      body: change(
        'AddPerson',
        person(
          `<birthTime value="${name}"/><administrativeGenderCode code="${number}"/>` +
            `<telecom value="${street} 17B"/><${name}>${number}</${name}>`,
        ),
      ),
    },
    { what: 'a revision of another', body: change('RevisePersonRecord', id(number) + person(told)) },
    { what: 'a link of two others', body: change('LinkPersonRecords', id(number) + link(CONFIDENTIAL)) },
    { what: 'no link to undo', body: change('UnlinkPersonRecords', id(number) + link(others[6] ?? '')) },
  ];
}

function messageFor(messageId: string, role: string): string {
  return (
    `<t:request><id root="1.2.3.4" extension="${messageId}"/><processingCode code="T"/><controlActProcess><subject>` +
    `<registrationRequest><subject1><identifiedPerson>${role}</identifiedPerson></subject1></registrationRequest>` +
    '</subject></controlActProcess></t:request>'
  );
}

/** What stands in messages about sessions, in places where nobody looks for a number. */
function pathsOfSessions(login: Login): readonly Path[] {
  const now = new Date();
  const user = userToken(login.username, login.password);
  const withToken = (token: string): string =>
    sessionMessage(
      { token, identifier: '', instance: undefined, key: new Uint8Array(32), created: '', expires: '' },
      { now },
    );
  const token = contextToken('t', `urn:${number}:${name}`);
  const keyId = Buffer.concat([Buffer.of(1, number.length), Buffer.from(number), Buffer.alloc(40)]);
  const cookie = `<Cookie xmlns="http://schemas.microsoft.com/ws/2006/05/security">${keyId.toString('base64')}</Cookie>`;
  return [
    { what: 'a session', body: issueMessage({ now, user }) },
    { what: 'a number as the name of a session', body: withToken(token) },
    {
      what: 'a number as the key of a session',
      body: withToken(token.replace('</c:Identifier>', `$&${cookie}`)),
    },
    {
      what: 'a number in a request for a session',
      body: issueMessage({ now, user, request: `<t:RequestType>${number} ${name}</t:RequestType>` }),
    },
    {
      what: 'a number beside a request for a session',
      body: issueMessage({ now, user, request: `${number} ${name}` }),
    },
  ];
}

function requester(id: string): string {
  return (
    '<authorOrPerformer typeCode="AUT"><assignedPerson classCode="ASSIGNED">' +
    `<id root="2.16.578.1.12.4.1.4.1" extension="${id}"/></assignedPerson></authorOrPerformer>`
  );
}

/** What upstream says when it talks too much. */
const chatter = JSON.stringify({
  title: `Person ${number} (${name}, ${street} 17B) was refused`,
  detail: `nin=${spaced}`,
  error: 'invalid_client',
  error_description: `${name} ${number} eyJhbGciOiJFUzI1NiJ9.eyJuYW1lIjoiR3JhbmJhciJ9.c2lnbmF0dXJl`,
});
const json = { 'content-type': 'application/json' };
const problem = { 'content-type': 'application/problem+json' };

const faultsOfPersontjenesten: readonly Fault[] = [
  // No longer, or what comes after is not asked.
  { kind: 'too-many-requests', retryAfter: 0 },
  { kind: 'too-many-requests', retryAfter: `${name} ${number}` },
  { kind: 'server-error', status: 500 },
  { kind: 'server-error', status: 503, retryAfter: 1 },
  { kind: 'html-page' },
  { kind: 'html-page', status: 403 },
  { kind: 'cut-connection', when: 'before-headers' },
  { kind: 'cut-connection', when: 'mid-body' },
  { kind: 'truncated-json' },
  { kind: 'stalled-body' },
  ...[400, 401, 403, 404, 409, 422, 500].map((status): Fault => ({
    kind: 'answer',
    status,
    headers: problem,
    body: chatter,
  })),
  { kind: 'answer', status: 404, headers: { 'content-type': 'text/html' }, body: chatter },
  { kind: 'answer', status: 302, headers: { location: `https://preg.invalid/${number}?${name}` } },
  { kind: 'answer', status: 200, headers: json, body: `"${name}" ${number}` },
  { kind: 'answer', status: 200, headers: json, body: chatter },
  { kind: 'answer', status: 200, headers: { 'content-type': `text/${name}` }, body: chatter },
  { kind: 'answer', status: 200, headers: { ...json, 'content-encoding': 'gzip' }, body: chatter },
  {
    kind: 'answer',
    status: 401,
    headers: { 'www-authenticate': `DPoP error="${name} ${number}"`, 'dpop-nonce': `n${number}` },
  },
  altered({ id: number }),
  altered({ id: '', norwegianIdentificationNumber: `${name} ${number}` }),
  altered({ norwegianIdentificationNumber: [] }),
  altered({ status: [{ isValid: true, status: number }] }),
  altered({ gender: [{ isValid: true, gender: `${name} ${street}` }] }),
  altered({ gender: [{ isValid: true, gender: { text: name } }] }),
  altered({ maritalStatus: [{ isValid: true, status: spaced }] }),
  altered({ addressProtection: [{ isValid: true, protectionLevel: `${street} 17B` }] }),
  altered({
    familyRelation: [{ isValid: true, relatedPersonsRole: number, relatedPerson: `${name} ${number}` }],
  }),
  altered({ birth: [{ isValid: true, birthDate: name }] }),
];

function altered(parts: object): Fault {
  return {
    kind: 'altered-answer',
    alter: (body) => (typeof body === 'object' && body !== null ? { ...body, ...parts } : body),
  };
}

const faultsOfHelseId: readonly Fault[] = [
  { kind: 'server-error', status: 500 },
  { kind: 'html-page' },
  { kind: 'cut-connection', when: 'before-headers' },
  { kind: 'truncated-json' },
  { kind: 'answer', status: 400, headers: json, body: chatter },
  { kind: 'answer', status: 401, headers: json, body: chatter },
  { kind: 'answer', status: 200, headers: json, body: chatter },
  {
    kind: 'answer',
    status: 400,
    headers: { ...json, 'dpop-nonce': `n${number}` },
    body: '{"error":"use_dpop_nonce"}',
  },
  { kind: 'stalled-body' },
];

/** A sound question, while Persontjenesten does what it should not. */
export function pathsOfTrouble(login: Login): readonly Path[] {
  const body = getDemographicsRequest({ numbers: [number], ...login, now: new Date() });
  return faultsOfPersontjenesten.map((fault): Path => ({
    what: `Persontjenesten: ${fault.kind}`,
    body,
    // Both calls of a lookup meet it, and the second attempt after a 401.
    faults: Array.from({ length: 4 }, () => ['persontjenesten', fault] as const),
  }));
}

/** A sound question, while HelseID does what it should not. Each path needs an adapter that holds no token yet. */
export function pathsWithoutToken(login: Login): readonly Path[] {
  const body = getDemographicsRequest({ numbers: [number], ...login, now: new Date() });
  return faultsOfHelseId.map((fault): Path => ({
    what: `HelseID: ${fault.kind}`,
    body,
    faults: Array.from({ length: 4 }, () => ['helseid', fault] as const),
  }));
}
