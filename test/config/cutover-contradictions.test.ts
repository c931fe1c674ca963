import { expect } from 'chai';
import { contradictions } from '../../src/config/contradictions.js';
import { cutoverContradictions } from '../../src/config/cutover-contradictions.js';

const preg = {
  hl7v3Url: 'https://preg.example/hl7v3',
  pregXmlUrl: 'https://preg.example/xml',
  accounts: [{ client: 'epj' }, { client: 'lab' }],
};
const clients = [
  { id: 'epj', protocols: ['hl7v3', 'filematch'] },
  { id: 'lab', protocols: ['hl7v3'] },
];

describe('settings of the cutover', () => {
  function problems(cutover: object, others: object = {}): readonly string[] {
    return cutoverContradictions({ clients, cutover, ...others }).map(
      ({ path, found }) => `${path.replace(/^cutover\./, '')}: ${found}`,
    );
  }

  it('are well as they are documented, and where there are none', () => {
    expect(cutoverContradictions({})).to.deep.equal([]);
    const routes = [
      {
        client: 'epj',
        protocol: 'hl7v3',
        operation: 'GetDemographics',
        route: 'persontjenesten',
        percent: 10,
      },
      { client: 'epj', route: 'shadow-preg' },
      { route: 'preg' },
      { route: 'persontjenesten', from: '2022-12-31' },
    ];
    expect(problems({ preg, routes, fallback: 'both', testers: ['epj', 'lab'] })).to.deep.equal([]);
    expect(problems({ routes: [{ route: 'persontjenesten' }], fallback: 'none' })).to.deep.equal([]);
  });

  it('lead nobody to a PREG that is not there', () => {
    expect(problems({ routes: [{ route: 'shadow-persontjenesten' }], fallback: 'to-preg' })).to.deep.equal([
      'routes[0].route: shadow-persontjenesten without a PREG',
      'fallback: to-preg without a PREG',
    ]);
    const sandbox = { sandbox: { preg: {} } };
    expect(problems({ routes: [{ route: 'preg' }], fallback: 'to-preg' }, sandbox)).to.deep.equal([]);
  });

  it('have one PREG alone, with an address that is safe to send to', () => {
    const sandbox = { sandbox: { preg: {} } };
    expect(problems({ preg: { hl7v3Url: 'https://preg.example', accounts: [] } }, sandbox)).to.deep.equal([
      'preg.hl7v3Url: a setting beside sandbox.preg',
      'preg.accounts: a setting beside sandbox.preg',
    ]);
    const called = { preg: { security: 'secure-conversation' }, routes: [{ route: 'preg' }] };
    expect(problems(called, sandbox)).to.deep.equal([]);
    expect(problems({ preg: {} })).to.deep.equal(['preg: no address']);
    expect(problems({ preg: { hl7v3Url: 'http://preg.example' } })).to.deep.equal([
      'preg.hl7v3Url: http beside another machine',
    ]);
    for (const pregXmlUrl of ['http://127.0.0.1:8446/x', 'http://[::1]:8446/x', 'http://localhost/x']) {
      expect(problems({ preg: { pregXmlUrl } })).to.deep.equal([]);
    }
  });

  it('name clients that there are, each once where it has one of something', () => {
    const accounts = [{ client: 'epj' }, { client: 'epj' }, { client: 'nobody' }];
    const testers = ['lab', 'nobody', 'lab'];
    const routes = [{ client: 'nobody', route: 'persontjenesten' }];
    expect(problems({ preg: { ...preg, accounts }, testers, routes })).to.deep.equal([
      'preg.accounts[1].client: the same as in cutover.preg.accounts[0]',
      'preg.accounts[2].client: "nobody"',
      'testers[1]: "nobody"',
      'testers[2]: the same as in cutover.testers[0]',
      'routes[0].client: "nobody"',
    ]);
  });

  it('route no protocol that a client does not speak', () => {
    const routes = [{ client: 'lab', protocol: 'preg-xml', route: 'persontjenesten' }];
    expect(problems({ routes })).to.deep.equal([
      'routes[0].protocol: preg-xml, which that client does not speak',
    ]);
  });

  it('have an account for whoever is led to PREG', () => {
    const some = { ...preg, accounts: [{ client: 'epj' }] };
    const found = ['preg.accounts: none for "lab"'];
    expect(problems({ preg: some, routes: [{ route: 'shadow-preg' }] })).to.deep.equal(found);
    expect(problems({ preg: some, routes: [{ client: 'lab', route: 'preg' }] })).to.deep.equal(found);
    const own = { client: 'lab', route: 'persontjenesten' };
    expect(problems({ preg: some, routes: [{ route: 'preg' }, own] })).to.deep.equal([]);
    const later = { ...own, from: '2022-12-31' };
    expect(problems({ preg: some, routes: [{ route: 'preg' }, later] })).to.deep.equal(found);
    const off = [clients[0], { ...clients[1], enabled: false }];
    expect(problems({ preg: some, routes: [{ route: 'preg' }] }, { clients: off })).to.deep.equal([]);
  });

  it('have the service of PREG by which each protocol is asked', () => {
    const { accounts, hl7v3Url, pregXmlUrl } = preg;
    const routes = [{ client: 'epj', route: 'preg' }];
    expect(problems({ preg: { accounts, hl7v3Url }, routes })).to.deep.equal(['preg.pregXmlUrl: nothing']);
    expect(problems({ preg: { accounts, pregXmlUrl }, routes })).to.deep.equal(['preg.hl7v3Url: nothing']);
    const matched = [{ protocol: 'filematch', route: 'preg' }];
    expect(problems({ preg: { accounts, pregXmlUrl }, routes: matched })).to.deep.equal([]);
  });

  it('leave no doubt which of two routes holds', () => {
    const one = { client: 'epj', route: 'preg', from: '2022-06-01' };
    const first = { route: 'preg' };
    const found = ['routes[2]: a route for the same as cutover.routes[1], from the same day on'];
    expect(problems({ preg, routes: [first, one, { ...one, route: 'shadow-preg' }] })).to.deep.equal(found);
    expect(
      problems({ preg, routes: [first, one, { ...one, route: 'shadow-preg', percent: 100 }] }),
    ).to.deep.equal(found);
    expect(problems({ preg, routes: [first, one, { ...one, from: '2022-07-01' }] })).to.deep.equal([]);
  });

  it('have a route for those who are not among the hundred', () => {
    const some = { client: 'epj', route: 'persontjenesten', percent: 10, from: '2022-06-01' };
    const found = ['routes[0].percent: 10 without a route for the others'];
    const now = { ...some, from: undefined };
    expect(problems({ preg, routes: [now] })).to.deep.equal(found);
    expect(problems({ preg, routes: [{ ...now, percent: 100 }] })).to.deep.equal([]);
    expect(problems({ preg, routes: [now, { client: 'lab', route: 'preg' }] })).to.deep.equal(found);
    expect(problems({ preg, routes: [some, { route: 'preg' }] })).to.deep.equal([]);
  });

  it('say where a client goes until the first day of its timetable', () => {
    const later = { client: 'epj', route: 'preg', from: '2022-10-01' };
    const found = ['routes[0].from: 2022-10-01 without a route until then'];
    expect(problems({ preg, routes: [later] })).to.deep.equal(found);
    expect(problems({ preg, routes: [later, { client: 'lab', route: 'preg' }] })).to.deep.equal(found);
    expect(problems({ preg, routes: [later, { protocol: 'hl7v3', route: 'preg' }] })).to.deep.equal(found);
    expect(problems({ preg, routes: [later, { client: 'epj', route: 'preg', percent: 10 }] })).to.include(
      found[0],
    );
    expect(problems({ preg, routes: [later, { ...later, from: '2022-11-01' }] })).to.have.length(2);
    expect(problems({ preg, routes: [later, { client: 'epj', route: 'preg' }] })).to.deep.equal([]);
    expect(problems({ preg, routes: [later, { route: 'preg' }] })).to.deep.equal([]);
    const some = { ...later, percent: 10 };
    expect(problems({ preg, routes: [some] })).to.include(found[0]);
  });

  it('leave time for a call to PREG, and ports for those beside it', () => {
    const found = (settings: object): readonly string[] => contradictions(settings).map(({ path }) => path);
    const listeners = { legacy: { requestDeadlineSeconds: 10 } };
    const upstream = { callTimeoutSeconds: 5 };
    const path = 'cutover.preg.callTimeoutSeconds';
    expect(found({ listeners, upstream, cutover: { preg } })).to.include(path);
    expect(found({ listeners, upstream })).not.to.include(path);
    expect(found({ sandbox: { preg: { port: 8445 } } })).to.include('sandbox.preg.port');
    expect(found({ sandbox: { preg: {} } })).not.to.include('sandbox.preg.port');
  });
});
