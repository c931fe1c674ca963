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
      'clients[1].passwordHash',
      'key',
      'from',
    ]);
  });

  it('are a whole list where it became longer or shorter, and whole groups that came or went', () => {
    expect(changedSettings(before, { ...before, clients: before.clients.slice(1) })).to.deep.equal([
      'clients',
    ]);
    expect(changedSettings(before, { ...before, sandbox: {} })).to.deep.equal(['sandbox']);
    expect(changedSettings({ ...before, sandbox: { port: 1 } }, before)).to.deep.equal(['sandbox']);
  });
});
