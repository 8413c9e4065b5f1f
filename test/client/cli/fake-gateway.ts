import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen {
  method: string;
  path: string;
  token: string | undefined;
  /** Of the last event that whoever asks has seen. */
  lastEventId: string | undefined;
  body: Record<string, unknown> | undefined;
}

/** What to answer: a status and a body (text is sent as it is; with `goesOn` more may come, with `breaks` the connection is lost behind it), or `hang-up`: the request arrived, the answer did not. */
export type Answer =
  { status?: number; body: unknown; headers?: Record<string, string>; goesOn?: boolean; breaks?: boolean } | 'hang-up';
type Handler = (request: Seen) => Answer;

export interface FakeGateway {
  url: string;
  seen: Seen[];
  /** Answers `METHOD /path`. Several answers are given one after the other, the last one for ever. */
  on(route: string, ...answers: (Answer | Handler)[]): void;
  close(): Promise<void>;
}

export const token = 'a-token-that-must-not-be-shown';

/** The gateway's HTTP API as far as a test says; on loopback, any free port. Everything but health wants the token. */
export async function startFakeGateway(): Promise<FakeGateway> {
  const routes = new Map<string, (Answer | Handler)[]>();
  const seen: Seen[] = [];
  const server = createServer((message, response) => void serve(message, response));
  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await read(message);
    seen.push(request);
    const answers =
      routes.get(`${request.method} ${request.path}`) ?? routes.get(`${request.method} ${request.path.split('?')[0]}`);
    const next = answers && (answers.length > 1 ? answers.shift()! : answers[0]!);
    send(
      response,
      next && isAllowed(request) ? (typeof next === 'function' ? next(request) : next) : refusal(next !== undefined),
    );
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    on: (route, ...answers) => void routes.set(route, answers),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function isAllowed({ path, token: given }: Seen): boolean {
  return path === '/healthz' || given === `Bearer ${token}`;
}

function refusal(known: boolean): Answer {
  return known
    ? { status: 401, body: { error: { code: 'unauthenticated', message: 'the token is not known here' } } }
    : { status: 404, body: { error: { code: 'not-found', message: 'there is no such thing' } } };
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer === 'hang-up') return void response.destroy();
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
  response.write(text, () => answer.breaks && response.destroy());
  if (!answer.goesOn && !answer.breaks) response.end();
}

async function read(message: IncomingMessage): Promise<Seen> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return {
    method: message.method!,
    path: message.url!,
    token: message.headers.authorization,
    lastEventId: message.headers['last-event-id']?.toString(),
    body: text ? (JSON.parse(text) as Record<string, unknown>) : undefined,
  };
}
