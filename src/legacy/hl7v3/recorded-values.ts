import type { ForeignId, RecordedTelecom } from '../../person/help-number-record.js';
import type { XmlElement } from '../../xml/element.js';
import type { Hl7v3Codes } from './codes.js';
import { attributeOf, codesIn, isNil, saysSomething, tellNotKept } from './element-content.js';
import type { Findings } from './findings.js';
import { at, childrenOf } from './request.js';

const telecomUses = new Set('BAD CONF H HP HV TMP WP DIR PUB AS EC MC PG'.split(' '));
const nothing: ReadonlySet<string> = new Set();

/** A telecom as a URL; a bare number or mail address gets its scheme. The value counts beside a nullFlavor (sample 13). */
export function recordedTelecom(telecom: XmlElement, findings: Findings): RecordedTelecom | undefined {
  const value = attributeOf(telecom, 'value', findings);
  tellNotKept(telecom, nothing, new Set(['useablePeriod']), findings);
  if (value === undefined) return undefined;
  const url = urlOf(value);
  if (url === undefined) {
    findings.refuse('SYN102', 'The element telecom is no URL, telephone number or mail address.');
    return undefined;
  }
  const codes = codesIn(telecom, 'use');
  if (codes.some((code) => !telecomUses.has(code))) {
    findings.refuse('SYN106', 'The element telecom has a use that is not known.');
    return undefined;
  }
  return { value: url, use: codes.length === 0 ? null : codes.join(' ') };
}

/** Characters that a URL may not hold as they stand (RFC 3986, but for letters of other scripts), and `#`. */
const notInUrl = /[\s<>"{}|\\^`[\]#\p{Cc}]|%(?![0-9a-f]{2})/iu;

function urlOf(told: string): string | undefined {
  const value = urlWithScheme(told);
  return value === undefined || notInUrl.test(value) ? undefined : value;
}

function urlWithScheme(value: string): string | undefined {
  if (/^tel:/i.test(value)) return value.replaceAll(' ', '');
  if (/^[a-z][a-z0-9+.-]*:./i.test(value)) return value;
  if (/^\+?[0-9][0-9 ()/.-]*$/.test(value)) return `tel:${value.replaceAll(' ', '')}`;
  return /^[^@]+@[^@]+$/.test(value) ? `mailto:${value}` : undefined;
}

const oid = /^[0-2](?:\.(?:0|[1-9][0-9]*))+$/;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The numbers in an asOtherIDs, each with the OID of its authority (preg-hl7v3 5.2). */
export function recordedForeignIds(
  otherIds: XmlElement,
  codes: Hl7v3Codes,
  findings: Findings,
): readonly ForeignId[] {
  if (isNil(otherIds)) return [];
  tellNotKept(
    otherIds,
    new Set(['id']),
    new Set(['statusCode', 'effectiveTime', 'scopingOrganization']),
    findings,
  );
  return childrenOf(otherIds, 'id')
    .filter(saysSomething)
    .flatMap((id) => {
      const root = attributeOf(id, 'root', findings);
      const extension = attributeOf(id, 'extension', findings);
      if (root === undefined || extension === undefined || !(oid.test(root) || uuid.test(root))) {
        findings.refuse('SYN102', 'An id in asOtherIDs lacks its root or extension, or its root is no OID.');
        return [];
      }
      if (codes.isPersonNumberRoot(root)) {
        // Such a number says who the person is, and that is what linking is for.
        findings.refuse(
          'SYN102',
          'A national, D- or help number is not told as asOtherIDs; link the numbers.',
        );
        return [];
      }
      return [{ root, extension }];
    });
}

/** A citizenship as ISO 3166-1 alpha-3 (preg-hl7v3 3.2). */
export function recordedCitizenship(citizen: XmlElement, findings: Findings): string | undefined {
  if (!saysSomething(citizen)) return undefined;
  tellNotKept(citizen, new Set(['politicalNation']), new Set(['id', 'effectiveTime']), findings);
  const nation = at(citizen, 'politicalNation');
  if (nation === undefined) return undefined;
  tellNotKept(nation, new Set(['code']), new Set(['name']), findings);
  const code = attributeOf(at(nation, 'code'), 'code', findings)?.toUpperCase();
  if (code !== undefined && !/^[A-Z]{3}$/.test(code)) {
    findings.refuse('SYN106', 'A citizenship is not a country code of three letters (ISO 3166-1 alpha-3).');
    return undefined;
  }
  return code;
}
