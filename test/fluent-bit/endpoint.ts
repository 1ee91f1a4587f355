import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { ServerCertificate } from '../../local/aws/certificates.js';

/** How the endpoint behaves. */
export type Mood =
  /** Takes every record. */
  | 'up'
  /** Nobody listens: connections are refused. */
  | 'down'
  /** Takes the request and never answers. */
  | 'silent'
  /** Answers 500. */
  | 'failing'
  /** Refuses two of five records, as Firehose does beyond the stream's limit. */
  | 'throttling'
  /** Takes the records and hangs up before it says so, two times of five. */
  | 'forgetful';

export interface AcceptedRecord {
  readonly data: Buffer;
  /** ms since the epoch */
  readonly arrival: number;
}

/** A Firehose endpoint of which only PutRecordBatch is there. It keeps what it accepts, and fails on demand. */
export class RecordingEndpoint {
  readonly accepted: AcceptedRecord[] = [];
  private mood: Mood = 'up';
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private chance = 1;

  private constructor(
    private readonly certificate: ServerCertificate,
    private listening: number,
  ) {}

  static async open(certificate: ServerCertificate): Promise<RecordingEndpoint> {
    const endpoint = new RecordingEndpoint(certificate, 0);
    await endpoint.listen();
    return endpoint;
  }

  get port(): number {
    return this.listening;
  }

  async become(mood: Mood): Promise<void> {
    this.mood = mood;
    // Whoever waits for an answer of an earlier mood gets none.
    for (const socket of this.sockets) socket.destroy();
    if (mood === 'down') await this.close();
    else if (!this.server) await this.listen();
  }

  async close(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private async listen(): Promise<void> {
    const { key, cert } = this.certificate;
    const server = createServer({ key, cert }, (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('error', () => undefined);
      request.on('end', () => {
        const { status, body } = this.answer(Buffer.concat(chunks).toString('latin1'));
        if (status === 0) request.socket.destroy();
        else if (status > 0) response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(body);
      });
    });
    server.keepAliveTimeout = 60_000;
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => undefined);
    });
    server.listen(this.listening, '127.0.0.1');
    await once(server, 'listening');
    this.server = server;
    this.listening = (server.address() as AddressInfo).port;
  }

  /** Status 0 hangs up; a negative one says nothing. */
  private answer(body: string): { readonly status: number; readonly body?: string } {
    if (this.mood === 'silent') return { status: -1 };
    if (this.mood === 'failing') return { status: 500, body: '{"__type":"InternalFailure","message":"told to fail"}' };
    const hangsUp = this.mood === 'forgetful' && this.strikes();
    const { Records } = JSON.parse(body) as { readonly Records: readonly { readonly Data: string }[] };
    const arrival = Date.now();
    const responses = Records.map(({ Data }) => {
      if (this.mood === 'throttling' && this.strikes()) {
        return { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' };
      }
      this.accepted.push({ data: Buffer.from(Data, 'base64'), arrival });
      return { RecordId: `${this.accepted.length}` };
    });
    if (hangsUp) return { status: 0 };
    const FailedPutCount = responses.filter(({ ErrorCode }) => ErrorCode).length;
    return { status: 200, body: JSON.stringify({ FailedPutCount, Encrypted: false, RequestResponses: responses }) };
  }

  /** Two of five, always the same ones. */
  private strikes(): boolean {
    this.chance = (this.chance * 48_271) % 2_147_483_647;
    return this.chance % 5 < 2;
  }
}
