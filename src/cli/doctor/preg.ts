import { callErrorCode } from '../../outbound/http-client.js';
import { failed, ok, warning, type Finding } from './finding.js';
import { PATIENCE_MILLISECONDS, type Examine, type Patient } from './patient.js';

/** Whether the services of the old PREG answer at all, where there is one: nobody is asked about, and no account is tried. */
export const examinePreg: Examine = async (patient) => {
  const { preg } = patient.adapter.cutover;
  if (preg === undefined) return [];
  const services = [
    ['cutover.preg.hl7v3Url', preg.hl7v3Url],
    ['cutover.preg.pregXmlUrl', preg.pregXmlUrl],
  ] as const;
  return Promise.all(
    services.flatMap(([setting, url]) => (url === undefined ? [] : [examineService(setting, url, patient)])),
  );
};

async function examineService(setting: string, url: string, { http }: Patient): Promise<Finding> {
  try {
    const { status } = await http.get(url, { signal: AbortSignal.timeout(PATIENCE_MILLISECONDS) });
    if (status < 300) return ok(`PREG answers at ${setting}`);
    const told = `PREG answers ${status} at ${setting}`;
    return status === 404 || status >= 500
      ? failed(told, 'Compare the address with that of the old service; see whether PREG is up.')
      : warning(
          told,
          'A service may refuse to be looked at and answer questions all the same: see the check preg of a running adapter.',
        );
  } catch (error) {
    return failed(
      `PREG is not reached at ${setting} (${callErrorCode(error)})`,
      'Check the address, network, proxy, firewall and outbound.caFile: docs/preg.md.',
    );
  }
}
