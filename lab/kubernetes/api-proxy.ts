import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { kubectlPath } from './binaries.ts';

/** A loopback port that passes requests, with the kubeconfig's login, to the API server. */
export interface ApiProxy {
  port: number;
  stop(): Promise<void>;
}

/** Starts `kubectl proxy`: the way to a service when its pods' addresses cannot be reached from this machine. */
export async function startApiProxy(kubeconfig: string, context?: string): Promise<ApiProxy> {
  const args = [
    '--kubeconfig',
    kubeconfig,
    ...(context ? ['--context', context] : []),
    'proxy',
    '--port=0',
    '--address=127.0.0.1',
  ];
  const child = spawn(await kubectlPath(), args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill();
    await ended;
  };
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), ended.then(() => undefined)]);
  const port = Number(/:(\d+)\s*$/.exec(String(first?.[0] ?? ''))?.[1]);
  if (!port) {
    await stop();
    throw new Error('`kubectl proxy` did not say where it listens');
  }
  return { port, stop };
}
