import { expect } from 'chai';
import { changedSettings } from '../../src/config/changed-settings.js';

describe('settings that were changed', () => {
  const before = {
    listeners: { legacy: { port: 8443, trustedProxies: ['10.0.0.1'] } },
    clients: [
      { id: 'epj', passwordHash: 'one' },
      { id: 'lab', passwordHash: 'two' },
    ],
    key: new Uint8Array([1, 2]),
    from: new Date(0),
  };

  it('are none where everything is the same, absent ones included', () => {
    expect(changedSettings(before, structuredClone(before))).to.deep.equal([]);
    expect(changedSettings(before, { ...before, absent: undefined })).to.deep.equal([]);
  });

  it('are named one by one, never told', () => {
    const after = structuredClone(before);
    after.listeners.legacy.port = 443;
    after.listeners.legacy.trustedProxies = ['10.0.0.2'];
    after.clients = [
      before.clients[0] ?? { id: '', passwordHash: '' },
      { id: 'lab', passwordHash: 'secret' },
    ];
    after.key = new Uint8Array([1, 3]);
    after.from = new Date(1);
    expect(changedSettings(before, after)).to.deep.equal([
      'listeners.legacy.port',
      'listeners.legacy.trustedProxies',
      'clients[lab].passwordHash',
      'key',
      'from',
    ]);
  });

  it('are told by their ids where they have one, those that came or went among them', () => {
    const [epj, lab] = before.clients;
    const ward = { id: 'ward', passwordHash: 'three' };
    expect(changedSettings(before, { ...before, clients: [lab, ward] })).to.deep.equal([
      'clients[epj]',
      'clients[ward]',
    ]);
    expect(changedSettings(before, { ...before, clients: [] })).to.deep.equal([
      'clients[epj]',
      'clients[lab]',
    ]);
    expect(changedSettings(before, { ...before, clients: [lab, epj] }), 'another order').to.deep.equal([
      'clients',
    ]);
  });

  it('are told by their places where they have no ids of their own', () => {
    const lists = (...ports: readonly number[]): unknown => ({ list: ports.map((port) => ({ port })) });
    expect(changedSettings(lists(1, 2), lists(1, 3))).to.deep.equal(['list[1].port']);
    const twins = { list: [{ id: 'a' }, { id: 'a', port: 1 }] };
    expect(changedSettings(twins, { list: [{ id: 'a' }, { id: 'a' }] })).to.deep.equal(['list[1].port']);
  });

  it('are a whole list where it became longer or shorter, and whole groups that came or went', () => {
    const peers = (count: number): unknown => ({ peers: Array.from({ length: count }, () => ({ port: 1 })) });
    expect(changedSettings(peers(1), peers(2))).to.deep.equal(['peers']);
    expect(changedSettings(before, { ...before, sandbox: {} })).to.deep.equal(['sandbox']);
    expect(changedSettings({ ...before, sandbox: { port: 1 } }, before)).to.deep.equal(['sandbox']);
  });
});
