import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import bolt from '@slack/bolt';
import type { App, Logger, LogLevel, Receiver, ReceiverEvent, webApi } from '@slack/bolt';
import type { FastifyInstance } from 'fastify';
import { noTextAt } from '../../domain/whole-text.ts';
import { UnderWay } from './under-way.ts';

export interface SocketParts {
  appToken: string;
  clientOptions: webApi.WebClientOptions;
  /** Whether no gateway has seen this. */
  isFirst: (what: string) => Promise<boolean>;
  log: (error: unknown) => void;
  /** ms before a connection is made again: at first, and at most. */
  againMs?: { first: number; most: number };
}

/** Enough that Slack does not mind: a connection lives for hours. */
const usualAgainMs = { first: 1_000, most: 30_000 };
const mostAtOnce = 200;

/**
 * Takes what Slack sends on a connection that the gateway has made itself: nothing of the gateway has to be reachable. Slack is who answered by
 * https for this token; there is no signature, and nothing that could be sent again by others. What Slack sends again itself is done once.
 * Bolt's own connecting again is not used: it ends for good, or with the process, when Slack cannot be reached.
 */
export class SocketReceiver implements Receiver {
  readonly #parts: SocketParts;
  readonly #receiver: InstanceType<typeof bolt.SocketModeReceiver>;
  readonly #work = new UnderWay();
  readonly #ending = new AbortController();
  #going = Promise.resolve();
  #away: string | undefined = 'it is not connected yet';

  constructor(parts: SocketParts) {
    this.#parts = parts;
    this.#receiver = new bolt.SocketModeReceiver({
      appToken: parts.appToken,
      autoReconnectEnabled: false,
      logger: quiet,
      installerOptions: { clientOptions: parts.clientOptions },
      customPropertiesExtractor: ({ envelope_id: envelope }: { envelope_id?: unknown }) => ({ envelope }),
      // It is not acknowledged: whoever has pressed is told by Slack that it did not work.
      processEventErrorHandler: ({ error }) => (parts.log(error), Promise.resolve(false)),
    });
  }

  init(app: App): void {
    const take = { processEvent: (event: ReceiverEvent) => this.#take(app, event) };
    this.#receiver.init(take as unknown as App);
  }

  start(): Promise<void> {
    this.#going = this.#connected();
    return Promise.resolve();
  }

  /** Resolves when it is closed, and nothing that was acknowledged is under way any more. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#receiver.client.disconnect();
    await this.#going;
    await this.#work.over();
  }

  attach(server: FastifyInstance): void {
    server.addHook('onReady', () => this.start());
    server.addHook('onClose', () => this.stop());
  }

  /** Why nothing comes from Slack; undefined while it may. */
  get away(): string | undefined {
    return this.#away;
  }

  /** One connection after another, until the end. */
  async #connected(): Promise<void> {
    const { client } = this.#receiver;
    const { first, most } = this.#parts.againMs ?? usualAgainMs;
    const { signal } = this.#ending;
    for (let failed = 0; !signal.aborted; failed += 1) {
      const closed = once(client as unknown as EventTarget & NodeJS.EventEmitter, 'disconnected');
      try {
        await client.start();
        // It was to end while it began.
        if (signal.aborted) return await client.disconnect();
        this.#away = undefined;
        failed = 0;
        await closed;
        this.#away = 'the connection is closed';
      } catch (error) {
        closed.catch(() => {});
        if (signal.aborted) return;
        this.#away = error instanceof Error ? error.message : 'the connection could not be made';
        this.#parts.log(error ?? new Error(`Slack: ${this.#away}`));
      }
      await pause(Math.min(first * 2 ** failed, most), undefined, { signal }).catch(() => {});
    }
  }

  async #take(app: App, event: ReceiverEvent): Promise<void> {
    const { envelope } = event.customProperties ?? {};
    if (typeof envelope !== 'string' || !/^[\w-]{1,100}$/.test(envelope)) return;
    if (typeof event.body !== 'object' || event.body === null || noTextAt(event.body) !== undefined) return;
    if (this.#work.size >= mostAtOnce) throw new Error('too much of what Slack has sent is under way');
    if (!(await this.#parts.isFirst(`envelope ${envelope}`))) return event.ack();
    const work = app.processEvent(event).catch(this.#parts.log);
    this.#work.add(work);
    await work;
  }
}

/** What goes wrong is thrown, and told in the gateway's own log; more would tell addresses that are secrets. */
const quiet: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => 'error' as LogLevel,
  setName: () => {},
};
