import { expect } from 'chai';
import { NotificationWorld, receiverOf } from '../../../support/notification-world.js';
import { ChangeKind } from '../../../../src/registry/change-news.js';
import type { Receiver } from '../../../../src/legacy/hl7v2/notifications/receiver.js';
import type { PregPerson } from '../../../../src/person/preg-person.js';
import { pregAddress } from '../../../support/preg-person.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const [anna, berit, mother] = [syntheticNumber(1), syntheticNumber(2), syntheticNumber(3)];

describe('a message to a receiver', () => {
  async function sent(
    parts: Partial<Receiver> = {},
    kind: ChangeKind = ChangeKind.Record,
    person: Partial<PregPerson> = {},
  ): Promise<NotificationWorld> {
    const world = new NotificationWorld(receiverOf(parts));
    world.plan();
    world.knows(person.nin ?? anna, 'a', { mothersNIN: mother, ...person });
    world.follows(anna);
    world.happens('a', anna, kind);
    await world.tell();
    world.store.close();
    return world;
  }

  function segments(world: NotificationWorld): readonly string[] {
    return (world.received[0] ?? '').split('\r').map((line) => line.slice(0, 3));
  }

  it('has the segments of an update, and of a new record', async () => {
    expect(segments(await sent())).to.deep.equal(['MSH', 'EVN', 'PID', 'PD1', 'NK1', 'PV1', '']);
    expect(segments(await sent({}, ChangeKind.Created))).to.deep.equal([
      'MSH',
      'EVN',
      'PID',
      'PD1',
      'NK1',
      'PV1',
      '',
    ]);
  });

  it('has those of a merger', async () => {
    const world = await sent({}, ChangeKind.Number, { nin: berit, supersededNINs: [anna] });
    expect(segments(world)).to.deep.equal(['MSH', 'EVN', 'PID', 'PD1', 'MRG', '']);
  });

  it('has a header from us to the receiver, in Norwegian time', async () => {
    const world = await sent();
    const controlId = world.last('MSH').split('|')[9] ?? '';
    expect(world.last('MSH')).to.equal(
      `MSH|^~\\&|PREGADAPTER||PAS|SYKEHUSET|20260301130000+0100||ADT^A31^ADT_A05|${controlId}|P|2.5|||||NOR|8859/1`,
    );
    expect(controlId).to.match(/^[0-9A-F]{20}$/);
    expect(world.last('EVN')).to.equal('EVN|A31|20260301130000+0100');
    expect(world.last('PV1')).to.equal('PV1|1|N');
  });

  it('is in the version and of the kind that the receiver wants', async () => {
    const world = await sent({ version: '2.3', processingId: 'T', charset: 'UNICODE UTF-8' });
    const fields = world.last('MSH').split('|');
    expect([fields[8], fields[10], fields[11], fields[17]]).to.deep.equal([
      'ADT^A31',
      'T',
      '2.3',
      'UNICODE UTF-8',
    ]);
  });

  it('is in the charset that the receiver wants, and letters that it lacks are counted (Safety S11)', async () => {
    const names = { sn: 'ČÁHPPES', givenName: 'ØRJAN' };
    const utf8 = await sent({ charset: 'UNICODE UTF-8' }, ChangeKind.Record, names);
    expect(Buffer.from(utf8.octets[0] ?? []).toString('utf8')).to.contain('ČÁHPPES^ØRJAN');
    expect(utf8.events.of.textTransliterated).to.deep.equal([]);
    const latin = await sent({}, ChangeKind.Record, names);
    expect(latin.last('PID')).to.contain('CÁHPPES^ØRJAN');
    expect(latin.events.of.textTransliterated[0]).to.include({ protocol: 'hl7v2', values: 1 });
  });

  it('escapes what stands in a name, so that nothing else can be written by one', async () => {
    const world = await sent({}, ChangeKind.Record, { sn: 'A|B^C\rPID|1||X' });
    expect(segments(world)).to.deep.equal(['MSH', 'EVN', 'PID', 'PD1', 'NK1', 'PV1', '']);
    expect(world.last('PID')).to.contain('A\\F\\B\\S\\C');
  });

  describe('about what the receiver is not to keep', () => {
    const nothing: Partial<PregPerson> = {
      sn: null,
      givenName: null,
      middleName: null,
      dateOfBirth: null,
      maritalStatus: null,
      mothersNIN: null,
      citizenships: [],
      deceased: null,
      dateOfDeath: null,
      dateRegistered: null,
      addresses: [],
    };

    it('says that the address is gone when somebody is protected from now on', async () => {
      for (const postalType of [4, 6, 7]) {
        const addresses = [pregAddress({ postalType, postalAddress: 'STEDET 1' })];
        const world = await sent({}, ChangeKind.Record, { addresses });
        expect(world.last('PID').split('|')[11]).to.equal('""');
        expect(world.last('PD1').split('|')[12]).to.equal('Y');
        expect(world.received.join()).to.not.contain('STEDET');
      }
    });

    it('says that protection is over', async () => {
      const addresses = [pregAddress({ postalType: 1, postalAddress: 'STEDET 1' })];
      const world = await sent({}, ChangeKind.Record, { addresses });
      expect(world.last('PID').split('|')[11]).to.contain('STEDET 1');
      expect(world.last('PD1')).to.equal('PD1||||||||||||N|""');
    });

    it('says of each field that the profile shows that there is nothing in it any more', async () => {
      const world = await sent({}, ChangeKind.Record, nothing);
      const fields = world.last('PID').split('|');
      const emptied = [5, 7, 11, 16, 21, 26, 29, 30, 33];
      expect(fields.flatMap((field, index) => (field === '""' ? [index] : []))).to.deep.equal(emptied);
    });

    it('says it of a merger and of a new record, too', async () => {
      const merged = await sent({}, ChangeKind.Number, { ...nothing, nin: berit, supersededNINs: [anna] });
      expect(merged.types).to.deep.equal(['ADT^A40']);
      expect(merged.last('PID').split('|')[11]).to.equal('""');
      const created = await sent({}, ChangeKind.Created, nothing);
      expect(created.types).to.deep.equal(['ADT^A28']);
      expect(created.last('PID').split('|')[11]).to.equal('""');
    });

    it('says nothing of fields that the profile does not show', async () => {
      const { client } = receiverOf();
      const visible = new Set(['identity', 'names'] as const);
      const world = await sent({ client: { ...client, visible } }, ChangeKind.Record, {
        ...nothing,
        gender: null,
      });
      expect(
        world
          .last('PID')
          .split('|')
          .flatMap((field, index) => (field === '""' ? [index] : [])),
      ).to.deep.equal([5]);
      expect(world.last('PD1')).to.equal('');
    });

    it('says nothing of fields that its version does not have', async () => {
      const world = await sent({ version: '2.3' }, ChangeKind.Record, nothing);
      expect(world.last('PID').split('|').at(-1)).to.equal('""');
      expect(world.last('PID').split('|')).to.have.length(31);
      expect(world.last('PD1')).to.equal('PD1||||||||||||N');
    });
  });
});
