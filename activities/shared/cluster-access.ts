import { KubeConfig, type RequestContext } from '@kubernetes/client-node';
import type { Dispatcher } from 'undici';

/** No call of ours may hang: the client library sets no limit of its own. */
const callTimeoutMs = 10_000;

/**
 * The client library makes a new connection pool, and with it a new TLS connection, for every call. This one keeps the first pool
 * it is given; the unused ones never connect. A class only because the library wants one.
 */
export class ClusterAccess extends KubeConfig {
  private dispatcher: Dispatcher | undefined;
  /** Set for clusters whose tokens we make ourselves. */
  bearer: (() => Promise<string>) | undefined;

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    if (this.bearer) context.setHeaderParam('Authorization', `Bearer ${await this.bearer()}`);
    this.dispatcher ??= context.getDispatcher();
    if (this.dispatcher) context.setDispatcher(this.dispatcher);
    context.setSignal(AbortSignal.timeout(callTimeoutMs));
  }

  /** Forgets the connections, so that a renewed client certificate is used. Calls under way may finish. */
  async closeConnections(): Promise<void> {
    const dispatcher = this.dispatcher;
    this.dispatcher = undefined;
    await dispatcher?.close();
  }
}
