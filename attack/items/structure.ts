import { onTarget, type Item } from '../item.js';
import { bareStatus, insist, legalFault, tells } from '../judge.js';
import {
  demographicsBody,
  envelope,
  GET_DEMOGRAPHICS,
  GET_PERSON,
  honest,
  NS,
  personBody,
  PERSON_SERVICE_PATH,
  post,
  question,
  security,
  timestamp,
  usernameToken,
} from '../wire/message.js';

const UNREADABLE = { code: 'DeserializationFailed' } as const;
const INSECURE = { code: 'InvalidSecurity' } as const;

export const doubles: Item = {
  number: 11,
  title: 'A second Body, Header or Security, and any other order, is refused',
  probes: (
    [
      ['a second Body', UNREADABLE, (message: string) => message.replace('</s:Body>', '</s:Body><s:Body/>')],
      [
        'a second Body in another namespace',
        UNREADABLE,
        (message: string) => message.replace('</s:Body>', '</s:Body><Body xmlns="urn:x"/>'),
      ],
      [
        'a Body of the other SOAP version first',
        UNREADABLE,
        (message: string) => message.replace('<s:Body>', `<x:Body xmlns:x="${NS.soap11}"/><s:Body>`),
      ],
      [
        'the Header after the Body',
        UNREADABLE,
        (message: string) => message.replace(/(<s:Header>.*<\/s:Header>)(<s:Body>.*<\/s:Body>)/s, '$2$1'),
      ],
      ['two Headers', UNREADABLE, (message: string) => message.replace('<s:Body>', '<s:Header/><s:Body>')],
      [
        'an element after the Body',
        UNREADABLE,
        (message: string) => message.replace('</s:Envelope>', '<x/></s:Envelope>'),
      ],
      [
        'text between Header and Body',
        UNREADABLE,
        (message: string) => message.replace('<s:Body>', 'text<s:Body>'),
      ],
      [
        'an Envelope in the Envelope',
        UNREADABLE,
        (message: string) => `<s:Envelope xmlns:s="${NS.soap12}">${message}</s:Envelope>`,
      ],
      ['no Body', UNREADABLE, (message: string) => message.replace(/<s:Body>.*<\/s:Body>/s, '')],
      [
        'two operations in the Body',
        { code: ['DeserializationFailed'] },
        (message: string) => message.replace('</s:Body>', `${demographicsBody('00000000000')}</s:Body>`),
      ],
      [
        'a second Security',
        INSECURE,
        (message: string) => message.replace('</s:Header>', `${security(timestamp())}</s:Header>`),
      ],
      [
        'a second Security in another namespace',
        INSECURE,
        (message: string) => message.replace('</s:Header>', '<Security xmlns="urn:x"/></s:Header>'),
      ],
      [
        'a second Security for another role',
        INSECURE,
        (message: string) =>
          message.replace(
            '</s:Header>',
            `<o:Security xmlns:o="${NS.security}" s:role="urn:other"/></s:Header>`,
          ),
      ],
    ] as const
  ).map(([tried, fault, alter], index) =>
    onTarget(
      tried,
      async (target) => {
        const message = alter(question(target));
        insist(message !== question(target), 'the message was not altered');
        const answer = await post(target, message);
        return legalFault(answer, fault);
      },
      index < 2,
    ),
  ),
};

export const understood: Item = {
  number: 14,
  title: 'A header that must be understood and is not known is refused as such',
  probes: [
    ['SOAP 1.2, 1', '1.2', '1'],
    ['SOAP 1.2, true', '1.2', 'true'],
    ['SOAP 1.1, 1', '1.1', '1'],
  ]
    .map(([tried = '', version, value = '']) =>
      onTarget(tried, async (target) => {
        const soap = version === '1.1' ? '1.1' : '1.2';
        const header = `<x:Reliable xmlns:x="http://docs.oasis-open.org/ws-rx/wsrm/200702" s:mustUnderstand="${value}"/>`;
        const answer = await post(target, question(target, { version: soap, moreHeaders: header }), {
          headers:
            soap === '1.1'
              ? { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: `"${GET_DEMOGRAPHICS}"` }
              : {},
        });
        return legalFault(answer, { code: 'MustUnderstand', version: soap });
      }),
    )
    .concat([
      onTarget('the same without mustUnderstand', async (target) =>
        tells(target, await post(target, question(target, { moreHeaders: '<x:Reliable xmlns:x="urn:x"/>' }))),
      ),
      onTarget('without a password, the caller does not learn which headers are known', async (target) => {
        const header = '<x:Reliable xmlns:x="urn:x" s:mustUnderstand="1"/>';
        const wrong = security(timestamp() + usernameToken('nobody', 'nothing'));
        return legalFault(
          await post(target, question(target, { moreHeaders: header, security: wrong }), {
            from: '127.0.0.14',
          }),
          {
            code: 'FailedAuthentication',
          },
        );
      }),
    ]),
};

const xml11 = 'text/xml; charset=utf-8';

