import { expect } from 'chai';
import fc from 'fast-check';
import { BadContextToken } from '../../../../src/errors/errors.js';
import {
  openContextToken,
  writeContextToken,
} from '../../../../src/legacy/soap/secure-conversation/context-token.js';
import type { SecurityContext } from '../../../../src/legacy/soap/secure-conversation/security-context.js';
import { systemRandom } from '../../../../src/runtime/system-random.js';
import { createContextSeal } from '../../../../src/store/context-seal.js';
import { Sealer } from '../../../../src/store/sealer.js';
import type { XmlElement } from '../../../../src/xml/element.js';
import { readXml } from '../../../../src/xml/reader.js';
import { writeXml } from '../../../../src/xml/writer.js';
import { namespaces } from '../../../support/soap-request.js';

const seal = createContextSeal(new Sealer([{ id: 'k1', key: new Uint8Array(32).fill(1) }], systemRandom));
const context: SecurityContext = {
  identifier: 'urn:uuid:11111111-2222-4333-8444-555555555555',
  instance: undefined,
  clientId: 'epj-1',
  credentialDigest: 'digest',
  key: Uint8Array.from({ length: 32 }, (_, index) => index),
  issuedAt: new Date('2025-01-15T10:30:00.000Z'),
  keyExpiresAt: new Date('2025-01-16T01:30:00.000Z'),
};

function written(one: SecurityContext, sealedBy = seal): string {
  const { name, attributes, content } = writeContextToken(one, 'uuid-1', sealedBy);
  return writeXml({
    name,
    attributes: { 'xmlns:u': namespaces.utility, ...attributes },
    ...(content === undefined ? {} : { content }),
  });
}

function read(text: string): XmlElement {
  return readXml(text);
}

/** A token whose seal is sound and whose state is this JSON. */
function sealedState(state: unknown): XmlElement {
  const text = typeof state === 'string' ? state : JSON.stringify(state);
  const octets = seal.seal(Buffer.from(text), context.identifier);
  return read(
    written(context).replace(/(<Cookie [^>]*>)[^<]*/, `$1${Buffer.from(octets).toString('base64')}`),
  );
}

describe('a security context token', () => {
  it('has the names that WCF gives it, and shows nothing but its name', () => {
    expect(written(context)).to.match(
      /^<c:SecurityContextToken xmlns:u="[^"]*" u:Id="uuid-1" xmlns:c="http:\/\/schemas\.xmlsoap\.org\/ws\/2005\/02\/sc"><c:Identifier>urn:uuid:11111111-2222-4333-8444-555555555555<\/c:Identifier><Cookie xmlns="http:\/\/schemas\.microsoft\.com\/ws\/2006\/05\/security">[A-Za-z0-9+/]+=*<\/Cookie><\/c:SecurityContextToken>$/,
    );
    expect(written({ ...context, instance: 'urn:uuid:1' })).to.contain(
      '</c:Identifier><c:Instance>urn:uuid:1</c:Instance><Cookie',
    );
    const cookie = /<Cookie [^>]*>([^<]*)</.exec(written(context))?.[1] ?? '';
    const octets = Buffer.from(cookie, 'base64');
    expect(octets.includes('epj-1') || octets.includes(Buffer.from(context.key))).to.equal(false);
  });

  it('stays below a size that gets in the way', () => {
    const largest = {
      ...context,
      instance: context.identifier,
      clientId: 'x'.repeat(64),
      credentialDigest: 'x'.repeat(44),
    };
    expect(written(largest).length).to.be.below(1_500);
  });

  it('gives back the context that was put in', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('æøå', '\u{1f600}', '\u0000', '"\\'));
    fc.assert(
      fc.property(
        fc.record({
          identifier: fc.uuid().map((uuid) => `urn:uuid:${uuid}`),
          instance: fc.option(
            fc.uuid().map((uuid) => `urn:uuid:${uuid}`),
            { nil: undefined },
          ),
          clientId: text,
          credentialDigest: text,
          key: fc.uint8Array({ minLength: 32, maxLength: 32 }),
          issuedAt: fc.date({ noInvalidDate: true }),
          keyExpiresAt: fc.date({ noInvalidDate: true }),
        }),
        (one) => {
          const opened = openContextToken(read(written(one)), seal);
          expect({ ...opened, key: Uint8Array.from(opened.key) }).to.deep.equal(one);
        },
      ),
    );
  });

  it('may be indented on its way', () => {
    const indented = written(context).replace('<Cookie', '\n  <Cookie').replace('</Cookie>', '\n</Cookie>');
    expect(openContextToken(read(indented), seal).clientId).to.equal('epj-1');
  });

  it('is opened once by whoever remembers what lay in it, and is held to its name and key all the same', () => {
    const opened = new Map<string, SecurityContext>();
    let openings = 0;
    const counting = {
      ...seal,
      open: (sealed: Uint8Array, identifier: string) => {
        openings += 1;
        return seal.open(sealed, identifier);
      },
    };
    const text = written(context);
    const first = openContextToken(read(text), counting, opened);
    expect(openContextToken(read(text), counting, opened)).to.equal(first);
    expect(openings).to.equal(1);
    const otherName = text.replace('urn:uuid:1', 'urn:uuid:2');
    const otherKey = text.replace('<Cookie', '<c:Instance>urn:uuid:1</c:Instance><Cookie');
    for (const changed of [otherName, otherKey]) {
      expect(() => openContextToken(read(changed), counting, opened)).to.throw(BadContextToken);
    }
    expect(openings).to.equal(1);
  });

  it('is not remembered when it is refused', () => {
    const opened = new Map<string, SecurityContext>();
    for (const token of [
      sealedState({ format: 2 }),
      read(written(context).replace('urn:uuid:1', 'urn:uuid:2')),
    ]) {
      expect(() => openContextToken(token, seal, opened)).to.throw(BadContextToken);
    }
    expect(opened.size).to.equal(0);
  });

  it('is refused when its state is of another format', () => {
    const sound = {
      format: 1,
      identifier: context.identifier,
      instance: null,
      client: 'epj-1',
      credential: 'digest',
      key: Buffer.from(context.key).toString('base64'),
      issuedAt: 1,
      keyExpiresAt: 2,
    };
    expect(openContextToken(sealedState(sound), seal).clientId).to.equal('epj-1');
    for (const state of [
      { ...sound, format: 2 },
      { ...sound, more: 1 },
      { ...sound, key: 'AAAA' },
      { ...sound, client: undefined },
      { ...sound, keyExpiresAt: 'soon' },
      [],
      'null',
      'no JSON',
      '',
    ]) {
      expect(() => openContextToken(sealedState(state), seal)).to.throw(BadContextToken);
    }
  });

  it('is refused when it was sealed with its name for another one', () => {
    const token = sealedState({
      format: 1,
      identifier: 'urn:uuid:another',
      instance: null,
      client: 'epj-1',
      credential: 'digest',
      key: Buffer.from(context.key).toString('base64'),
      issuedAt: 1,
      keyExpiresAt: 2,
    });
    expect(() => openContextToken(token, seal)).to.throw(BadContextToken, 'another context');
  });
});
