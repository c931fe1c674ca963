import type { AdapterEvents, EventSink } from '../../src/operations/events.js';

type Lists = { [Name in keyof AdapterEvents]: AdapterEvents[Name][] };

/** Keeps every event that it is told, oldest first. */
export class RecordedEvents implements EventSink {
  readonly of: Lists = {
    requestAnswered: [],
    upstreamCalled: [],
    lookupShared: [],
    callRetried: [],
    callRefused: [],
    callsHeldBack: [],
    breakerChanged: [],
    tokenFetched: [],
    tokenFailed: [],
    tokenDropped: [],
    signingKeyChanged: [],
    signingKeyUnusable: [],
    clockDrift: [],
    unmappedValue: [],
    valueCut: [],
    irregularCheckDigits: [],
    constraintsPassedOver: [],
    textTransliterated: [],
    eventsRead: [],
    eventsNotRead: [],
    eventLogBegun: [],
    eventFeedEndsEarly: [],
    eventFeedGap: [],
    unknownEventType: [],
    changedPeopleGone: [],
    answeredFromCache: [],
    authenticationFailed: [],
    mllpConnectionsRefused: [],
    mllpHandshakeFailed: [],
    mllpConnectionCut: [],
    mllpOctetsSkipped: [],
    mllpListenerFailed: [],
    noncesExhausted: [],
    dropFolderChanged: [],
    deliveredFileRefused: [],
    deliveredFilesLeft: [],
    filematchJobAccepted: [],
    filematchJobStarted: [],
    filematchJobWaiting: [],
    filematchJobCompleted: [],
    filematchJobRejected: [],
    filematchJobFailed: [],
    filematchJobsDeleted: [],
    filematchJobsNotRead: [],
    changesPlanned: [],
    changesNotPlanned: [],
    notificationsMissed: [],
    identitySplit: [],
    notificationSent: [],
    notificationNotTaken: [],
    notificationsGivenUp: [],
    receiverChanged: [],
    notificationNotBuilt: [],
    referencesNotLearnt: [],
    notificationsHeldBack: [],
  };

  emit<Name extends keyof AdapterEvents>(name: Name, event: AdapterEvents[Name]): void {
    this.of[name].push(event);
  }
}
