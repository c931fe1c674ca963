import iconv from 'iconv-lite';
import { Breach, onHospital, onTarget, type Item } from '../item.js';
import { insist, legalFault, tells } from '../judge.js';
import type { Answer } from '../wire/http.js';
import { PERSON_SERVICE_PATH, post, pregXmlQuestion, question } from '../wire/message.js';
import type { Hospital } from '../world/hospital.js';
import type { Target } from '../world/target.js';

const SOAP = 'application/soap+xml';

function declared(encoding: string): string {
  return `<?xml version="1.0" encoding="${encoding}"?>`;
}

interface Encoded {
  readonly tried: string;
  readonly encoding: string;
  readonly type: string;
  readonly declaration: string;
  /** The charset that the answer has to have. */
  readonly answered: string;
  readonly addBOM?: boolean;
}

const encodings: readonly Encoded[] = [
  {
    tried: 'ISO-8859-1 by the header alone',
    encoding: 'iso-8859-1',
    type: `${SOAP}; charset=ISO-8859-1`,
    declaration: '',
    answered: 'iso-8859-1',
  },
  {
    tried: 'ISO-8859-1 by the declaration alone',
    encoding: 'iso-8859-1',
    type: SOAP,
    declaration: declared('ISO-8859-1'),
    answered: 'iso-8859-1',
  },
  {
    tried: 'ISO-8859-1 by both',
    encoding: 'iso-8859-1',
    type: `${SOAP}; charset="iso-8859-1"`,
    declaration: declared('iso-8859-1'),
    answered: 'iso-8859-1',
  },
  {
    tried: 'windows-1252',
    encoding: 'windows-1252',
    type: `${SOAP}; charset=windows-1252`,
    declaration: '',
    answered: 'windows-1252',
  },
  {
    tried: 'UTF-16LE',
    encoding: 'utf-16le',
    type: `${SOAP}; charset=utf-16le`,
    declaration: '',
    answered: 'utf-16',
  },
  {
    tried: 'UTF-16BE',
    encoding: 'utf-16be',
    type: `${SOAP}; charset=utf-16`,
    declaration: '',
    answered: 'utf-16',
  },
  {
    tried: 'UTF-16LE by its byte order mark alone',
    encoding: 'utf-16le',
    type: SOAP,
    declaration: '',
    answered: 'utf-16',
    addBOM: true,
  },
  {
    tried: 'UTF-8 with a byte order mark',
    encoding: 'utf-8',
    type: `${SOAP}; charset=utf-8`,
    declaration: '',
    answered: 'utf-8',
    addBOM: true,
  },
  {
    tried: 'US-ASCII',
    encoding: 'us-ascii',
    type: `${SOAP}; charset=us-ascii`,
    declaration: '',
    answered: 'us-ascii',
  },
];

function encode(text: string, { encoding, addBOM = false }: Encoded): Buffer {
  return iconv.encode(text, encoding, { addBOM });
}

function decoder({ encoding, answered }: Encoded): (body: Buffer) => string {
  return (body) => {
    if (answered === 'utf-16' && body[0] !== 0xff && body[0] !== 0xfe)
      throw new Breach('UTF-16 without a byte order mark');
    return iconv.decode(body, encoding);
  };
}

function sameCharset(answer: Answer, wanted: string): void {
  const type = answer.headers['content-type'] ?? 'none';
  insist(type === `${SOAP}; charset=${wanted}`, `answered as ${type}`);
}

