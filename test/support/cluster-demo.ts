import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { DemoResult } from '../../lab/demo/result.ts';
import { kubectlOn } from '../../lab/kubernetes/kubectl.ts';
import type { Kubectl } from '../../lab/kubernetes/kubectl.ts';
import { bridgeOwners } from '../../lab/kubernetes/network.ts';
import { pathsOf } from '../../lab/kubernetes/paths.ts';
import { tell } from './cluster-programs.ts';

const entry = fileURLToPath(new URL('../../lab/demo.ts', import.meta.url));

/** The demo as a process of its own; everything that it writes is below `place`, which is its TMPDIR. */
export interface RunningDemo {
  /** Waits for a line on stderr; throws with its last words when the demo ends first. */
  told(pattern: RegExp): Promise<void>;
  /** The JSON document on stdout, as soon as it is whole. */
  result(): Promise<DemoResult>;
  /** As the kubeconfig of the region says. */
  kubectl(region: string): Promise<Kubectl>;
  signal(name: NodeJS.Signals): void;
  /** Its exit code; undefined when a signal ended it. */
  ended(): Promise<number | undefined>;
}

export interface DemoPlace {
  directory: string;
  start(...args: string[]): RunningDemo;
  /** What demos have left here or anywhere on this machine, in words; the directories of demos that were killed do not count. */
  leftovers(): Promise<string[]>;
  /** Ends demos that a failed test has left running, and removes the place. */
  remove(): Promise<void>;
}

export async function aDemoPlace(): Promise<DemoPlace> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-cluster-'));
  await chmod(directory, 0o755); // PostgreSQL runs as an account of its own
  const demos: RunningDemo[] = [];
  return {
    directory,
    start: (...args) => {
      const demo = startDemo(directory, args);
      demos.push(demo);
      return demo;
    },
    leftovers: () => leftoversOf(directory),
    async remove() {
      for (const demo of demos) demo.signal('SIGTERM');
      await Promise.all(demos.map((demo) => demo.ended()));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function startDemo(directory: string, args: readonly string[]): RunningDemo {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args], {
    env: { ...process.env, NODE_OPTIONS: '', TMPDIR: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  let out = '';
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    tell(chunk.toString().trimEnd());
  });
  const runs = () => child.exitCode === null && child.signalCode === null;
  const until = async <T>(what: string, look: () => T | undefined): Promise<T> => {
    for (;;) {
      const left = !runs(); // asked first: what it wrote before it left counts
      const seen = look();
      if (seen !== undefined) return seen;
      if (left) throw new Error(`the demo ended before ${what}; its last words:\n${said.slice(-3_000)}`);
      await pause(100);
    }
  };
  return {
    told: async (pattern) => void (await until(String(pattern), () => pattern.exec(said) ?? undefined)),
    result: () =>
      until('its result', () => (out.trimEnd().endsWith('}') ? (JSON.parse(out) as DemoResult) : undefined)),
    async kubectl(region) {
      const [demo = ''] = await readdir(directory);
      return kubectlOn({ kubeconfig: join(directory, demo, 'regions', region, 'kubeconfig') });
    },
    signal: (name) => void (runs() && child.kill(name)),
    ended: async () => (await exited)[0] ?? undefined,
  };
}

async function leftoversOf(directory: string): Promise<string[]> {
  const bridges = (await bridgeOwners()).filter((owner) => owner.startsWith(`${directory}/`));
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8'))
    .split('\n')
    .filter((line) => line.includes(directory));
  const folders: string[] = [];
  for (const demo of await readdir(directory)) {
    for (const region of ['de', 'nl']) {
      const { run, data } = pathsOf(join(directory, demo, 'regions', region));
      for (const path of [run, data]) if (await isThere(path)) folders.push(path);
    }
  }
  return [
    ...(await processesOf(directory)).map((process) => `process ${process}`),
    ...bridges.map((owner) => `bridge of ${owner}`),
    ...mounts.map((mount) => `mount ${mount}`),
    ...folders.map((folder) => `folder ${folder}`),
  ];
}

/** Whatever was started by a demo names its directory, in its arguments or in its environment. */
async function processesOf(directory: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const texts = await Promise.all(
      ['cmdline', 'environ'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
    );
    if (texts.some((text) => text.includes(directory)))
      found.push(`${pid} ${texts[0]?.replaceAll('\0', ' ').slice(0, 120) ?? ''}`);
  }
  return found;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
