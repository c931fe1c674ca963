import { Field, Message, Parser, Server, type Parts, type Segment, type TcpClient } from 'simple-hl7';

/** What the octets of each charset are called in MSH-18, and in Node.js. */
export const charsets = { 'UNICODE UTF-8': 'utf8', '8859/1': 'latin1' } as const;
export type Charset = keyof typeof charsets;

/** What a query says of itself. */
export interface QueryHeader {
  readonly charset?: Charset;
  readonly controlId?: string;
  /** QPD-2 or QRD-4. */
  readonly tag?: string;
  readonly version?: string;
  /** How many people are wanted at once. */
  readonly size?: number;
  /** DSC-1: where the answer before ended. */
  readonly pointer?: string;
}

/** QBP^Q22 by simple-hl7, of parameters such as `['@PID.5.1', 'Gran']`. */
export function demographicsQuery(
  parameters: readonly (readonly [name: string, value: string])[],
  { tag = 'tag', size = 10, pointer, ...header }: QueryHeader = {},
): Message {
  const message = messageOf(['QBP', 'Q22', 'QBP_Q21'], header);
  message.addSegment('QPD', 'IHE PDQ Query', tag, new Field(...parameters));
  message.addSegment('RCP', 'I', [String(size), 'RD']);
  if (pointer !== undefined) message.addSegment('DSC', pointer, 'I');
  return message;
}

/** QRY^A19 by simple-hl7, of a subject and parameters. */
export function oldQuery(
  subject: Parts,
  parameters: readonly (readonly [name: string, value: string])[],
  { tag = 'tag', size = 10, ...header }: QueryHeader = {},
): Message {
  const message = messageOf(['QRY', 'A19'], { version: '2.4', ...header });
  const definition = ['20260101120000', 'R', 'I', tag, '', '', [String(size), 'RD'], subject, 'DEM'];
  message.addSegment('QRD', ...definition);
  if (parameters.length > 0) message.addSegment('QRF', 'PREG', '', '', '', new Field(...parameters));
  return message;
}

function messageOf(
  type: readonly string[],
  {
    charset = 'UNICODE UTF-8',
    controlId = '1',
    version = '2.5',
  }: Pick<QueryHeader, 'charset' | 'controlId' | 'version'>,
): Message {
  const parties = ['EPJ', 'SANDBOX', 'PREG', 'NHN'];
  return new Message(
    ...[...parties, '20260101120000', '', type, controlId, 'P', version],
    ...['', '', '', '', 'NOR', charset],
  );
}

/** A connection of simple-hl7's own. */
export class SimpleHl7Client {
  private constructor(private readonly client: TcpClient) {}

  static async connect(port: number, charset: Charset = 'UNICODE UTF-8'): Promise<SimpleHl7Client> {
    const client = Server.createTcpClient({ host: '127.0.0.1', port, keepalive: true });
    await new Promise<void>((resolve, reject) => {
      client.connect((error) => {
        if (error === undefined) resolve();
        else reject(error);
      });
    });
    client.client?.setEncoding(charsets[charset]);
    client.client?.setDefaultEncoding(charsets[charset]);
    return new SimpleHl7Client(client);
  }

  /** The answer, as simple-hl7 parses it. */
  ask(message: Message): Promise<Message> {
    return new Promise((resolve, reject) => {
      this.client.send(message, (error, answer) => {
        if (error === null) resolve(answer);
        else reject(error);
      });
    });
  }

  close(): void {
    this.client.close();
  }
}

/** Reads a message with simple-hl7's parser, as its client does. */
export function parsed(octets: Buffer, charset: Charset): Message {
  return new Parser({ segmentSeperator: '\r' }).parse(octets.toString(charsets[charset]));
}

/** The one segment of that name. @throws Error when there is another number of them */
export function segmentIn(message: Message, name: string): Segment {
  const [segment, other] = message.getSegments(name);
  if (segment === undefined || other !== undefined) throw new Error(`not one ${name}`);
  return segment;
}

/** Components of a field, up to the last that holds something. */
export function components(segment: Segment, field: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => segment.getComponent(field, index + 1));
}
