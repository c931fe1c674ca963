import { CALL_SECONDS, type MetricHandlers } from './handlers.js';
import type { Instruments } from './instruments.js';
import { among, type KnownNames } from './known-names.js';

type Told =
  | 'mllpConnectionsRefused'
  | 'mllpHandshakeFailed'
  | 'mllpConnectionCut'
  | 'mllpOctetsSkipped'
  | 'notificationSent'
  | 'notificationNotTaken'
  | 'notificationNotBuilt'
  | 'notificationsGivenUp'
  | 'receiverChanged';

/** Connections of HL7 v2, and what receivers are told of changes. */
export function hl7v2Metrics(instruments: Instruments, names: KnownNames): Pick<MetricHandlers, Told> {
  const receiver = among(names.receivers);
  const refused = instruments.counter(
    'preg_adapter_mllp_connections_refused_total',
    'Connections for HL7 v2 that were closed at once.',
    ['reason'],
  );
  const handshakes = instruments.counter(
    'preg_adapter_mllp_handshakes_failed_total',
    'Connections for HL7 v2 from known addresses for which TLS did not come about.',
  );
  const cut = instruments.counter(
    'preg_adapter_mllp_connections_cut_total',
    'Connections for HL7 v2 that the adapter closed.',
    ['reason'],
  );
  const skipped = instruments.counter(
    'preg_adapter_mllp_octets_skipped_total',
    'Octets that belonged to no message of HL7 v2.',
  );
  const sent = instruments.counter(
    'preg_adapter_notifications_sent_total',
    'Messages about changes that a receiver took.',
    ['receiver'],
  );
  const duration = instruments.histogram(
    'preg_adapter_notification_seconds',
    'Time until a receiver took a message.',
    ['receiver'],
    CALL_SECONDS,
  );
  const notTaken = instruments.counter(
    'preg_adapter_notifications_not_taken_total',
    'Attempts after which a message is sent or built again.',
    ['receiver', 'reason'],
  );
  const givenUp = instruments.counter(
    'preg_adapter_notifications_given_up_total',
    'Messages to a receiver that were given up and wait for somebody to look at them.',
    ['receiver'],
  );
  const reachable = instruments.gauge(
    'preg_adapter_receiver_reachable',
    '1 when a receiver can be reached, 0 when it cannot; from the first time on that this changed.',
    ['receiver'],
  );
  for (const id of names.receivers) givenUp.inc({ receiver: id }, 0);
  return {
    mllpConnectionsRefused: ({ reason, count }) => {
      refused.inc({ reason }, count);
    },
    mllpHandshakeFailed: ({ count }) => {
      handshakes.inc(count);
    },
    mllpConnectionCut: ({ reason }) => {
      cut.inc({ reason });
    },
    mllpOctetsSkipped: ({ octets }) => {
      skipped.inc(octets);
    },
    notificationSent: ({ milliseconds, ...event }) => {
      const labels = { receiver: receiver(event.receiver) };
      sent.inc(labels);
      duration.observe(labels, milliseconds / 1_000);
    },
    notificationNotTaken: (event) => {
      notTaken.inc({ receiver: receiver(event.receiver), reason: 'not-taken' });
    },
    notificationNotBuilt: (event) => {
      notTaken.inc({ receiver: receiver(event.receiver), reason: 'not-built' });
    },
    notificationsGivenUp: ({ count, ...event }) => {
      givenUp.inc({ receiver: receiver(event.receiver) }, count);
    },
    receiverChanged: ({ reachable: isReachable, ...event }) => {
      reachable.set({ receiver: receiver(event.receiver) }, isReachable ? 1 : 0);
    },
  };
}
