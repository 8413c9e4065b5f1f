import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A gateway in a process of its own, beside the one that a world has. */
export interface GatewayProcess {
  url: string;
  /** `kill -9`; resolves when it is gone. May be called again. */
  kill(): Promise<void>;
}

const entry = join(import.meta.dirname, '../../workers/gateway-main.ts');

/** Throws, with its last words, where it ends before it listens. `environment`: how it is configured; it takes a free port. */
export async function startGatewayProcess(environment: Record<string, string>): Promise<GatewayProcess> {
  const child = spawn(process.execPath, [entry], {
    env: {
      ...{ ...process.env, NODE_OPTIONS: '', ...environment },
      ...{ SLIPWAY_GATEWAY_LISTEN: '127.0.0.1:0', SLIPWAY_LOG: 'json' },
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  const gone = once(child, 'close');
  const listening = new Promise<string>((resolve) => {
    createInterface(child.stderr).on('line', (line) => {
      said = `${said}\n${line}`.slice(-4_000);
      const [, url] = /"slipway gateway \d+: (http:[^"\s]+)"/.exec(line) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
  const url = await Promise.race([
    listening,
    gone.then(() => {
      throw new Error(`the gateway has ended before it listened: ${said}`);
    }),
  ]);
  return {
    url,
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
