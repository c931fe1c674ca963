import { createServer } from 'node:net';
import { errorCode } from '../../errors/error-code.js';
import { ListenerUnavailable, listening } from '../../operations/listening.js';
import { failed, ok, warning, type Finding } from './finding.js';
import type { Examine, Patient } from './patient.js';

interface Place {
  readonly setting: string;
  readonly host: string;
  readonly port: number;
}

/** Whether each listener can have its port, or the adapter that runs has it already. */
export const examinePorts: Examine = async (patient) => {
  const findings: Finding[] = [];
  for (const place of placesOf(patient)) findings.push(await examinePort(place, patient));
  return findings;
};

function placesOf({ configuration: { sandbox, listeners } }: Patient): readonly Place[] {
  return [
    ...Object.entries(listeners).flatMap(([name, listener]) =>
      listener === undefined
        ? []
        : [{ setting: `listeners.${name}`, host: listener.host, port: listener.port }],
    ),
    ...(sandbox === undefined ? [] : sandboxPlaces(sandbox)),
  ];
}

/** Its HelseID takes the port behind that of Persontjenesten. */
function sandboxPlaces({ port, preg }: NonNullable<Patient['configuration']['sandbox']>): readonly Place[] {
  const ports = [port, port === 0 ? 0 : port + 1, ...(preg === undefined ? [] : [preg.port])];
  return ports.map((one) => ({ setting: 'sandbox', host: '127.0.0.1', port: one }));
}

async function examinePort({ setting, host, port }: Place, { running }: Patient): Promise<Finding> {
  const where = `${host}:${port} (${setting})`;
  if (port === 0) return ok(`${setting} takes any free port`);
  const server = createServer();
  try {
    await listening(server, setting, { host, port });
  } catch (error) {
    return troubleOf(where, error, running !== undefined);
  }
  await new Promise((resolve) => server.close(resolve));
  if (running === undefined) return ok(`${where} is free`);
  return warning(
    `${where} is free, though an adapter runs`,
    'The one that runs was started with other settings: restart it.',
  );
}

function troubleOf(where: string, error: unknown, isRunning: boolean): Finding {
  const code = error instanceof ListenerUnavailable ? errorCode(error.cause) : errorCode(error);
  if (code === 'EADDRINUSE') {
    return isRunning
      ? ok(`${where} is held by the adapter that runs`)
      : failed(
          `${where} is held by another program`,
          'Find it (ss -ltnp on Linux) and stop it, or choose another port.',
        );
  }
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
