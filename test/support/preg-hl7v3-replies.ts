/** Replies of PREG's HL7 v3 as a real one may write them, with little in them. */

interface ReplyContent {
  readonly type?: string;
  readonly response?: string;
  /** Of resultTotalQuantity; none when absent. */
  readonly total?: number;
  /** Of an acknowledgementDetail. */
  readonly detail?: string;
  /** XML of the subjects. */
  readonly subjects?: string;
}

/** The body of a reply. Its details have words, which nobody may repeat. */
export function reply(operation: string, content: ReplyContent): string {
  const { type = 'AA', response, total, detail, subjects = '' } = content;
  const details =
    detail === undefined
      ? ''
      : `<acknowledgementDetail><code code="${detail}"/><text>told in words</text></acknowledgementDetail>`;
  const code = response === undefined ? '' : `<queryResponseCode code="${response}"/>`;
  const quantity = total === undefined ? '' : `<resultTotalQuantity value="${String(total)}"/>`;
  return (
    `<t:${operation}Response xmlns:t="http://tempuri.org/" xmlns="urn:hl7-org:v3"><t:${operation}Result>` +
    `<acknowledgement typeCode="${type}">${details}</acknowledgement>` +
    `<controlActProcess>${subjects}<queryAck>${code}${quantity}</queryAck></controlActProcess>` +
    `</t:${operation}Result></t:${operation}Response>`
  );
}

/** A subject with that number; `person` is inside of the person, `role` behind it. */
export function subjectOf(number: string, person = '', role = ''): string {
  return (
    '<subject><registrationEvent><subject1><identifiedPerson>' +
    `<id root="2.16.578.1.12.4.1.4.1" extension="${number}"/><statusCode code="active"/>` +
    `<identifiedPerson>${person}</identifiedPerson>${role}` +
    '</identifiedPerson></subject1></registrationEvent></subject>'
  );
}

/** A reply to GetDemographics about the person with that number. */
export function demographicsReply(number: string, person: string, role = ''): string {
  return reply('GetDemographics', { response: 'OK', total: 1, subjects: subjectOf(number, person, role) });
}
