import { expect } from 'chai';
import { watchCertificates } from '../../src/operations/certificates-check.js';
import { StandingClock } from '../support/standing-clock.js';

describe('the health check of certificates', () => {
  const watched = (...ends: [string, string][]): ReturnType<typeof watchCertificates> =>
    watchCertificates(
      () => new Map(ends.map(([setting, end]) => [setting, new Date(end)])),
      new StandingClock('2031-05-06T12:00:00Z'),
    );

  it('warns from 21 days before the end on, and names each that ends', () => {
    expect(watched(['listeners.legacy', '2031-05-27T12:00:01Z']).check()).to.deep.equal({ status: 'ok' });
    expect(
      watched(
        ['listeners.legacy', '2031-05-27T12:00:00Z'],
        ['listeners.mllp', '2031-05-06T12:00:00Z'],
      ).check(),
    ).to.deep.equal({
      status: 'warning',
      reason:
        'the certificate of listeners.legacy ends on 2031-05-27; the certificate of listeners.mllp ended on 2031-05-06',
      causes: ['listeners.legacy ends', 'listeners.mllp ends', 'listeners.mllp ended'],
    });
  });

  it('warns of a renewed one that cannot be used until a reload meets with none', () => {
    const { listener, check } = watched();
    listener('certificateUnusable', { setting: 'listeners.legacy', problem: 'ENOENT' });
    expect(check()).to.deep.equal({
      status: 'warning',
      reason: 'the new certificate of listeners.legacy cannot be used, and the old one is in use',
      causes: ['listeners.legacy unusable'],
    });
    listener('configurationReloaded', { applied: [], awaitingRestart: [] });
    expect(check()).to.deep.equal({ status: 'ok' });
  });
});
