import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:https';

/** A GetDemographics request by the sandbox account, made now. */
export function getDemographics(number: string, now = new Date()): string {
  const expires = new Date(now.getTime() + 5 * 60_000);
  return (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing" xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"><s:Header>' +
    '<a:Action s:mustUnderstand="1">http://tempuri.org/IPersonRegistry/GetDemographics</a:Action>' +
    `<a:MessageID>urn:uuid:${randomUUID()}</a:MessageID>` +
    '<a:ReplyTo><a:Address>http://www.w3.org/2005/08/addressing/anonymous</a:Address></a:ReplyTo>' +
    '<a:To s:mustUnderstand="1">https://127.0.0.1/Personregister.HL7/PersonRegistry.svc</a:To>' +
    '<o:Security s:mustUnderstand="1" xmlns:o="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">' +
    `<u:Timestamp u:Id="_0"><u:Created>${now.toISOString()}</u:Created><u:Expires>${expires.toISOString()}</u:Expires></u:Timestamp>` +
    '<o:UsernameToken u:Id="t"><o:Username>epj-sandbox</o:Username><o:Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText">epj-sandbox</o:Password></o:UsernameToken>' +
    '</o:Security></s:Header><s:Body><t:GetDemographics xmlns:t="http://tempuri.org/" xmlns="urn:hl7-org:v3"><t:query>' +
    '<processingCode code="T"/><controlActProcess classCode="CACT" moodCode="APT"><queryByParameter><parameterList>' +
    `<identifiedPersonIdentifier><value root="2.16.578.1.12.4.1.4.1" extension="${number}"/></identifiedPersonIdentifier>` +
    '</parameterList></queryByParameter></controlActProcess></t:query></t:GetDemographics></s:Body></s:Envelope>'
  );
}

/** What came back over HTTPS. */
export interface Reply {
  readonly status: number;
  readonly body: string;
}

/** Posts SOAP to an address, trusting one certificate; the agent keeps connections. */
export function postSoap(url: string, body: string, agent: Agent): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      { method: 'POST', agent, headers: { 'Content-Type': 'application/soap+xml; charset=utf-8' } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
        });
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}