export const charsets: Item = {
  number: 9,
  title: 'The character set of a request is found out and kept, and a contradiction is refused',
  probes: [
    ...encodings.map((one, index) =>
      onTarget(
        one.tried,
        async (target) => {
          const headers = { 'Content-Type': one.type };
          const message = question(target, { declaration: one.declaration });
          const answer = await post(target, encode(message, one), { headers });
          sameCharset(answer, one.answered);
          tells(target, answer, decoder(one)(answer.body));
          const fault = await post(
            target,
            encode(question(target, { declaration: one.declaration, action: 'urn:none' }), one),
            { headers },
          );
          return `the right answer, and ${legalFault(fault, { code: 'ActionNotSupported', charset: one.answered, decode: decoder(one) })}, in ${one.answered}`;
        },
        index === 0,
      ),
    ),
    ...(
      [
        ['the header against the declaration', `${SOAP}; charset=iso-8859-1`, declared('utf-8')],
        ['two charsets in the header', `${SOAP}; charset=utf-8; charset=iso-8859-1`, ''],
        ['a name that nobody knows', `${SOAP}; charset=x-unknown`, ''],
        ['a name of iconv that is none of XML (utf-7)', `${SOAP}; charset=utf-7`, ''],
        ['a declaration that nobody knows', SOAP, declared('x-unknown')],
        ['a declaration of UTF-16 in UTF-8', SOAP, declared('utf-16')],
        ['base64 as a charset', `${SOAP}; charset=base64`, ''],
        ['__proto__ as a charset', `${SOAP}; charset=__proto__`, ''],
      ] as const
    ).map(([tried, type, declaration]) =>
      onTarget(tried, async (target) => {
        const answer = await post(target, question(target, { declaration }), {
          headers: { 'Content-Type': type },
        });
        const came = legalFault(answer, { code: 'DeserializationFailed' });
        insist(/character set|encoding|charset/.test(answer.text), 'a fault that does not say so');
        return `${came} that says so`;
      }),
    ),
  ],
};

/** What may stand in a name. In upper case, as the protocols tell names. */
const NAME = 'ÆØÅ ŠŊ A\u030a 😀 & < > ]]> " \'';
const WRITTEN = /ÆØÅ ŠŊ A\u030a 😀 &amp; (&lt;|<) (&gt;|>) \]\]&gt; ("|&quot;) ('|&apos;)/;

function unescaped(xml: string): string {
  return xml
    .replace(/&#x([0-9a-f]+);/gi, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)))
    .replace(/&#([0-9]+);/g, (_, digits: string) => String.fromCodePoint(Number(digits)));
}

async function told(hospital: Hospital, one: Encoded, path: 'hl7v3' | 'preg-xml'): Promise<string> {
  const { target, sandbox } = hospital;
  sandbox.faults.always('persontjenesten', { kind: 'altered-answer', alter: renamed }, { path: /person/i });
  const message =
    path === 'hl7v3'
      ? question(target, { declaration: one.declaration })
      : pregXmlQuestion(target, { declaration: one.declaration });
  const answer = await post(target, encode(message, one), {
    headers: { 'Content-Type': one.type },
    ...(path === 'hl7v3' ? {} : { path: PERSON_SERVICE_PATH }),
  });
  insist(answer.status === 200, `HTTP ${answer.status}`);
  // HL7 v3 tells each word of a surname in an element of its own.
  const text = unescaped(decoder(one)(answer.body)).replaceAll('</family><family>', ' ');
  insist(WRITTEN.test(text), 'the name came back otherwise');
  return `as it is in the register, in ${one.answered}`;
}

/** The same answer, in which everybody has that surname. */
function renamed(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(renamed);
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, name === 'familyName' ? NAME : renamed(value)]),
  );
}

export const characters: Item = {
  number: 10,
  title: 'Characters of every kind survive in every character set',
  probes: encodings
    .filter(({ tried }) => !tried.includes('alone'))
    .flatMap((one) =>
      (['hl7v3', 'preg-xml'] as const).map((path) =>
        onHospital(`${path}: ${one.tried}`, (hospital) => told(hospital, one, path)),
      ),
    )
    .concat([
      onTarget('in a message id, which comes back', async (target: Target) => {
        const id = `urn:x:æøå-😀-&amp;-&lt;-]]&gt;`;
        const message = question(target).replace(/<a:MessageID>[^<]*/, `<a:MessageID>${id}`);
        const answer = await post(target, message);
        tells(target, answer);
        insist(
          /RelatesTo[^>]*>urn:x:æøå-😀-&amp;-&lt;-\]\](&gt;|>)</.test(answer.text),
          'it came back otherwise',
        );
        return 'as it was';
      }),
    ]),
};