export const actions: Item = {
  number: 15,
  title: 'The action decides, and a body of another operation is refused',
  probes: [
    onTarget('SOAP 1.2, the action in Content-Type', async (target) =>
      tells(
        target,
        await post(target, question(target), {
          headers: { 'Content-Type': `application/soap+xml; charset=utf-8; action="${GET_DEMOGRAPHICS}"` },
        }),
      ),
    ),
    onTarget('SOAP 1.2, another action in Content-Type than in the message', async (target) =>
      tells(
        target,
        await post(target, question(target), {
          headers: {
            'Content-Type':
              'application/soap+xml; charset=utf-8; action="http://tempuri.org/IPersonRegistry/LinkPersonRecords"',
          },
        }),
      ),
    ),
    ...(
      [
        ['quoted', `"${GET_DEMOGRAPHICS}"`],
        ['unquoted', GET_DEMOGRAPHICS],
      ] as const
    ).map(([tried, action]) =>
      onTarget(`SOAP 1.1, SOAPAction ${tried}`, async (target) => {
        const message = question(target, { version: '1.1', headers: '' });
        const answer = await post(target, message, {
          headers: { 'Content-Type': xml11, SOAPAction: action },
        });
        return tells(target, answer);
      }),
    ),
    onTarget('SOAP 1.1, no SOAPAction, no action in the message', async (target) => {
      const message = question(target, { version: '1.1', headers: '' });
      const answer = await post(target, message, { headers: { 'Content-Type': xml11 } });
      return answer.status === 200 ? tells(target, answer) : legalFault(answer, { version: '1.1' });
    }),
    onTarget('SOAP 1.1, an empty SOAPAction', async (target) => {
      const message = question(target, { version: '1.1', headers: '' });
      const answer = await post(target, message, { headers: { 'Content-Type': xml11, SOAPAction: '""' } });
      return answer.status === 200 ? tells(target, answer) : legalFault(answer, { version: '1.1' });
    }),
    onTarget('SOAP 1.1, SOAPAction of another operation than the body', async (target) => {
      const message = question(target, { version: '1.1', headers: '' });
      const answer = await post(target, message, {
        headers: { 'Content-Type': xml11, SOAPAction: '"http://tempuri.org/IPersonRegistry/AddPerson"' },
      });
      return legalFault(answer, {
        version: '1.1',
        code: ['DeserializationFailed', 'ActionNotSupported', 'Client'],
      });
    }),
    onTarget('SOAP 1.1, SOAPAction against the action in the message', async (target) => {
      const message = question(target, { version: '1.1' });
      const answer = await post(target, message, {
        headers: { 'Content-Type': xml11, SOAPAction: '"http://tempuri.org/IPersonRegistry/AddPerson"' },
      });
      return answer.status === 200
        ? tells(target, answer)
        : legalFault(answer, {
            version: '1.1',
            code: [
              'InvalidAddressingHeader',
              'ActionMismatch',
              'DeserializationFailed',
              'ActionNotSupported',
            ],
          });
    }),
    onTarget('SOAP 1.2, an action of another operation than the body', async (target) =>
      legalFault(
        await post(target, question(target, { action: 'http://tempuri.org/IPersonRegistry/AddPerson' })),
        {
          code: 'DeserializationFailed',
        },
      ),
    ),
    onTarget('an operation of the other service', async (target) => {
      const other = envelope({
        security: honest(target),
        action: GET_PERSON,
        body: personBody(target.person.nin),
      });
      const here = legalFault(await post(target, other), { code: 'ActionNotSupported' });
      legalFault(await post(target, question(target), { path: PERSON_SERVICE_PATH }), {
        code: 'ActionNotSupported',
      });
      return here;
    }),
    onTarget('SOAP 1.1 in the media type of 1.2, and the other way round', async (target) => {
      const old = legalFault(await post(target, question(target, { version: '1.1' })), {
        code: 'VersionMismatch',
      });
      const answer = await post(target, question(target), { headers: { 'Content-Type': xml11 } });
      legalFault(answer, { version: '1.1', code: 'VersionMismatch' });
      return old;
    }),
    onTarget('two actions; an answer that is to go elsewhere', async (target) => {
      const twice = question(target).replace(
        '<a:MessageID>',
        `<a:Action>${GET_DEMOGRAPHICS}</a:Action><a:MessageID>`,
      );
      legalFault(await post(target, twice), { code: ['InvalidAddressingHeader', 'InvalidCardinality'] });
      const elsewhere = question(target).replace(
        `${NS.addressing}/anonymous`,
        'http://127.0.0.1:1/elsewhere',
      );
      return legalFault(await post(target, elsewhere), {
        code: ['InvalidAddressingHeader', 'OnlyAnonymousAddressSupported'],
      });
    }),
    onTarget('an action of 100 kB, and one with control characters', async (target) => {
      legalFault(await post(target, question(target, { action: 'x'.repeat(100_000) })), {
        code: ['ActionNotSupported', 'DeserializationFailed'],
      });
      return legalFault(await post(target, question(target, { action: 'a&#10;b&#13;c' })), {
        code: 'ActionNotSupported',
      });
    }),
    onTarget('a header without any service behind it', async (target) =>
      bareStatus(
        await post(target, question(target), { path: '/Personregister.HL7/PersonRegistry.svc/..' }),
        404,
      ),
    ),
  ],
};
