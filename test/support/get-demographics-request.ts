import { MESSAGE_ID, namespaces, security, soapMessage } from './soap-request.js';

/** Where PREG's HL7 v3 service is. */
export const HL7V3_PATH = '/Personregister.HL7/PersonRegistry.svc';

/** The action of GetDemographics. */
export const GET_DEMOGRAPHICS = 'http://tempuri.org/IPersonRegistry/GetDemographics';

/** What a GetDemographics request says. All of it goes into the XML as it is. */
export interface GetDemographicsRequest {
  /** `extension` of the identifiers asked for. */
  readonly numbers: readonly string[];
  readonly username?: string;
  readonly password?: string;
  /** `Created` of the Timestamp. */
  readonly now: Date;
  readonly action?: string;
  readonly messageId?: string;
  readonly to?: string;
  readonly moreHeaders?: string;
  /** Elements after the wrapper's own, such as authorOrPerformer. */
  readonly moreOfControlAct?: string;
}

/** A GetDemographics request as the clients of 2011 send it. */
export function getDemographicsRequest(request: GetDemographicsRequest): string {
  const username = request.username ?? 'epj-sandbox';
  const password = request.password ?? 'epj-sandbox';
  const action = request.action ?? GET_DEMOGRAPHICS;
  return soapMessage({
    action: `<a:Action s:mustUnderstand="1">${action}</a:Action>`,
    messageId: `<a:MessageID>${request.messageId ?? MESSAGE_ID}</a:MessageID>`,
    to: `<a:To s:mustUnderstand="1">${request.to ?? `https://preg.invalid${HL7V3_PATH}`}</a:To>`,
    security: security(
      `<u:Timestamp u:Id="_0"><u:Created>${request.now.toISOString()}</u:Created></u:Timestamp>` +
        `<o:UsernameToken><o:Username>${username}</o:Username>` +
        `<o:Password Type="${namespaces.passwordText}">${password}</o:Password></o:UsernameToken>`,
    ),
    moreHeaders: request.moreHeaders ?? '',
    body: getDemographicsBody(request),
  });
}

/** The body of such a request. */
export function getDemographicsBody({
  numbers,
  moreOfControlAct = '',
}: Pick<GetDemographicsRequest, 'numbers' | 'moreOfControlAct'>): string {
  const identifiers = numbers.map(
    (number) =>
      `<identifiedPersonIdentifier><value root="2.16.578.1.12.4.1.4.1" extension="${number}"/></identifiedPersonIdentifier>`,
  );
  return (
    '<t:GetDemographics xmlns:t="http://tempuri.org/" xmlns="urn:hl7-org:v3"><t:query>' +
    '<id root="1.2.3.4" extension="1"/><versionCode code="NE2010NO"/>' +
    '<interactionId root="2.16.840.1.113883.1.6" extension="PRPA_IN101307NO01"/>' +
    '<processingCode code="T"/><processingModeCode code="T"/>' +
    `<controlActProcess classCode="CACT" moodCode="APT">${moreOfControlAct}<queryByParameter>` +
    `<parameterList>${identifiers.join('')}</parameterList></queryByParameter></controlActProcess>` +
    '</t:query></t:GetDemographics>'
  );
}
