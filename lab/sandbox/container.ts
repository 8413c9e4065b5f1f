import type { ImageBehaviour, JobResult } from './options.ts';

/** What a container is doing, and until when (ms); the kubelet moves it on when the time has come. */
export interface ContainerRun {
  name: string;
  image: string;
  stage: 'creating' | 'pull-error' | 'pull-backoff' | 'config-error' | 'running' | 'terminated' | 'crash-backoff';
  until: number;
  behaviour: ImageBehaviour;
  configError: string;
  restarts: number;
  ready: boolean;
  startedAt: number;
  finishedAt: number;
  exitCode: number;
  /** How it ended before the present start. */
  last?: { exitCode: number; startedAt: number; finishedAt: number; log: string };
  log: string;
}

/** What a step of a container's life depends on. */
export interface ContainerWorld {
  /** Milliseconds from creation to ready; all times below are fractions of it. */
  speed: number;
  restartPolicy: string;
  /** Undefined while the image is still being pulled. */
  behaviour: (image: string) => ImageBehaviour | undefined;
  /** Undefined when the environment can be resolved. */
  configError: (container: string) => string | undefined;
  /** The program that asks a container whether it is ready, where it is not asked over the network. */
  probeProgram: (container: string) => string | undefined;
  /** Starts a Job's work where somebody does it; the result comes by `finish`. */
  startWork: ((run: ContainerRun) => void) | undefined;
  tell: (run: ContainerRun, reason: string, message: string, type?: 'Normal' | 'Warning') => void;
}

export function newContainer(name: string, image: string, now: number, speed: number): ContainerRun {
  const behaviour: ImageBehaviour = { kind: 'runs' };
  return {
    name,
    image,
    stage: 'creating',
    until: now + speed * 0.6,
    behaviour,
    configError: '',
    restarts: 0,
    ready: false,
    startedAt: 0,
    finishedAt: 0,
    exitCode: 0,
    log: '',
  };
}

/** Moves a container through what has become due by `now`. */
export function advance(run: ContainerRun, world: ContainerWorld, now: number): void {
  for (let moves = 0; now >= run.until && moves < 10; moves += 1) step(run, world, now);
}

function step(run: ContainerRun, world: ContainerWorld, now: number): void {
  if (run.stage === 'pull-error') {
    run.stage = 'pull-backoff';
    run.until = now + world.speed * 3;
    world.tell(run, 'BackOff', `Back-off pulling image "${run.image}"`);
    world.tell(run, 'Failed', 'Error: ImagePullBackOff');
  } else if (run.stage === 'running') ranOn(run, world, now);
  else if (run.stage === 'terminated') afterEnd(run, world, now);
  else start(run, world, now);
}

function start(run: ContainerRun, world: ContainerWorld, now: number): void {
  const behaviour = world.behaviour(run.image);
  if (!behaviour) {
    run.until = now + world.speed / 3;
    return;
  }
  run.behaviour = behaviour;
  if (run.behaviour.kind === 'not-found') return pullFailed(run, world, now);
  world.tell(run, 'Pulled', `Container image "${run.image}" already present on machine`, 'Normal');
  const message = run.behaviour.kind === 'config-error' ? run.behaviour.message : world.configError(run.name);
  if (message !== undefined) {
    Object.assign(run, { stage: 'config-error', configError: message, until: now + world.speed });
    return world.tell(run, 'Failed', `Error: ${message}`);
  }
  if (run.stage === 'crash-backoff' || run.finishedAt > 0) run.restarts += 1;
  Object.assign(run, {
    stage: 'running',
    startedAt: now,
    log: `started ${run.image}\n`,
    until: now + world.speed * 0.4,
  });
  world.tell(run, 'Created', `Created container: ${run.name}`, 'Normal');
  world.tell(run, 'Started', `Started container ${run.name}`, 'Normal');
  if (!world.startWork) return;
  run.until = Infinity;
  world.startWork(run);
}

function pullFailed(run: ContainerRun, world: ContainerWorld, now: number): void {
  run.stage = 'pull-error';
  run.until = now + world.speed;
  world.tell(run, 'Failed', pullMessage(run, true));
  world.tell(run, 'Failed', 'Error: ErrImagePull');
}

export function pullMessage({ image, behaviour }: Pick<ContainerRun, 'image' | 'behaviour'>, event = false): string {
  const other = behaviour.kind === 'not-found' ? behaviour.why : undefined;
  const [code, why] = other === undefined ? ['NotFound', `${image}: not found`] : ['Unknown', other];
  const cause = `rpc error: code = ${code} desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${why}`;
  return event ? `Failed to pull image "${image}": ${cause}` : cause;
}

/** What an image does when it has run for a moment: it is ready, it never is, or it ends. */
function ranOn(run: ContainerRun, world: ContainerWorld, now: number): void {
  const { behaviour } = run;
  if (behaviour.kind === 'crashes' || behaviour.kind === 'exits') return finish(run, world, behaviour, now);
  const unready = probeWords(behaviour, world.probeProgram(run.name));
  run.ready = unready === undefined;
  run.until = unready === undefined ? Infinity : now + world.speed * 3;
  if (unready !== undefined) world.tell(run, 'Unhealthy', `Readiness probe ${unready}`);
}

/** What the kubelet says of a probe that does not pass. A simulated container has no files, and so no program. */
function probeWords(behaviour: ImageBehaviour, program: string | undefined): string | undefined {
  if (behaviour.kind === 'never-ready') return `failed: ${behaviour.message}`;
  if (program === undefined) return undefined;
  const runtime = `OCI runtime exec failed: exec failed: unable to start container process: exec: "${program}"`;
  const why = `${runtime}: executable file not found in $PATH: unknown`;
  return `errored and resulted in unknown state: rpc error: code = Unknown desc = failed to exec in container: ${why}`;
}

export function finish(
  run: ContainerRun,
  world: Pick<ContainerWorld, 'restartPolicy' | 'speed'>,
  result: JobResult,
  now: number,
): void {
  const until = world.restartPolicy === 'Always' ? now + world.speed * 0.2 : Infinity;
  Object.assign(run, {
    stage: 'terminated',
    exitCode: result.exitCode,
    finishedAt: now,
    ready: false,
    until,
    log: result.log,
  });
}

/** The first restart comes at once, later ones after a growing pause, as the kubelet does. */
function afterEnd(run: ContainerRun, world: ContainerWorld, now: number): void {
  run.last = { exitCode: run.exitCode, startedAt: run.startedAt, finishedAt: run.finishedAt, log: run.log };
  if (run.restarts === 0) return start(run, world, now);
  run.stage = 'crash-backoff';
  run.until = now + world.speed * 1.33 * Math.min(4, 2 ** (run.restarts - 1));
}

/** `10s`, `1m20s`, `5m0s`: the pause a real kubelet would name; the sandbox's own is shorter. */
export function backOffWords(restarts: number): string {
  const seconds = Math.min(300, 10 * 2 ** Math.max(0, restarts - 1));
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
