import { AdapterError, TokenRefused, TokenUnavailable, UpstreamForbidden } from '../../errors/errors.js';
import { callErrorCode } from '../../outbound/http-client.js';
import { apiVersions } from '../../registry/persontjenesten/api-version.js';
import { EventsClient } from '../../registry/persontjenesten/events/events-client.js';
import { HttpsTransport } from '../../registry/persontjenesten/https-transport.js';
import { newCorrelationId } from '../../runtime/correlation.js';
import { failed, ok, warning, type Finding } from './finding.js';
import { PATIENCE_MILLISECONDS, type Examine, type Patient } from './patient.js';
import { organisationText, subjectsOf, type Subject } from '../subjects.js';

/** Beyond every number that the feed will have: the page is empty, and tells of nobody. */
const BEYOND_ALL_EVENTS = 999_999_999_999_999n;

/** Whether Persontjenesten answers, and lets in whoever somebody asks for. No call is about a person. */
export const examinePersontjenesten: Examine = async (patient) => {
  const reached = await ping(patient);
  if (reached.status === 'failed') return [reached];
  const version = apiVersions[patient.adapter.persontjenesten.version];
  const client = new EventsClient(transportOf(patient), version);
  const findings: Finding[] = [reached];
  for (const subject of subjectsOf(patient.configuration)) {
    findings.push(...(await examineEntry(client, subject, patient)));
  }
  return findings;
};

async function ping({ adapter, http }: Patient): Promise<Finding> {
  const baseUrl = adapter.persontjenesten.baseUrl.replace(/\/$/, '');
  try {
    const { status } = await http.get(`${baseUrl}/ping`, {
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
    });
    if (status >= 500) {
      return failed(
        `${baseUrl} answers ${status}`,
        'Look at the operating messages of Norsk helsenett; try again later.',
      );
    }
    if (status >= 300 && status < 400) {
      return failed(
        `${baseUrl} sends elsewhere (${status})`,
        'Compare persontjenesten.baseUrl with what Norsk helsenett has told.',
      );
    }
    return ok(`${baseUrl} is reached`);
  } catch (error) {
    return failed(
      `${baseUrl} is not reached (${callErrorCode(error)})`,
      'Check network, name server, proxy (outbound.proxy), firewall and outbound.caFile.',
    );
  }
}

function transportOf({ adapter, http, credentials, clock }: Patient): HttpsTransport {
  return new HttpsTransport({
    baseUrl: adapter.persontjenesten.baseUrl.replace(/\/$/, ''),
    version: apiVersions[adapter.persontjenesten.version],
    http,
    tokens: credentials.tokens,
    authorisation: credentials.authorisation(),
    clock,
    events: { emit: () => undefined },
    attempts: { send: (request, next) => next(request) },
  });
}

async function examineEntry(
  client: EventsClient,
  { access, organisation, whose }: Subject,
  { random }: Patient,
): Promise<readonly Finding[]> {
  const whom = `${access} access on behalf of ${organisationText(organisation)}`;
  try {
    await client.page(BEYOND_ALL_EVENTS, {
      access,
      organisation,
      correlationId: newCorrelationId(random),
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
    });
    return [ok(`Persontjenesten lets in ${whom}`)];
  } catch (error) {
    // Told with the token already.
    if (error instanceof TokenRefused || error instanceof TokenUnavailable) return [];
    const told = `a call with ${whom} (${whose.join(', ')}) fails: ${error instanceof AdapterError ? error.message : 'it took too long'}`;
    if (error instanceof UpstreamForbidden) {
      return [
        failed(
          told,
          'Ask Norsk helsenett whether this organisation and scope have been let in to Persontjenesten.',
        ),
      ];
    }
    return [
      warning(
        told,
        error instanceof AdapterError
          ? error.description.hint
          : 'Try again, and compare with what the log of the adapter says.',
      ),
    ];
  }
}
