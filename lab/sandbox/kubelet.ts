import { advance, finish, newContainer, type ContainerRun, type ContainerWorld } from './container.ts';
import type { Control } from './control.ts';
import { resolveEnvironment } from './environment.ts';
import type { AppAnswer, AppRequest, JobResult, SandboxOptions } from './options.ts';
import { podLabel, podStatus } from './pod-status.ts';
import { controllerOf } from './selectors.ts';
import type { Job, Pod } from './types.ts';

/** Runs the region's pods: one simulated node. */
export interface Kubelet {
  step(): void;
  /** Undefined when the pod has no such container, or the container no such run. */
  log(pod: Pod, container: string, previous: boolean): string | undefined;
  /** How the first container that has an answer for people answers. */
  answer(pod: Pod, request: AppRequest): Promise<AppAnswer>;
  stop(): void;
}

interface PodRun {
  containers: ContainerRun[];
  address: string;
  removeAt: number;
  work: AbortController;
  /** What the status was last written from: nothing is written while nothing moves. */
  told: string;
  job: Job | undefined;
}

export function createKubelet(
  control: Control,
  options: Pick<SandboxOptions, 'images' | 'runJob'> & { speed: number },
): Kubelet {
  const running = new Map<string, PodRun>();
  const { store, now } = control;
  let addresses = 0;

  function adopt(pod: Pod): PodRun {
    addresses += 1;
    const run: PodRun = {
      containers: pod.spec.containers.map(({ name, image }) => newContainer(name, image, now(), options.speed)),
      address: `10.244.${Math.floor(addresses / 250) % 250}.${(addresses % 250) + 2}`,
      removeAt: Infinity,
      work: new AbortController(),
      told: '',
      job: store.list('Job', pod.metadata.namespace).find((job) => job.metadata.uid === controllerOf(pod)),
    };
    running.set(pod.metadata.uid, run);
    control.record(pod, {
      type: 'Normal',
      reason: 'Scheduled',
      message: `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to sandbox-node`,
      component: 'default-scheduler',
    });
    return run;
  }

  function worldOf(pod: Pod, run: PodRun): ContainerWorld {
    const containerOf = (name: string) =>
      pod.spec.containers.find((container) => container.name === name) ?? { name, image: '' };
    return {
      speed: options.speed,
      restartPolicy: pod.spec.restartPolicy ?? 'Always',
      behaviour: options.images,
      configError(name) {
        const resolved = resolveEnvironment(store, pod.metadata.namespace ?? '', containerOf(name));
        return resolved.ok ? undefined : resolved.message;
      },
      probeProgram: (name) => containerOf(name).readinessProbe?.exec?.command?.[0],
      startWork: run.job && options.runJob ? (container) => void work(pod, run, container) : undefined,
      tell: (container, reason, message, type = 'Warning') =>
        control.record(pod, { type, reason, message, component: 'kubelet', container: container.name }),
    };
  }

  async function work(pod: Pod, run: PodRun, container: ContainerRun): Promise<void> {
    const spec = pod.spec.containers.find((one) => one.name === container.name);
    const resolved = spec && resolveEnvironment(store, pod.metadata.namespace ?? '', spec);
    if (!spec || !resolved?.ok || !run.job || !options.runJob) return;
    const { command = [], args = [], image } = spec;
    const job = {
      name: run.job.metadata.name,
      namespace: pod.metadata.namespace ?? '',
      image,
      command,
      args,
      env: resolved.env,
      signal: run.work.signal,
    };
    const result = await options
      .runJob(job)
      .catch((error: unknown): JobResult => ({ exitCode: 128, log: `${String(error)}\n` }));
    finish(container, { restartPolicy: 'Never', speed: options.speed }, result, now());
  }

  function stepPod(pod: Pod): void {
    const run = running.get(pod.metadata.uid) ?? adopt(pod);
    if (pod.metadata.deletionTimestamp) {
      run.work.abort();
      if (run.removeAt === Infinity) run.removeAt = now() + options.speed / 3;
      if (now() < run.removeAt) return;
      running.delete(pod.metadata.uid);
      return store.remove(pod);
    }
    const world = worldOf(pod, run);
    for (const container of run.containers) {
      const before = container.stage;
      advance(container, world, now());
      if (container.stage === 'crash-backoff' && before !== 'crash-backoff')
        world.tell(
          container,
          'BackOff',
          `Back-off restarting failed container ${container.name} in pod ${podLabel(pod)}`,
        );
    }
    const moved = run.containers
      .map(({ stage, restarts, ready, configError }) => `${stage} ${restarts} ${ready} ${configError}`)
      .join('\n');
    if (moved === run.told) return;
    run.told = moved;
    store.change(
      'Pod',
      pod.metadata,
      (draft) => void (draft.status = podStatus(pod, run.containers, run.address, now())),
    );
  }

  return {
    step: () => store.list('Pod').forEach(stepPod),
    log(pod, name, previous) {
      const container = running.get(pod.metadata.uid)?.containers.find((one) => one.name === name);
      if (!container) return undefined;
      if (previous) return container.last?.log;
      if (container.stage === 'crash-backoff') return container.last?.log;
      return container.startedAt > 0 ? container.log : undefined;
    },
    async answer(pod, request) {
      const containers = running.get(pod.metadata.uid)?.containers ?? [];
      for (const { behaviour } of containers)
        if (behaviour.kind === 'runs' && behaviour.answer) return behaviour.answer(request);
      return {
        status: 200,
        body: `${JSON.stringify({ pod: pod.metadata.name, image: containers[0]?.image })}\n`,
        contentType: 'application/json',
      };
    },
    stop: () => running.forEach((run) => run.work.abort()),
  };
}
