import { expect } from 'chai';
import { notificationContradictions } from '../../src/config/notification-contradictions.js';

const receiver = { id: 'pas', client: 'epj', host: 'pas.example', tls: {} };
const client = { id: 'epj', protocols: ['hl7v2'] };

describe('settings of telling others of changes', () => {
  function problems({
    receivers = [receiver],
    clients = [client],
    notifications = { enabled: true },
    events = { enabled: true },
    profiles = {},
  }: {
    receivers?: readonly object[];
    clients?: readonly object[];
    notifications?: object;
    events?: object;
    profiles?: object;
  }): readonly string[] {
    const settings = { clients, profiles, events, hl7v2: { notifications: { ...notifications, receivers } } };
    return notificationContradictions(settings).map(({ path, found }) => `${path}: ${found}`);
  }
  const at = (member: string): string => `hl7v2.notifications.receivers[0].${member}`;

  it('are well as they are documented, and where there are none', () => {
    expect(problems({})).to.deep.equal([]);
    expect(notificationContradictions({})).to.deep.equal([]);
    expect(problems({ notifications: {}, receivers: [], events: {} })).to.deep.equal([]);
  });

  it('need receivers and the event feed', () => {
    expect(problems({ receivers: [], events: {} })).to.deep.equal([
      'hl7v2.notifications.receivers: nothing',
      'hl7v2.notifications.enabled: true, where the event feed is not followed',
    ]);
  });

  it('need a name of its own for each receiver', () => {
    expect(problems({ receivers: [receiver, receiver] })).to.deep.equal([
      'hl7v2.notifications.receivers[1].id: the same as in hl7v2.notifications.receivers[0]',
    ]);
  });

  it('need a client that is there, is on, and speaks HL7 v2', () => {
    expect(problems({ clients: [] })).to.deep.equal([`${at('client')}: "epj"`]);
    expect(problems({ clients: [{ ...client, enabled: false }] })).to.deep.equal([
      `${at('client')}: a client that is switched off`,
    ]);
    expect(problems({ clients: [{ ...client, protocols: ['hl7v3'] }] })).to.deep.equal([
      `${at('client')}: a client without the protocol hl7v2`,
    ]);
  });

  it('tell of no mergers to whom old numbers are not told', () => {
    const found = [`${at('events')}: A40 for a client with the restricted view`];
    const restricted = { ...client, access: 'restricted' };
    expect(problems({ clients: [restricted] })).to.deep.equal(found);
    const profiled = {
      clients: [{ ...client, profile: 'thin' }],
      profiles: { thin: { access: 'restricted' } },
    };
    expect(problems(profiled)).to.deep.equal(found);
    const receivers = [{ ...receiver, events: ['A31'] }];
    expect(problems({ clients: [restricted], receivers })).to.deep.equal([]);
  });

  it('do without encryption on this machine, and elsewhere by name', () => {
    const plain = { id: 'pas', client: 'epj', host: 'pas.example' };
    expect(problems({ receivers: [plain] })).to.deep.equal([`${at('tls')}: nothing, beside another machine`]);
    expect(problems({ receivers: [{ ...plain, plaintext: true }] })).to.deep.equal([]);
    expect(problems({ receivers: [{ ...plain, host: '127.0.0.1' }] })).to.deep.equal([]);
    expect(problems({ receivers: [{ ...receiver, plaintext: true }] })).to.deep.equal([
      `${at('plaintext')}: true beside tls`,
    ]);
  });

  it('have a certificate together with its key', () => {
    const receivers = [{ ...receiver, tls: { certificateFile: 'a.pem' } }];
    expect(problems({ receivers })).to.deep.equal([`${at('tls')}: certificateFile alone`]);
  });
});
