/**
 * Whether the time of an answer tells an unknown user name from a wrong password. Both are tried in turn, in random
 * order, against accounts as hash-password makes them; Welch's t-test on the logarithms of the times says whether the
 * two could be one distribution. Ends with exit code 1 when they could not (|t| > 4.5, as side channels are judged).
 */
import { performance } from 'node:perf_hooks';
import type { Account } from '../src/access/accounts.js';
import { KnownAccounts } from '../src/access/known-accounts.js';
import { createPasswordAuthenticator } from '../src/access/password-authenticator.js';
import { hashPassword, parsePasswordHash } from '../src/access/password-hash.js';
import { systemClock } from '../src/runtime/system-clock.js';
import { systemRandom } from '../src/runtime/system-random.js';

const THRESHOLD = 4.5;
const rounds = Number(process.argv[2] ?? 300);

const authenticator = createPasswordAuthenticator({
  accounts: new KnownAccounts(
    await Promise.all(Array.from({ length: 20 }, (_, index) => account(`client-${index}`))),
  ),
  clock: systemClock,
  random: systemRandom,
  nonces: { use: () => 'fresh' },
  events: { emit: () => undefined },
  // Without the delays after failures, which would drown what is measured; they are the same for both.
  settings: { userDelay: noDelay(), addressDelay: noDelay() },
});

const times = { unknown: [] as number[], wrong: [] as number[] };
await attempt('warm', 'up');
for (let round = 0; round < rounds; round += 1) {
  const kinds = Math.random() < 0.5 ? (['unknown', 'wrong'] as const) : (['wrong', 'unknown'] as const);
  for (const kind of kinds) {
    const user = kind === 'wrong' ? `client-${round % 20}` : `nobody-${round % 20}`;
    times[kind].push(Math.log(await attempt(user, `guess-${round}-${kind}`)));
  }
}

const t = welch(times.unknown, times.wrong);
const milliseconds = (logarithms: readonly number[]): string => Math.exp(mean(logarithms)).toFixed(2);
process.stdout.write(`unknown user:   ${milliseconds(times.unknown)} ms (geometric mean of ${rounds})\n`);
process.stdout.write(`wrong password: ${milliseconds(times.wrong)} ms (geometric mean of ${rounds})\n`);
process.stdout.write(`Welch's t: ${t.toFixed(2)}; indistinguishable while |t| <= ${THRESHOLD}\n`);
process.exitCode = Math.abs(t) > THRESHOLD ? 1 : 0;

async function attempt(username: string, password: string): Promise<number> {
  const startedAt = performance.now();
  await authenticator
    .authenticate({ username, password, remoteAddress: '127.0.0.1' }, new AbortController().signal)
    .catch(() => undefined);
  return performance.now() - startedAt;
}

async function account(name: string): Promise<Account> {
  const text = await hashPassword(`right-${name}`, systemRandom);
  const passwordHash = parsePasswordHash(text);
  if (passwordHash === undefined) throw new Error('a fresh hash is unreadable');
  return {
    username: name,
    passwordHash,
    credentialDigest: text,
    enabled: true,
    client: {
      id: name,
      protocols: new Set(['hl7v3']),
      organisation: { parent: '999999999' },
      access: 'full',
      visible: new Set(),
      quirks: { noFixedAbode: 'send', refusedSearch: 'fault', maxReplyBytes: 65_536 },
    },
  };
}

function noDelay(): {
  freeAttempts: number;
  firstDelayMilliseconds: number;
  longestDelayMilliseconds: number;
} {
  return { freeAttempts: Number.MAX_SAFE_INTEGER, firstDelayMilliseconds: 0, longestDelayMilliseconds: 0 };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}

function welch(a: readonly number[], b: readonly number[]): number {
  return (mean(a) - mean(b)) / Math.sqrt(variance(a) / a.length + variance(b) / b.length);
}
