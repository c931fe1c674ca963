import type { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectPlainly, type Socket } from 'node:net';
import { connect as connectByTls } from 'node:tls';
import type { AdapterConfiguration, TlsSource } from '../../config/adapter-configuration.js';
import type { SandboxSettings } from '../../config/schema.js';
import { reachable } from '../operations-client.js';

/** Where the adapter is to listen. */
interface Place {
  readonly setting: string;
  readonly host: string;
  /** 0 for any. */
  readonly port: number;
  /** The certificate that is to be shown there; undefined for one without TLS. */
  readonly tls: TlsSource | undefined;
}

/** The same, and who is there. */
export interface PlaceSeen extends Place {
  /** Whether somebody takes connections there. */
  readonly isTaken: boolean;
  /** The certificate that is shown there; undefined also where none is to be. */
  readonly shown: X509Certificate | undefined;
}

/** It is on this machine. */
const PATIENCE_MILLISECONDS = 2_000;

/** Connects once to each place of the configuration, and says nothing there. */
export async function seePlaces(
  { listeners }: Pick<AdapterConfiguration, 'listeners'>,
  sandbox: SandboxSettings | undefined,
): Promise<readonly PlaceSeen[]> {
  const { legacy, oldTls, mllp, operations } = listeners;
  const places: readonly Place[] = [
    { ...legacy, setting: 'listeners.legacy' },
    ...(oldTls === undefined ? [] : [{ ...oldTls, setting: 'listeners.oldTls' }]),
    ...(mllp === undefined ? [] : [{ ...mllp, setting: 'listeners.mllp', tls: mllp.tls?.certificate }]),
    { ...operations, setting: 'listeners.operations' },
    ...(sandbox === undefined ? [] : sandboxPlaces(sandbox)),
  ];
  return Promise.all(places.map(async ({ setting, host, port, tls }) => seen({ setting, host, port, tls })));
}

/** Its HelseID takes the port behind that of Persontjenesten. */
function sandboxPlaces({ port, preg }: SandboxSettings): readonly Place[] {
  const ports = [port, port === 0 ? 0 : port + 1, ...(preg === undefined ? [] : [preg.port])];
  return ports.map((one) => ({ setting: 'sandbox', host: '127.0.0.1', port: one, tls: undefined }));
}

async function seen(place: Place): Promise<PlaceSeen> {
  const nobody = { ...place, isTaken: false, shown: undefined };
  if (place.port === 0) return nobody;
  const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
  const socket = connectPlainly({ host: reachable(place.host), port: place.port });
  socket.on('error', () => undefined);
  try {
    await once(socket, 'connect', { signal });
    const shown = place.tls === undefined ? undefined : await shownOver(socket, signal);
    return { ...place, isTaken: true, shown };
  } catch {
    return nobody;
  } finally {
    socket.destroy();
  }
}

/** The certificate is looked at, and nobody believed by it. */
async function shownOver(socket: Socket, signal: AbortSignal): Promise<X509Certificate | undefined> {
  const tls = connectByTls({ socket, rejectUnauthorized: false });
  try {
    await once(tls, 'secureConnect', { signal });
    return tls.getPeerX509Certificate();
  } catch {
    return undefined;
  } finally {
    tls.destroy();
  }
}
