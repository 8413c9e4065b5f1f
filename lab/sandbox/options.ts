/** What a request to a running application looks like to the image that answers it. */
export interface AppRequest {
  method: string;
  path: string;
  body: string;
}

export interface AppAnswer {
  status: number;
  body: string;
  contentType?: string;
}

/** What becomes of a container that is started from an image. Asked again at each start. */
export type ImageBehaviour =
  | {
      kind: 'runs';
      answer?: (request: AppRequest) => AppAnswer | Promise<AppAnswer>;
      /** What the runtime reports as the image's id, where that is not its name by digest. */
      imageId?: string;
    }
  | { kind: 'crashes'; exitCode: number; log: string }
  /** It cannot be pulled. `why`: in other words than that it is not there. */
  | { kind: 'not-found'; why?: string }
  | { kind: 'config-error'; message: string }
  | { kind: 'never-ready'; message: string }
  | { kind: 'exits'; exitCode: number; log: string };

/** A Job's one container, with its environment resolved from literal values and from the Secrets stored in the sandbox. */
export interface SandboxJob {
  name: string;
  namespace: string;
  image: string;
  command: string[];
  args: string[];
  env: Record<string, string>;
  /** Aborted when the pod is deleted, the Job's deadline passes or the region stops. */
  signal: AbortSignal;
}

export interface JobResult {
  exitCode: number;
  log: string;
}

export interface SandboxOptions {
  name: string;
  /** Where `<name>.kubeconfig` is written. Must exist. */
  directory: string;
  /** Loopback only; a free one when left out. */
  port?: number;
  /** Undefined while the image is still being pulled: asked again soon. */
  images: (image: string) => ImageBehaviour | undefined;
  /** Does a Job's work. Without it the image's behaviour decides. */
  runJob?: (job: SandboxJob) => Promise<JobResult>;
  /** Milliseconds from a pod's creation until it is ready; every other delay is scaled by it. Default 300. */
  speed?: number;
}
