import { AdapterError, TokenRefused, TokenUnavailable } from '../../errors/errors.js';
import { keyCheck } from '../../operations/key-check.js';
import { apiVersions } from '../../registry/persontjenesten/api-version.js';
import { failed, ok, warning, type Finding } from './finding.js';
import { PATIENCE_MILLISECONDS, type Examine, type Patient } from './patient.js';
import { organisationText, subjectsOf, type Subject } from '../subjects.js';

/** Whether HelseID gives a token for each view and organisation that somebody asks by. */
export const examineTokens: Examine = async (patient) => {
  const subjects = subjectsOf(patient.configuration);
  if (subjects.length === 0) return [warning('nobody is there to ask for', 'Enable a client.')];
  const findings: Finding[] = [];
  // One after another: HelseID is asked no harder than by an adapter that has just started.
  for (const subject of subjects) findings.push(await examineToken(subject, patient));
  return findings;
};

async function examineToken(subject: Subject, { adapter, credentials }: Patient): Promise<Finding> {
  const scope = apiVersions[adapter.persontjenesten.version].scopes[subject.access];
  const whom = `${scope} on behalf of ${organisationText(subject.organisation)}`;
  try {
    await credentials.tokens.get(scope, subject.organisation, AbortSignal.timeout(3 * PATIENCE_MILLISECONDS));
    return ok(`HelseID gives a token for ${whom}`);
  } catch (error) {
    const { meaning, action } = explained(error);
    return failed(`no token for ${whom} (${subject.whose.join(', ')}): ${meaning}`, action);
  }
}

function explained(error: unknown): { readonly meaning: string; readonly action: string } {
  if (
    (error instanceof TokenUnavailable || error instanceof TokenRefused) &&
    error.trouble.alarm !== undefined
  ) {
    const { meaning, action } = error.trouble.alarm;
    return { meaning: `${meaning} (${error.message})`, action };
  }
  if (error instanceof AdapterError) return { meaning: error.message, action: error.description.hint };
  return {
    meaning: 'HelseID took too long',
    action: 'Check network and proxy, and the operating messages of Norsk helsenett.',
  };
}

/** Whether the key for HelseID will soon have to be replaced. */
export const examineKey: Examine = ({ adapter, credentials, clock }) => {
  const { status, reason } = keyCheck(() => credentials.keyState(), clock)();
  const { kid } = adapter.helseid.privateKey;
  if (status === 'ok') return [ok(`the key for HelseID is ${kid}`)];
  return [
    warning(
      reason ?? 'the key for HelseID is in trouble',
      'Have a new one registered: preg-adapter rotate-helseid-key, or self service.',
    ),
  ];
};
