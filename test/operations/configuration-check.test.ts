import { expect } from 'chai';
import { watchConfiguration } from '../../src/operations/configuration-check.js';
import { StandingClock } from '../support/standing-clock.js';

describe('the health check of the configuration', () => {
  const watched = (): ReturnType<typeof watchConfiguration> =>
    watchConfiguration(new StandingClock('2031-05-06T12:00:00Z'));

  it('warns while the last reload was refused, and says since when', () => {
    const { listener, check } = watched();
    expect(check()).to.deep.equal({ status: 'ok' });
    listener('configurationRefused', { problems: ['clients: found nothing'] });
    expect(check()).to.include({ status: 'warning', at: '2031-05-06T12:00:00.000Z' });
    expect(check().reason)
      .to.match(/^the last reload met with problems/)
      .and.not.contain('clients');
    listener('configurationReloaded', { applied: [], awaitingRestart: [] });
    expect(check()).to.deep.equal({ status: 'ok' });
  });

  it('warns while settings await a restart', () => {
    const { listener, check } = watched();
    listener('configurationReloaded', { applied: [], awaitingRestart: ['data.directory'] });
    expect(check()).to.include({ status: 'warning' });
    expect(check().reason).to.match(/await a restart/);
    expect(check().causes).to.deep.equal(['restart']);
  });

  it('tells of a refused reload beside what awaits a restart, as causes of their own', () => {
    const { listener, check } = watched();
    listener('configurationReloaded', { applied: [], awaitingRestart: ['data.directory'] });
    listener('configurationRefused', { problems: ['clients: found nothing'] });
    expect(check().causes).to.deep.equal(['refused', 'restart']);
    expect(check().reason).to.match(/met with problems.*; .*await a restart/);
  });
});
