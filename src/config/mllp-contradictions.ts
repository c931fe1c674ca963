import { z } from 'zod';
import { isLoopback } from '../runtime/loopback.js';
import { networksOverlap } from '../runtime/network-list.js';
import { certificateForm } from './certificate-form.js';
import { formatPath, type ConfigurationProblem } from './problems.js';
import { valueAt } from './settings-tree.js';

const LISTENER = ['listeners', 'mllp'];

/** What the settings of HL7 v2 over MLLP demand of one another. */
export function mllpContradictions(settings: unknown): ConfigurationProblem[] {
  return [...transport(settings), ...peers(settings)];
}

/** Whoever can be reached by other machines encrypts and knows its clients by certificate, or says by name that it does not. */
function transport(settings: unknown): ConfigurationProblem[] {
  const listener = valueAt(settings, LISTENER);
  if (listener === undefined) return [];
  const tls = valueAt(listener, ['tls']);
  const plaintext = valueAt(listener, ['plaintext']) === true;
  const host = valueAt(listener, ['host']) ?? '127.0.0.1';
  const path = formatPath([...LISTENER, 'tls']);
  const isReachable = typeof host === 'string' && !isLoopback(host);
  if (tls === undefined) {
    if (plaintext || !isReachable) return [];
    const expected = 'a certificate and clientCaFile, or plaintext: true to do without encryption';
    return [{ path, found: 'nothing, where other machines can connect', expected }];
  }
  const problems = certificateForm(path, tls, plaintext);
  if (isReachable && valueAt(tls, ['clientCaFile']) === undefined) {
    problems.push({
      path: `${path}.clientCaFile`,
      found: 'nothing, where other machines can connect',
      expected: 'the certificates that vouch for clients, since MLLP has no passwords',
    });
  }
  return problems;
}

/** A peer as far as it is well-formed, and where it stands. */
interface PlacedPeer {
  readonly client: number;
  readonly place: string;
  readonly peer: z.output<typeof peerForm>;
}

const peerForm = z.object({
  addresses: z.array(z.string()),
  application: z.string().optional(),
  facility: z.string().optional(),
  certificate: z
    .string()
    .transform((text) => text.replaceAll(':', '').toLowerCase())
    .optional(),
});

function peers(settings: unknown): ConfigurationProblem[] {
  const clients = z
    .array(z.unknown())
    .catch([])
    .parse(valueAt(settings, ['clients']));
  const knowsCertificates = valueAt(settings, [...LISTENER, 'tls', 'clientCaFile']) !== undefined;
  const problems: ConfigurationProblem[] = [];
  const placed: PlacedPeer[] = [];
  clients.forEach((client, index) => {
    const path = ['clients', index, 'hl7v2', 'peers'];
    const own = z
      .array(z.unknown())
      .catch([])
      .parse(valueAt(client, ['hl7v2', 'peers']));
    const protocols = valueAt(client, ['protocols']);
    const speaks = !Array.isArray(protocols) || protocols.includes('hl7v2');
    if (own.length > 0 && !speaks) {
      problems.push({
        path: formatPath(path),
        found: 'a client without the protocol hl7v2',
        expected: 'hl7v2 in its protocols',
      });
    }
    own.forEach((one, number) => {
      const { data: peer } = peerForm.safeParse(one);
      if (peer === undefined) return;
      const place = formatPath([...path, number]);
      if (peer.certificate !== undefined && !knowsCertificates) {
        problems.push({
          path: `${place}.certificate`,
          found: 'a certificate, where the listener asks for none',
          expected: 'listeners.mllp.tls.clientCaFile beside it',
        });
      }
      // A client that is switched off is in nobody's way.
      if (speaks && valueAt(client, ['enabled']) !== false) placed.push({ client: index, place, peer });
    });
  });
  return [...problems, ...ambiguous(placed)];
}

/** Whoever sends a message is one client, whatever the order in which clients stand. */
function ambiguous(placed: readonly PlacedPeer[]): ConfigurationProblem[] {
  return placed.flatMap((later, index): ConfigurationProblem[] => {
    const other = placed
      .slice(0, index)
      .find((earlier) => earlier.client !== later.client && canBeOne(earlier.peer, later.peer));
    if (other === undefined) return [];
    return [
      {
        path: later.place,
        found: `a peer that may be ${other.place}, too`,
        expected: 'addresses, application, facility or certificate that tell the two clients apart',
      },
    ];
  });
}

function canBeOne(one: PlacedPeer['peer'], other: PlacedPeer['peer']): boolean {
  const marks = ['application', 'facility', 'certificate'] as const;
  return (
    marks.every((mark) => {
      const [own, its] = [one[mark], other[mark]];
      return own === undefined || its === undefined || own === its;
    }) && one.addresses.some((own) => other.addresses.some((its) => networksOverlap(own, its)))
  );
}
