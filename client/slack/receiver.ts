import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { inTime } from '../../activities/shared/in-time.ts';
import { Refused } from '../gateway/errors.ts';
import { readBody } from './body.ts';
import { refuseSigned } from './signature.ts';
import { UnderWay } from './under-way.ts';

/** Far more than a click with its message is. */
const mostBytes = 256 * 1_024;
/** What was acknowledged and is under way, in all: each asks the records and Slack. */
const mostAtOnce = 200;
/** Slack waits for 3 s, and tells the person then that it did not work. */
const ackMs = 2_500;

export interface ReceiverParts {
  signingSecret: string;
  /** Whether no gateway has seen this signature. */
  isFirst: (signature: string) => Promise<boolean>;
  now: () => number;
  log: (error: unknown) => void;
}

/** Takes what Slack sends on the gateway's own port, and hands on what Slack has signed, once. */
export class FastifyReceiver implements Receiver {
  readonly #parts: ReceiverParts;
  readonly #work = new UnderWay();
  #app: App | undefined;

  constructor(parts: ReceiverParts) {
    this.#parts = parts;
  }

  init(app: App): void {
    this.#app = app;
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  /** Resolves when nothing that was acknowledged is under way any more. */
  async stop(): Promise<void> {
    await this.#work.over();
  }

  /** The route. Its body stays as it came: that is what was signed. */
  attach(server: FastifyInstance): void {
    void server.register((scope, _options, done) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));
      const options = { config: { ownDoor: true }, bodyLimit: mostBytes } as const;
      scope.post('/slack/events', options, (request, reply) => this.#take(request, reply));
      scope.addHook('onClose', () => this.stop());
      done();
    });
  }

  async #take(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const signature = headerOf(request, 'x-slack-signature');
    const signed = { signature, timestamp: headerOf(request, 'x-slack-request-timestamp'), body };
    const { signingSecret, isFirst, now } = this.#parts;
    const refused = refuseSigned(signed, signingSecret, now());
    if (refused !== undefined)
      throw new Refused(401, 'unauthenticated', `this is nothing that Slack sends: ${refused}`);
    if (!(await isFirst(signature ?? ''))) throw new Refused(401, 'unauthenticated', 'this was sent before');
    const read = readBody(body.toString('utf8'), request.headers['content-type'] ?? '');
    if (read === undefined) throw new Refused(400, 'bad-request', 'this is nothing that Slack sends');
    if (this.#work.size >= mostAtOnce) throw new Refused(503, 'unavailable', 'too much is under way', undefined, 1);
    if ('challenge' in read) return { challenge: read.challenge };
    return reply.send(await this.#acknowledged(read));
  }

  /** The answer to Slack; what is to be done goes on behind it. */
  async #acknowledged(body: ReceiverEvent['body']): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const ack = (answer?: unknown) => Promise.resolve(resolve(answer ?? ''));
    const work = (this.#app?.processEvent({ body, ack }) ?? Promise.resolve())
      .catch((error: unknown) => {
        this.#parts.log(error);
        reject(new Refused(500, 'internal', 'the gateway failed; its log says more'));
      })
      // Nobody listens to this: it is answered all the same.
      .finally(() => resolve(''));
    this.#work.add(work);
    return inTime(promise, ackMs, (words) => new Refused(503, 'unavailable', words));
  }
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
