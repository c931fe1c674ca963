import { expect } from 'chai';
import { LiveParts } from '../../src/cli/live-parts.js';
import type { LiveSettings } from '../../src/cli/live-settings.js';
import { sandboxConfiguration } from '../support/sandbox-configuration.js';

const before: LiveSettings = sandboxConfiguration();
const after: LiveSettings = { ...before, clients: [] };

describe('the live parts', () => {
  it('all go on by the new settings, once all of them can and what comes before is done', () => {
    const done: string[] = [];
    const live = new LiveParts(before);
    for (const name of ['one', 'other']) {
      live.add((next) => {
        done.push(`${name} made ready for ${next.clients.length}`);
        return () => done.push(`${name} changed`);
      });
    }
    live.reconfigure(after, () => {
      expect(live.settings).to.equal(before);
      done.push('put on record');
    });
    expect(done).to.deep.equal([
      'one made ready for 0',
      'other made ready for 0',
      'put on record',
      'one changed',
      'other changed',
    ]);
    expect(live.settings).to.equal(after);
  });

  it('stay as they are where one of them cannot change, or what comes before fails', () => {
    const done: string[] = [];
    const live = new LiveParts(before);
    live.add(() => () => done.push('changed'));
    const fail = (): never => {
      throw new Error('the disk is full');
    };
    expect(() => {
      live.reconfigure(after, fail);
    }).to.throw('the disk is full');
    live.add(fail);
    expect(() => {
      live.reconfigure(after, () => done.push('put on record'));
    }).to.throw('the disk is full');
    expect(done).to.deep.equal([]);
    expect(live.settings).to.equal(before);
  });
});
