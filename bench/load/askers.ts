import { randomUUID } from 'node:crypto';
import { findCandidatesRequest } from '../../test/support/find-candidates-request.js';
import {
  GET_DEMOGRAPHICS,
  getDemographicsBody,
  getDemographicsRequest,
  HL7V3_PATH,
} from '../../test/support/get-demographics-request.js';
import { PERSON_SERVICE_PATH, personServiceRequest } from '../../test/support/person-service-request.js';
import {
  freshEntropy,
  issueMessage,
  sessionFrom,
  sessionMessage,
  type ClientSession,
} from '../../test/support/session-client.js';
import { namespaces } from '../../test/support/soap-request.js';
import { ACCOUNT } from '../processes/adapter-configuration.js';
import type { PersonToAsk } from '../processes/running-upstream.js';
import { judgeMessage, judgePerson, type Question, type Strictness } from './question.js';

/** Where questions come from, one after another. */
export type Asker = () => Question;

/** Whom questions are about, in turn, so that no two at a time are about the same person. */
export interface Subjects {
  readonly people: readonly PersonToAsk[];
  readonly unknown: readonly string[];
}

/** Goes through a list for ever. */
export function inTurn<Item>(items: readonly Item[]): () => Item {
  let next = 0;
  return () => {
    const item = items[next % items.length];
    if (item === undefined) throw new RangeError('there is nobody to ask for');
    next += 1;
    return item;
  };
}

const messageId = (): string => `urn:uuid:${randomUUID()}`;

/** GetDemographics with a UsernameToken on each message. */
export function oneShot(
  next: () => PersonToAsk,
  {
    strictness = 'person-and-message',
    now = () => new Date(),
  }: { readonly strictness?: Strictness; readonly now?: () => Date } = {},
): Asker {
  return () => {
    const about = { nin: next().nin, messageId: messageId() };
    return {
      path: HL7V3_PATH,
      body: getDemographicsRequest({
        ...ACCOUNT,
        numbers: [about.nin],
        now: now(),
        messageId: about.messageId,
      }),
      judge: (answer) => judgePerson(answer, about, strictness),
    };
  };
}

/** GetDemographics in a session that is open already. */
export function inSession(next: () => PersonToAsk, session: () => ClientSession): Asker {
  return () => {
    const about = { nin: next().nin, messageId: messageId() };
    return {
      path: HL7V3_PATH,
      body: sessionMessage(session(), {
        now: new Date(),
        action: `<a:Action s:mustUnderstand="1">${GET_DEMOGRAPHICS}</a:Action>`,
        messageId: `<a:MessageID>${about.messageId}</a:MessageID>`,
        body: getDemographicsBody({ numbers: [about.nin] }),
      }),
      judge: (answer) => judgePerson(answer, about, 'person-and-message'),
    };
  };
}

/** Opens a session, which is told of when it is there. */
export function opening(onSession: (session: ClientSession) => void): Asker {
  return () => {
    const id = messageId();
    const entropy = freshEntropy();
    const user = `<o:UsernameToken u:Id="t"><o:Username>${ACCOUNT.username}</o:Username><o:Password Type="${namespaces.passwordText}">${ACCOUNT.password}</o:Password></o:UsernameToken>`;
    return {
      path: HL7V3_PATH,
      body: issueMessage({
        now: new Date(),
        user,
        entropy,
        messageId: `<a:MessageID>${id}</a:MessageID>`,
      }),
      judge: ({ status, text }) => {
        if (status !== 200) return `status ${status}`;
        const wrong = judgeMessage(text, id);
        if (wrong === undefined) onSession(sessionFrom(text, entropy));
        return wrong;
      },
    };
  };
}

/** FindCandidates by family name and birth date: the person must be among those found. */
export function searching(next: () => PersonToAsk): Asker {
  return () => {
    const { nin, familyName, birthDate } = next();
    const id = messageId();
    return {
      path: HL7V3_PATH,
      body: findCandidatesRequest({
        ...ACCOUNT,
        now: new Date(),
        messageId: id,
        parameters:
          `<personBirthTime><value value="${birthDate.replaceAll('-', '')}"/></personBirthTime>` +
          `<personName><value><family>${escaped(familyName)}</family></value></personName>`,
      }),
      judge: ({ status, text }) => {
        if (status !== 200) return `status ${status}`;
        return text.includes(` extension="${nin}"`) ? judgeMessage(text, id) : 'another person';
      },
    };
  };
}

/** GetPerson of Personregister-XML. */
export function inPersonService(next: () => PersonToAsk): Asker {
  return () => {
    const { nin } = next();
    return {
      path: PERSON_SERVICE_PATH,
      body: personServiceRequest({
        ...ACCOUNT,
        operation: 'GetPerson',
        now: new Date(),
        content: `<parameters xmlns:b="http://schemas.datacontract.org/2004/07/NHN.Contracts.Data"><b:NIN>${nin}</b:NIN></parameters>`,
      }),
      judge: ({ status, text }) => {
        if (status !== 200) return `status ${status}`;
        const told = /NIN>(\d+)</.exec(text)?.[1];
        return told === nin ? undefined : told === undefined ? 'nobody' : 'another person';
      },
    };
  };
}

/** GetDemographics for a number that nobody has. */
export function forNobody(next: () => string): Asker {
  return () => {
    const id = messageId();
    return {
      path: HL7V3_PATH,
      body: getDemographicsRequest({ ...ACCOUNT, numbers: [next()], now: new Date(), messageId: id }),
      judge: ({ status, text }) => {
        if (status !== 200) return `status ${status}`;
        return text.includes('queryResponseCode code="NF"') ? judgeMessage(text, id) : 'somebody';
      },
    };
  };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** Questions of several kinds, as often as the weights say, evenly spread. */
export function mixed(kinds: readonly (readonly [weight: number, asker: Asker])[]): Asker {
  const total = kinds.reduce((sum, [weight]) => sum + weight, 0);
  const credit = kinds.map(() => 0);
  return () => {
    // The kind that is furthest behind its share comes next.
    let chosen = 0;
    kinds.forEach(([weight], index) => {
      credit[index] = (credit[index] ?? 0) + weight;
      if ((credit[index] ?? 0) > (credit[chosen] ?? 0)) chosen = index;
    });
    credit[chosen] = (credit[chosen] ?? 0) - total;
    const kind = kinds[chosen];
    if (kind === undefined) throw new RangeError('there is nothing to ask');
    return kind[1]();
  };
}
