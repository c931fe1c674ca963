import type { MetricHandlers } from './handlers.js';
import type { Instruments } from './instruments.js';

/** Events that are counted by their name alone. docs/log.md tells what stands behind each. */
const counted = [
  'configurationReloaded',
  'configurationRefused',
  'certificateRenewed',
  'certificateUnusable',
  'signingKeyChanged',
  'signingKeyUnusable',
  'irregularCheckDigits',
  'constraintsPassedOver',
  'textTransliterated',
  'eventLogBegun',
  'eventFeedEndsEarly',
  'eventFeedGap',
  'unknownEventType',
  'changedPeopleGone',
  'mllpListenerFailed',
  'noncesExhausted',
  'previousPasswordUsed',
  'deliveredFilesLeft',
  'filematchJobStarted',
  'filematchJobsDeleted',
  'filematchJobsNotRead',
  'changesPlanned',
  'changesNotPlanned',
  'notificationsMissed',
  'identitySplit',
  'notificationsHeldBack',
  'referencesNotLearnt',
] as const satisfies readonly (keyof MetricHandlers)[];

type Counted = (typeof counted)[number];

/** What happens too seldom, or says too little, for a metric of its own. */
export function occurrences(instruments: Instruments): Pick<MetricHandlers, Counted> {
  const happened = instruments.counter(
    'preg_adapter_occurrences_total',
    'What happened and has no metric of its own, by the name of the event.',
    ['event'],
  );
  for (const event of counted) happened.inc({ event }, 0);
  const counting = (event: Counted) => (): void => {
    happened.inc({ event });
  };
  return {
    configurationReloaded: counting('configurationReloaded'),
    configurationRefused: counting('configurationRefused'),
    certificateRenewed: counting('certificateRenewed'),
    certificateUnusable: counting('certificateUnusable'),
    signingKeyChanged: counting('signingKeyChanged'),
    signingKeyUnusable: counting('signingKeyUnusable'),
    irregularCheckDigits: counting('irregularCheckDigits'),
    constraintsPassedOver: counting('constraintsPassedOver'),
    textTransliterated: counting('textTransliterated'),
    eventLogBegun: counting('eventLogBegun'),
    eventFeedEndsEarly: counting('eventFeedEndsEarly'),
    eventFeedGap: counting('eventFeedGap'),
    unknownEventType: counting('unknownEventType'),
    changedPeopleGone: counting('changedPeopleGone'),
    mllpListenerFailed: counting('mllpListenerFailed'),
    noncesExhausted: counting('noncesExhausted'),
    previousPasswordUsed: counting('previousPasswordUsed'),
    deliveredFilesLeft: counting('deliveredFilesLeft'),
    filematchJobStarted: counting('filematchJobStarted'),
    filematchJobsDeleted: counting('filematchJobsDeleted'),
    filematchJobsNotRead: counting('filematchJobsNotRead'),
    changesPlanned: counting('changesPlanned'),
    changesNotPlanned: counting('changesNotPlanned'),
    notificationsMissed: counting('notificationsMissed'),
    identitySplit: counting('identitySplit'),
    notificationsHeldBack: counting('notificationsHeldBack'),
    referencesNotLearnt: counting('referencesNotLearnt'),
  };
}
