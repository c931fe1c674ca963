import { createServer } from 'node:net';
import { errorCode } from '../../errors/error-code.js';
import { ListenerUnavailable, listening } from '../../operations/listening.js';
import { failed, ok, warning, type Finding } from './finding.js';
import type { Examine } from './patient.js';
import type { PlaceSeen } from './places.js';

/** Whether each listener can have its port, or the adapter that runs has it already. */
export const examinePorts: Examine = async ({ places, running }) => {
  const findings: Finding[] = [];
  for (const place of places) findings.push(await examinePort(place, running !== undefined));
  return findings;
};

async function examinePort(
  { setting, host, port, isTaken }: PlaceSeen,
  isRunning: boolean,
): Promise<Finding> {
  const where = `${host}:${port} (${setting})`;
  if (port === 0) return ok(`${setting} takes any free port`);
  if (isRunning) {
    return isTaken
      ? ok(`${where} is held by the adapter that runs`)
      : warning(
          `nobody listens at ${where}, though an adapter runs`,
          'Where it was started a moment ago, look again; where with other settings, restart it.',
        );
  }
  return isTaken ? taken(where) : tried(where, { setting, host, port });
}

/** Takes the port for a moment: only so is it known whether this user may. */
async function tried(
  where: string,
  { setting, host, port }: Pick<PlaceSeen, 'setting' | 'host' | 'port'>,
): Promise<Finding> {
  const server = createServer();
  try {
    await listening(server, setting, { host, port });
  } catch (error) {
    return troubleOf(where, error);
  }
  await new Promise((resolve) => server.close(resolve));
  return ok(`${where} is free`);
}

function taken(where: string): Finding {
  return failed(
    `${where} is taken, and no adapter answers at listeners.operations`,
    'See who has it (ss -ltnp on Linux): restart an adapter that was started with other settings; of anything else, stop it or choose another port.',
  );
}

function troubleOf(where: string, error: unknown): Finding {
  const code = error instanceof ListenerUnavailable ? errorCode(error.cause) : errorCode(error);
  if (code === 'EADDRINUSE') return taken(where);
  const [told, hint] = troubles[code ?? ''] ?? [
    `cannot be listened on (${code ?? 'unknown'})`,
    'Try another port.',
  ];
  return failed(`${where} ${told}`, hint);
}

const NO_SUCH_ADDRESS = [
  'is an address that this machine does not have',
  'Compare the host with the addresses of this machine.',
] as const;

const troubles: Readonly<Record<string, readonly [told: string, hint: string]>> = {
  EACCES: [
    'may not be listened on by this user',
    'Ports below 1024 need a right: CAP_NET_BIND_SERVICE, or a port above 1023 and a forwarding.',
  ],
  EADDRNOTAVAIL: NO_SUCH_ADDRESS,
  ENOTFOUND: NO_SUCH_ADDRESS,
};
