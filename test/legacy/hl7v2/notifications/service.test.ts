import { expect } from 'chai';
import { TokenRefused } from '../../../../src/errors/errors.js';
import { createNotifications } from '../../../../src/legacy/hl7v2/notifications/service.js';
import { PersonSegments } from '../../../../src/legacy/hl7v2/person/person-segments.js';
import { notificationsCheck } from '../../../../src/operations/notifications-check.js';
import { hl7v2Codes } from '../../../support/hl7v2-segments.js';
import { transliteration } from '../../../support/hl7v2.js';
import { NotificationWorld } from '../../../support/notification-world.js';
import { auditInto } from '../../../support/recorded-audit.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';
import { until } from '../../../support/until.js';

describe('telling receivers of changes', () => {
  it('shows in its health that people cannot be looked up', async () => {
    const world = new NotificationWorld();
    const { store, news, events, clock, random, receiver } = world;
    const refused = () => Promise.reject(new TokenRefused('invalid_client'));
    const notifications = createNotifications({
      receivers: [{ ...receiver, address: { host: '127.0.0.1', port: 9, tls: undefined } }],
      sender: { application: 'PREGADAPTER', facility: '' },
      news,
      references: { referencesOf: refused },
      registry: { lookupMany: refused },
      people: new PersonSegments(hl7v2Codes('hl7')),
      transliteration,
      queue: store.notifications,
      subscriptions: store.subscriptions,
      audit: auditInto([]),
      settings: { retryHours: 72, answerSeconds: 30, requestDeadlineSeconds: 30 },
      events,
      clock,
      random,
    });
    const health = notificationsCheck(() => notifications.state(), clock);
    expect(health()).to.deep.equal({ status: 'ok', reason: '0 messages waiting' });
    world.follows(syntheticNumber(1));
    const stop = new AbortController();
    const ended = notifications.run(stop.signal);
    await until(() => notifications.state().lookupTroubles.length > 0);
    expect(health()).to.deep.equal({
      status: 'warning',
      reason: '0 messages waiting; people cannot be looked up (token-refused)',
      causes: ['lookups token-refused'],
    });
    stop.abort();
    await ended;
    store.close();
  });
});
