import { secondsAhead } from '../../helseid/clock-drift.js';
import { CLOCK_WARNING_SECONDS } from '../../operations/clock-check.js';
import { callErrorCode, headersOf } from '../../outbound/http-client.js';
import { failed, ok, warning, type Finding } from './finding.js';
import { PATIENCE_MILLISECONDS, type Examine, type Patient } from './patient.js';

/** From here on proofs are refused: they are good for a second, and five more for clocks (helseid 2.2). */
const REFUSED_SECONDS = 6;

const SET_THE_CLOCK =
  'Set the clock by NTP (ntp.nhn.no on Helsenettet) and see that the service that does it runs.';

/** The clock of this machine against those of HelseID and Persontjenesten, by the Date of an answer of theirs. */
export const examineClock: Examine = (patient) => {
  const { issuer } = patient.adapter.helseid;
  const { baseUrl } = patient.adapter.persontjenesten;
  return Promise.all([
    compare('HelseID', `${withoutSlash(issuer)}/.well-known/openid-configuration`, patient),
    compare('Persontjenesten', `${withoutSlash(baseUrl)}/ping`, patient),
  ]);
};

async function compare(whose: string, url: string, { http, clock }: Patient): Promise<Finding> {
  try {
    // Once for the connection, so that its making is not taken for the time of the answer.
    await http.get(url, { signal: AbortSignal.timeout(PATIENCE_MILLISECONDS) });
    const askedAt = clock.now();
    const answer = await http.get(url, { signal: AbortSignal.timeout(PATIENCE_MILLISECONDS) });
    const { date } = headersOf(answer.headers);
    const ahead = secondsAhead({ date, askedAt }, clock.now());
    return ahead === undefined
      ? warning(
          `${whose} does not tell what time it is there`,
          'Look for a proxy that takes the header Date away, or slow answers.',
        )
      : judged(whose, ahead);
  } catch (error) {
    return warning(
      `the clock cannot be compared with that of ${whose} (${callErrorCode(error)})`,
      'See what is said of token and persontjenesten.',
    );
  }
}

function judged(whose: string, ahead: number): Finding {
  const seconds = Math.abs(ahead);
  if (seconds < CLOCK_WARNING_SECONDS) return ok(`the clock agrees with that of ${whose}`);
  const told = `the clock of this machine is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} that of ${whose}`;
  return seconds < REFUSED_SECONDS ? warning(told, SET_THE_CLOCK) : failed(told, SET_THE_CLOCK);
}

function withoutSlash(address: string): string {
  return address.replace(/\/$/, '');
}
