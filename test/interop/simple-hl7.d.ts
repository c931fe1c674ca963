/** The parts of simple-hl7 that are used here; the package has no types of its own. It escapes nothing, and speaks UTF-8 unless the socket is told otherwise. */
declare module 'simple-hl7' {
  import type { Server as NetServer, Socket } from 'node:net';

  /** A text, or the components of a repetition, each with its subcomponents where it has several. */
  export type Parts = string | readonly (string | readonly string[])[];

  export class Field {
    constructor(...repetitions: Parts[]);
    toString(delimiters: unknown): string;
  }

  /** Fields are counted as in HL7; those of a header begin with MSH-3 as 1. What is not there is an empty text. */
  export interface Segment {
    readonly name: string;
    getField(field: number): string;
    getComponent(field: number, component: number, subcomponent?: number): string;
  }

  export class Message {
    /** @param header MSH-3 and what follows it */
    constructor(...header: (Parts | Field)[]);
    readonly header: Segment;
    readonly segments: readonly Segment[];
    getSegment(name: string): Segment | undefined;
    getSegments(name: string): readonly Segment[];
    addSegment(name: string, ...fields: (Parts | Field)[]): Segment;
    toString(): string;
  }

  export class Parser {
    constructor(options?: { readonly segmentSeperator: string });
    parse(text: string): Message;
  }

  export interface TcpClient {
    /** Once it has connected. */
    readonly client: Socket | undefined;
    connect(connected: (error?: Error) => void): void;
    /** One at a time. */
    send(message: Message, answered: (error: Error | null, answer: Message) => void): void;
    close(): void;
  }

  /** Acknowledges with `AA` whatever it is handed. */
  export interface TcpServer {
    /** Once it was started. */
    readonly server: NetServer | null;
    start(port: number, encoding: BufferEncoding): void;
    stop(): void;
  }

  export const Server: {
    createTcpServer(
      handler: (
        error: Error | null,
        request?: { readonly msg: Message; readonly type: string; readonly event: string },
        response?: { readonly ack: Message; end(): void },
      ) => void,
    ): TcpServer;
    createTcpClient(options: {
      readonly host: string;
      readonly port: number;
      readonly keepalive: boolean;
    }): TcpClient;
  };
}
