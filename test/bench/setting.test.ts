import { expect } from 'chai';
import { Setting, type ServerUnderTest } from '../../bench/setting.js';
import type { Run } from '../../bench/load/run.js';

describe('the setting of measurements', () => {
  it('has each server asked in a process of its own, and counts right answers and upstream calls', async () => {
    await Setting.during({ population: 60 }, async (setting) => {
      const load = { kind: 'burst', count: 12 } as const;
      const asked = async (
        server: ServerUnderTest,
        how: Partial<Run> = {},
      ): Promise<{ right: number; calls: number }> => {
        const { right, wrong } = await setting.run(server, load, how);
        expect(wrong).to.deep.equal({});
        return { right, calls: (await setting.calls()).persontjenesten };
      };
      const adapter = await setting.serve('adapter', { upstream: { coalescing: { enabled: 'false' } } });
      expect(await asked(adapter)).to.deep.equal({ right: 12, calls: 24 });
      expect(await asked(adapter, { questions: 'session' })).to.deep.equal({ right: 12, calls: 24 });
      expect((await asked(adapter, { questions: 'mixed' })).right).to.equal(12);
      const floor = await setting.serve('floor');
      expect(await asked(floor, { strictness: 'status' })).to.deep.equal({ right: 12, calls: 24 });
      const peer = await setting.serve('peer');
      expect(await asked(peer, { strictness: 'person' })).to.deep.equal({ right: 12, calls: 12 });
    });
  }).timeout(60_000);
});
