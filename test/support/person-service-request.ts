import { randomUUID } from 'node:crypto';
import { namespaces } from './soap-request.js';

/** The address of the service. */
export const PERSON_SERVICE_PATH = '/Personregister.WCF/PersonService.svc';

/** A request to PersonService. */
export interface PersonServiceQuestion {
  readonly operation: string;
  /** XML text of what stands inside the operation's element. */
  readonly content: string;
  readonly now: Date;
  readonly username?: string;
  readonly password?: string;
}

/** A request with a UsernameToken, as clients without secure conversation send it. */
export function personServiceRequest(question: PersonServiceQuestion): string {
  const { operation, content, now, username = 'epj', password = 'secret' } = question;
  return (
    `<s:Envelope xmlns:s="${namespaces.soap}" xmlns:a="${namespaces.addressing}" xmlns:u="${namespaces.utility}"><s:Header>` +
    `<a:Action s:mustUnderstand="1">http://register.nhn.no/PR/IPersonService/${operation}</a:Action>` +
    `<a:MessageID>urn:uuid:${randomUUID()}</a:MessageID>` +
    `<o:Security s:mustUnderstand="1" xmlns:o="${namespaces.security}"><u:Timestamp><u:Created>${now.toISOString()}</u:Created></u:Timestamp>` +
    `<o:UsernameToken><o:Username>${username}</o:Username><o:Password Type="${namespaces.passwordText}">${password}</o:Password>` +
    `</o:UsernameToken></o:Security></s:Header>` +
    `<s:Body><${operation} xmlns="http://register.nhn.no/PR">${content}</${operation}></s:Body></s:Envelope>`
  );
}
