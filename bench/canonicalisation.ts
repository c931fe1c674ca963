/**
 * What a signed call costs beyond one without: libxml2-wasm as the adapter uses it, and xml-crypto doing the same.
 * Mean milliseconds of processor time (a busy machine does not change them much) for the canonical forms of Timestamp and SignedInfo, the text being parsed once for both.
 */
import { verifySignedTimestamp } from '../src/legacy/soap/secure-conversation/signature.js';
import { withCanonicalForms } from '../src/xml/canonical.js';
import { readXml } from '../src/xml/reader.js';
import { byXmlCrypto } from '../test/support/canonical-judges.js';
import { child, signedPartsOf } from '../test/support/judge-signature.js';
import { sessionVectors } from '../test/support/session-vectors.js';
import { contextToken, signedMessage } from '../test/support/signed-message.js';
import { echoBody } from '../test/support/soap-request.js';

const { key, tokenId, tokenIdentifier } = sessionVectors;
const FILLER = '<entry code="a"><name>text</name></entry>';

for (const [size, rounds] of [
  [3_000, 2_000],
  [100_000, 100],
  [1_000_000, 15],
] as const) {
  const text = messageOf(size);
  const root = readXml(text);
  const parts = signedPartsOf(root);
  const elements = [parts.timestamp, child(parts.signature, 'SignedInfo')];
  const line = [
    `${text.length} characters`,
    `readXml ${mean(rounds, () => readXml(text))}`,
    `canonical forms ${mean(rounds, () => {
      withCanonicalForms({ text, root }, elements, (forms) => elements.map((each) => forms.exclusive(each)));
    })}`,
    `whole judgement ${mean(rounds, () => verifySignedTimestamp({ text, root }, parts, key))}`,
    `xml-crypto ${mean(Math.ceil(rounds / 5), () => byXmlCrypto(text, ['Timestamp', 'SignedInfo']))}`,
  ];
  process.stdout.write(`${line.join(', ')}\n`);
}

function messageOf(size: number): string {
  const signing = { token: contextToken(tokenId, tokenIdentifier), key };
  const bare = signedMessage(signing, { body: echoBody('') }).length;
  return signedMessage(signing, { body: echoBody(FILLER.repeat(Math.round((size - bare) / FILLER.length))) });
}

function mean(rounds: number, work: () => unknown): string {
  for (let warmUp = 0; warmUp < rounds / 5; warmUp += 1) work();
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) work();
  const { user, system } = process.cpuUsage(before);
  return `${((user + system) / 1_000 / rounds).toFixed(2)} ms`;
}
