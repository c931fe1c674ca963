import type { LegacyHttpRequest, LegacyHttpResponse } from '../http.js';
import type { SoapService } from './soap-service.js';

/**
 * Answers a GET: `?wsdl`, `?singleWsdl`, `?xsd=NAME` (in any letter case, as IIS took them), and one line of text for
 * all else (Decided 13). Addresses in the documents begin with `publicBaseUrl`, or else with the Host that was asked,
 * over https.
 */
export function answerGet(
  service: SoapService,
  path: string,
  request: LegacyHttpRequest,
  publicBaseUrl: string | undefined,
): LegacyHttpResponse {
  const query = new Map(
    [...new URLSearchParams(request.query)].map(([key, value]) => [key.toLowerCase(), value] as const),
  );
  const schemaName = query.get('xsd');
  if (!query.has('wsdl') && !query.has('singlewsdl') && schemaName === undefined) {
    return text(200, `${service.greeting}\n`);
  }
  const base = publicBaseUrl?.replace(/\/+$/, '') ?? baseOfHost(request.headers['host']);
  if (base === undefined) return text(400, 'The Host header is missing or malformed.\n');
  const metadata = service.metadata(base + path);
  if (query.has('wsdl')) return xml(metadata.wsdl);
  if (query.has('singlewsdl')) return xml(metadata.singleWsdl);
  const wanted = schemaName?.toLowerCase();
  const schema = [...metadata.schemas].find(([name]) => name.toLowerCase() === wanted);
  return schema === undefined ? text(404, 'There is no such schema.\n') : xml(schema[1]);
}

// A name or an address, and a port: nothing that could end an attribute or begin a path.
const HOST = /^(?:[a-z0-9](?:[a-z0-9._-]{0,252})|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?$/i;

function baseOfHost(host: string | undefined): string | undefined {
  return host !== undefined && HOST.test(host) ? `https://${host}` : undefined;
}

/** A browser takes it for what it says it is, shows it in no frame, and loads nothing for it. */
const FOR_BROWSERS = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
} as const;

function xml(body: string): LegacyHttpResponse {
  return { status: 200, headers: { 'Content-Type': 'text/xml; charset=utf-8', ...FOR_BROWSERS }, body };
}

function text(status: number, body: string): LegacyHttpResponse {
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8', ...FOR_BROWSERS }, body };
}
