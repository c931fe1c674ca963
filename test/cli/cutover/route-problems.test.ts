import { expect } from 'chai';
import { routeOperationProblems, routesAfterTheEnd } from '../../../src/cli/cutover/route-problems.js';
import { loadConfiguration } from '../../../src/config/load.js';
import { ConfigurationError } from '../../../src/config/problems.js';
import type { Configuration } from '../../../src/config/schema.js';
import { runCommand } from '../../support/command-line.js';
import { smallest, write } from '../../support/configuration-files.js';
import { ManualClock } from '../../support/manual-clock.js';
import { temporaryFolders } from '../../support/temporary-folder.js';

describe('routes of the configuration', () => {
  const newFolder = temporaryFolders();

  function fileWith(routes: readonly object[]): string {
    const cutover = `cutover: ${JSON.stringify({ routes })}\n`;
    return write(
      newFolder(),
      'c.yaml',
      `${smallest.replace('sandbox: {}', 'sandbox: { preg: {} }')}\n${cutover}`,
    );
  }
  function configured(routes: readonly object[]): Configuration {
    return loadConfiguration({ file: fileWith(routes), environment: {}, clock: new ManualClock() });
  }

  it('name operations that somebody asks by', async () => {
    const good = [
      { operation: 'GetDemographics', route: 'preg' },
      { protocol: 'preg-xml', operation: 'GetPerson', route: 'preg' },
      { protocol: 'filematch', operation: 'match', route: 'preg' },
    ];
    expect(routeOperationProblems(configured(good))).to.deep.equal([]);
    const bad = fileWith([
      { operation: 'GetDemographic', route: 'preg' },
      { protocol: 'filematch', operation: 'GetDemographics', route: 'preg' },
    ]);
    for (const command of ['check-config', 'start']) {
      const { code, err } = await runCommand([command, '--config', bad], { environment: {} });
      expect(code).to.equal(1);
      expect(err).to.contain(
        'cutover.routes[0].operation: found "GetDemographic", expected perhaps GetDemographics',
      );
      expect(err).to.contain('cutover.routes[1].operation: found "GetDemographics", expected one of match');
    }
  });

  it('are noted where they lead to PREG also when all others do not any more', async () => {
    const end = { route: 'persontjenesten', from: '2022-12-31' };
    const first = { route: 'preg' };
    const own = { client: 'epj', route: 'shadow-preg' };
    const note = 'leads to PREG also after 2022-12-31, when all others go to Persontjenesten alone';
    expect(routesAfterTheEnd(configured([first, end]))).to.deep.equal([]);
    expect(routesAfterTheEnd(configured([{ route: 'preg' }]))).to.deep.equal([]);
    expect(routesAfterTheEnd(configured([own, { route: 'preg' }]))).to.deep.equal([]);
    expect(routesAfterTheEnd(configured([own, first, end]))).to.deep.equal([`cutover.routes[0] ${note}`]);
    expect(routesAfterTheEnd(configured([own, first, end, { ...own, ...end }]))).to.deep.equal([]);
    const later = { ...own, ...end, from: '2023-01-01' };
    expect(routesAfterTheEnd(configured([own, first, end, later]))).to.deep.equal([
      `cutover.routes[0] ${note}`,
    ]);
    const some = { ...own, percent: 10, operation: 'GetDemographics' };
    expect(routesAfterTheEnd(configured([some, own, first, end, { ...own, ...end }]))).to.deep.equal([
      `cutover.routes[0] ${note}`,
    ]);
    const { code, out } = await runCommand(
      ['check-config', '--config', fileWith([own, { route: 'preg' }, end])],
      {
        environment: {},
      },
    );
    expect(code).to.equal(0);
    expect(out).to.match(/\nNote: cutover\.routes\[0\] leads to PREG also after 2022-12-31/);
  });

  it('are a problem of the configuration, and not of the adapter', () => {
    expect(() => configured([{ route: 'preg', from: '2022-13-01' }])).to.throw(
      ConfigurationError,
      'a day such as',
    );
  });
});
