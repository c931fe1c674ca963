import { z } from 'zod';
import { isLoopback } from '../runtime/loopback.js';
import { formatPath, type ConfigurationProblem } from './problems.js';
import { valueAt } from './settings-tree.js';

const NOTIFICATIONS = ['hl7v2', 'notifications'];
const RECEIVERS = [...NOTIFICATIONS, 'receivers'];

/** What the settings of telling others of changes demand of one another. */
export function notificationContradictions(settings: unknown): ConfigurationProblem[] {
  const receivers = listAt(settings, RECEIVERS);
  return [
    ...whole(settings, receivers),
    ...receivers.flatMap((receiver, index) => [
      ...named(receivers, receiver, index),
      ...clientOf(settings, receiver, index),
      ...transport(receiver, index),
    ]),
  ];
}

function whole(settings: unknown, receivers: readonly unknown[]): ConfigurationProblem[] {
  if (valueAt(settings, [...NOTIFICATIONS, 'enabled']) !== true) return [];
  const path = formatPath(NOTIFICATIONS);
  const problems: ConfigurationProblem[] = [];
  if (receivers.length === 0) {
    problems.push({ path: `${path}.receivers`, found: 'nothing', expected: 'at least one receiver' });
  }
  if (valueAt(settings, ['events', 'enabled']) !== true) {
    problems.push({
      path: `${path}.enabled`,
      found: 'true, where the event feed is not followed',
      expected: 'events.enabled: true beside it, since changes are known from there',
    });
  }
  return problems;
}

function named(receivers: readonly unknown[], receiver: unknown, index: number): ConfigurationProblem[] {
  const ids = receivers.map((one) => valueAt(one, ['id']));
  const id = valueAt(receiver, ['id']);
  const first = ids.indexOf(id);
  if (typeof id !== 'string' || first === index) return [];
  return [
    {
      path: placeOf(index, 'id'),
      found: `the same as in ${formatPath([...RECEIVERS, first])}`,
      expected: 'one of its own',
    },
  ];
}

/** People are looked up on behalf of the client, and nobody is told more than the client may see. */
function clientOf(settings: unknown, receiver: unknown, index: number): ConfigurationProblem[] {
  const id = valueAt(receiver, ['client']);
  if (typeof id !== 'string') return [];
  const client = listAt(settings, ['clients']).find((one) => valueAt(one, ['id']) === id);
  const path = placeOf(index, 'client');
  if (client === undefined) {
    return [{ path, found: JSON.stringify(id), expected: 'the id of one of clients[]' }];
  }
  const protocols = valueAt(client, ['protocols']);
  if (Array.isArray(protocols) && !protocols.includes('hl7v2')) {
    return [{ path, found: 'a client without the protocol hl7v2', expected: 'hl7v2 in its protocols' }];
  }
  if (valueAt(client, ['enabled']) === false) {
    return [{ path, found: 'a client that is switched off', expected: 'one that is enabled' }];
  }
  const events = valueAt(receiver, ['events']);
  const isTold = !Array.isArray(events) || events.includes('A40');
  if (!isTold || !isRestricted(settings, client)) return [];
  return [
    {
      path: placeOf(index, 'events'),
      found: 'A40 for a client with the restricted view',
      expected: 'events without A40, since that view does not tell numbers that are out of use',
    },
  ];
}

function isRestricted(settings: unknown, client: unknown): boolean {
  const profile = valueAt(client, ['profile']);
  const views = [
    valueAt(client, ['access']),
    typeof profile === 'string' ? valueAt(settings, ['profiles', profile, 'access']) : undefined,
  ];
  return views.includes('restricted');
}

function transport(receiver: unknown, index: number): ConfigurationProblem[] {
  const tls = valueAt(receiver, ['tls']);
  const plaintext = valueAt(receiver, ['plaintext']) === true;
  const host = valueAt(receiver, ['host']);
  if (tls === undefined) {
    if (plaintext || typeof host !== 'string' || isLoopback(host)) return [];
    const expected = 'tls, or plaintext: true to do without encryption';
    return [{ path: placeOf(index, 'tls'), found: 'nothing, beside another machine', expected }];
  }
  if (plaintext) {
    const path = placeOf(index, 'plaintext');
    return [{ path, found: 'true beside tls', expected: 'either plaintext or tls' }];
  }
  const given = ['certificateFile', 'privateKeyFile'].filter((name) => valueAt(tls, [name]) !== undefined);
  if (given.length !== 1) return [];
  return [
    {
      path: placeOf(index, 'tls'),
      found: `${given.join()} alone`,
      expected: 'certificateFile with privateKeyFile, or neither of them',
    },
  ];
}

function listAt(settings: unknown, path: readonly string[]): unknown[] {
  return z.array(z.unknown()).catch([]).parse(valueAt(settings, path));
}

function placeOf(index: number, member: string): string {
  return formatPath([...RECEIVERS, index, member]);
}
