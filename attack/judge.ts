import type { Answer } from './wire/http.js';
import { NS } from './wire/message.js';
import { Breach } from './item.js';
import type { Target } from './world/target.js';

/** What an answer has to be. Each gives it in a few words, or throws Breach. Source: contract preg-hl7v3 part 7, Decided 8 and 13. */

/** A fault, as one that is legal looks. */
export interface FaultWanted {
  /** Local name of the innermost code; several where the sources leave it open. */
  readonly code?: string | readonly string[];
  readonly version?: '1.1' | '1.2';
  /** Charset of the answer's media type; default utf-8. */
  readonly charset?: string;
  readonly decode?: (body: Buffer) => string;
}

/** A SOAP fault of the caller's version and charset, without internals, secured as its kind demands. */
export function legalFault(answer: Answer, wanted: FaultWanted = {}): string {
  const { version = '1.2', charset = 'utf-8', decode } = wanted;
  const text = decode === undefined ? answer.text : decode(answer.body);
  if (answer.status !== 500) throw new Breach(`HTTP ${answer.status} instead of a fault`);
  const media = version === '1.2' ? 'application/soap+xml' : 'text/xml';
  const type = answer.headers['content-type'] ?? 'none';
  if (type.toLowerCase() !== `${media}; charset=${charset}`) throw new Breach(`a fault as ${type}`);
  if (!text.includes(version === '1.2' ? NS.soap12 : NS.soap11))
    throw new Breach('a fault of another SOAP version');
  const code = codeOf(text, version);
  noInternals(text);
  const isSecured = /<\w+:Security [^>]*mustUnderstand="1"/.test(text);
  const isAboutSecurity = ['FailedAuthentication', 'InvalidSecurity', 'BadContextToken'].includes(code);
  if (isSecured === isAboutSecurity) throw new Breach(`fault ${code} ${isSecured ? 'secured' : 'unsecured'}`);
  const codes = wanted.code === undefined ? [] : [wanted.code].flat();
  if (codes.length > 0 && !codes.includes(code))
    throw new Breach(`fault ${code} instead of ${codes.join(' or ')}`);
  return `fault ${code}`;
}

/** Local name of the innermost code of a fault. @throws Breach where there is none */
function codeOf(text: string, version: '1.1' | '1.2'): string {
  const code =
    version === '1.2'
      ? /<\w+:Code>.*?<\/\w+:Code>/s
          .exec(text)?.[0]
          .match(/<\w+:Value[^>]*>([^<]+)</g)
          ?.at(-1)
      : /<faultcode[^>]*>([^<]+)</.exec(text)?.[0];
  const name = code === undefined ? undefined : /(?:[\w-]+:)?(\w+)<$/.exec(code)?.[1];
  if (name === undefined) throw new Breach('an answer that is no fault');
  return name;
}

/** Nothing of our inside: no stack, no path, no page, nothing of a library. */
export function noInternals(text: string): void {
  const found =
    /node_modules|\bat [\w.<>]+ \(|\.[jt]s:\d+|node:internal|<html|<!DOCTYPE|SQLITE|ECONN\w+|saxes|zod|express|TypeError|RangeError|SyntaxError/i.exec(
      text,
    )?.[0];
  if (found !== undefined) throw new Breach(`our inside shows: ${found}`);
}

/** A bare status: no body at all. */
export function bareStatus(answer: Answer, ...statuses: readonly number[]): string {
  if (!statuses.includes(answer.status))
    throw new Breach(`HTTP ${answer.status} instead of ${statuses.join(' or ')}`);
  if (answer.body.length > 0)
    throw new Breach(`HTTP ${answer.status} with a body of ${answer.body.length} octets`);
  return `HTTP ${answer.status}, empty`;
}

/** The right answer to a question about the known person. */
export function tells({ person }: Target, answer: Answer, text = answer.text): string {
  if (answer.status !== 200) throw new Breach(`HTTP ${answer.status} ${summary(text)}instead of the answer`);
  if (!text.includes(person.nin) || !text.includes(person.familyName)) {
    throw new Breach('HTTP 200 that does not tell the person asked for');
  }
  return 'the right answer';
}

/** Nobody is told of. */
export function tellsNobody({ person }: Target, answer: Answer): void {
  if (answer.text.includes(person.familyName))
    throw new Breach(`HTTP ${answer.status} that tells the person`);
}

function summary(text: string): string {
  try {
    return `(${codeOf(text, '1.2')}) `;
  } catch {
    return '';
  }
}

/** Holds what was measured against a bound. Milliseconds. */
export function within(milliseconds: number, bound: number): string {
  if (milliseconds > bound) throw new Breach(`took ${Math.round(milliseconds)} ms, more than ${bound} ms`);
  return `${Math.max(1, Math.round(milliseconds))} ms`;
}

/** @throws Breach unless it is so */
export function insist(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Breach(otherwise);
}
