import { AxiosError, AxiosHeaders } from 'axios';
import { expect } from 'chai';
import { InternalError, UpstreamUnavailable, asAdapterError } from '../../src/errors/errors.js';
import { describeError } from '../../src/operations/describe-error.js';
import { syntheticNumber } from '../support/synthetic-number.js';

describe('the description of an error', () => {
  it('of a known cause has name, code and message, and no stack', () => {
    expect(describeError(new UpstreamUnavailable('no connection'))).to.deep.equal({
      name: 'UpstreamUnavailable',
      code: 'upstream-unavailable',
      message: 'no connection',
    });
  });

  it('names what lies behind it', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), {
      code: 'ECONNREFUSED',
      syscall: 'connect',
    });
    const described = describeError(
      new UpstreamUnavailable('no connection', new Error('outer', { cause: refused })),
    );
    expect(described.causes).to.deep.equal([
      { name: 'Error', message: 'outer' },
      { name: 'Error', code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:1' },
    ]);
    expect(described).not.to.have.property('stack');
  });

  it('has nothing of the configuration, headers and bodies that axios puts on its errors', () => {
    const config = {
      headers: new AxiosHeaders({ Authorization: 'DPoP secret-token' }),
      data: 'secret-request',
    };
    const error = new AxiosError(
      'Request failed with status code 500',
      'ERR_BAD_RESPONSE',
      config,
      {},
      {
        status: 500,
        statusText: 'secret-status',
        headers: { 'x-secret': 'secret-header' },
        config,
        data: 'secret-body',
      },
    );
    const text = JSON.stringify(describeError(new UpstreamUnavailable('answered 500', error)));
    expect(text).to.include('ERR_BAD_RESPONSE').and.to.include('status code 500');
    expect(text).not.to.include('secret');
  });

  it('has the stack of an unforeseen error, wherever it is wrapped', () => {
    const bug = new TypeError('x is not a function');
    for (const error of [bug, new InternalError('unforeseen', bug), asAdapterError(bug)]) {
      const { stack } = describeError(error);
      expect(stack?.[0]).to.match(/^at .*describe-error\.test\.js/);
    }
    expect(describeError(new InternalError('bare')).stack).to.have.length.greaterThan(0);
  });

  it('leaves out what a foreign message quotes, in message and stack', () => {
    let error: unknown;
    try {
      JSON.parse('[KARI NORDMANN "Storgata 1"');
    } catch (caught) {
      error = caught;
    }
    expect(String(error)).to.include('KARI');
    const text = JSON.stringify(describeError(new InternalError('unforeseen', error)));
    expect(text).to.include('is not valid JSON');
    expect(text).not.to.match(/KARI|NORDMANN|Storgata/);
  });

  it('takes no line of a message for a frame', () => {
    const { stack } = describeError(new Error('first\n    at Storgata 1 (home)'));
    expect(JSON.stringify(stack)).not.to.include('Storgata');
  });

  it('keeps the file that a system error names', () => {
    const error = Object.assign(new Error("EACCES: permission denied, open '/srv/data'"), {
      code: 'EACCES',
      syscall: 'open',
    });
    expect(describeError(error).message).to.include('/srv/data');
  });

  it('takes numbers out of name, code and message', () => {
    const number = syntheticNumber();
    const error = Object.assign(new Error(`failed for ${number}`), {
      name: `E${number}`,
      code: `E_${number}`,
    });
    expect(JSON.stringify(describeError(error))).not.to.include(number);
  });

  it('comes to an end when causes run in a circle, and cuts long messages', () => {
    const error: Error = new Error('x'.repeat(10_000));
    error.cause = error;
    const described = describeError(error);
    expect(described.causes).to.have.length(5);
    expect(described.message).to.have.length(500);
  });

  for (const thrown of ['a name', 42, null, undefined, { name: 'KARI' }]) {
    it(`survives ${JSON.stringify(thrown) || 'undefined'} being thrown, and does not repeat it`, () => {
      const text = JSON.stringify(describeError(thrown));
      expect(text).to.include('something other than an error');
      expect(text).not.to.match(/a name|42|KARI/);
    });
  }
});
