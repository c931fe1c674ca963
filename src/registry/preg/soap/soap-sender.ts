import type { AxiosInstance } from 'axios';
import type { Client, IHttpClient, ISecurity, SoapMethod, WSDL } from 'soap';
import { trustActions, type TrustAim } from '../../../contract/soap/trust.js';
import { wsdl, type DescribedOperation, type DescribedService } from '../../../contract/soap/wsdl.js';
import { InternalError } from '../../../errors/errors.js';
import { writeXml } from '../../../xml/writer.js';
import { httpAnswer, httpFailure, mostOctets, type HttpAnswer } from './http-answer.js';

/** What is sent in one envelope. */
export interface SoapMessage {
  /** As the description of the service names it. */
  readonly operation: string;
  /** XML of the header blocks but for that of security, written where `s` is declared as SOAP's prefix. */
  readonly headers: readonly string[];
  /** Writes the header of security. */
  readonly security: ISecurity;
  /** The only child of the Body, which declares every prefix it uses. */
  readonly body: string;
}

/** The parts of node-soap that are used. */
export interface SoapLibrary {
  readonly Client: typeof Client;
  readonly WSDL: typeof WSDL;
}

/** Messages about sessions, by what they want done. */
export const trustOperations: Readonly<Record<TrustAim, DescribedOperation>> = {
  Issue: { name: 'IssueSecurityContext', ...trustActions('Issue') },
  Renew: { name: 'RenewSecurityContext', ...trustActions('Renew') },
  Cancel: { name: 'CancelSecurityContext', ...trustActions('Cancel') },
};

/** What node-soap is told of every answer. */
const NOTHING_TO_READ =
  '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>';

/**
 * Sends SOAP 1.2 by node-soap to one address, and hands back what came over HTTP. node-soap itself reads nothing of it: a
 * stranger's XML is read by our own reader.
 */
export class SoapSender {
  private constructor(
    private readonly library: SoapLibrary,
    private readonly description: WSDL,
    private readonly address: string,
    private readonly http: AxiosInstance,
  ) {}

  /** @throws Error of node-soap when it cannot read the description, a mistake of ours */
  static async create(
    library: SoapLibrary,
    service: DescribedService,
    address: string,
    http: AxiosInstance,
  ): Promise<SoapSender> {
    const description = new library.WSDL(descriptionOf(service, address), address, {});
    await new Promise<void>((resolve, reject) => {
      // Called without an error, too, whatever its type says.
      description.onReady((error: Error | null | undefined) => {
        if (error instanceof Error) reject(error);
        else resolve();
      });
    });
    return new SoapSender(library, description, address, http);
  }

  /** @throws PregUnavailable, PregRejected; what the signal was aborted with */
  send({ operation, headers, security, body }: SoapMessage, signal: AbortSignal): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      // One for each message, since it keeps headers, security and what was sent.
      const client = new this.library.Client(this.description, this.address, {
        httpClient: this.#httpClient(signal, resolve, reject),
        envelopeKey: 's',
        forceSoap12Headers: true,
      });
      for (const header of headers) client.addSoapHeader(header);
      client.setSecurity(security);
      const method: unknown = client[operation];
      if (!isSoapMethod(method)) throw new TypeError('the operation is not one of the service');
      method(
        { _xml: body },
        (error) => {
          // When a call has ended, how is known already.
          if (error !== null) reject(new InternalError('node-soap failed', error));
        },
        {},
        // .NET puts the action into the envelope alone.
        { 'Content-Type': 'application/soap+xml; charset=utf-8', Accept: 'application/soap+xml' },
      );
    });
  }

  #httpClient(
    signal: AbortSignal,
    resolve: (answer: HttpAnswer) => void,
    reject: (error: Error) => void,
  ): IHttpClient {
    return {
      request: (url, data, callback, headers) => {
        const call = this.http.request<unknown>({
          url,
          method: 'POST',
          data: Buffer.from(String(data), 'utf8'),
          headers: { ...headers },
          maxContentLength: mostOctets,
          transformResponse: (octets: unknown) => octets,
          signal,
        });
        call.then(
          (response) => {
            resolve(httpAnswer(response));
            callback(null, { status: 200 }, NOTHING_TO_READ);
          },
          (error: unknown) => {
            reject(httpFailure(error, signal));
            callback(new Error('the call failed'));
          },
        );
        return call;
      },
    };
  }
}

/** Operations with the names of their elements: what node-soap has to know where bodies are written by others. */
function descriptionOf(service: DescribedService, address: string): string {
  const operations = [...service.operations, ...Object.values(trustOperations)];
  const names = operations.flatMap(({ name }) => [name, `${name}Response`]);
  const schema = {
    name: 'xs:schema',
    attributes: { 'xmlns:xs': 'http://www.w3.org/2001/XMLSchema', targetNamespace: service.targetNamespace },
    content: names.map((name) => ({ name: 'xs:element', attributes: { name } })),
  };
  return writeXml(wsdl({ ...service, operations }, address, [schema]), { declaration: true });
}

function isSoapMethod(value: unknown): value is SoapMethod {
  return typeof value === 'function';
}
