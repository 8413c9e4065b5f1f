/** What GitHub says of a job, in a token that it has signed: its claims, those that anything goes by. */
export interface GithubJob {
  repositoryId: string;
  /** For people to read: names change hands. */
  repository: string;
  event: string;
  /** `refs/heads/main`. */
  ref: string;
  /** `branch` or `tag`. */
  refType: string;
  sha: string;
  /** `owner/repository/.github/workflows/file.yml@ref`: the file whose job it is, also where another calls it. */
  workflow: string;
  /** Absent for a job without one. */
  environment?: string;
}

/** What a policy may let start such a job: nothing that strangers set off, a pull request, say. */
export const namedEvents = ['push', 'workflow_dispatch', 'schedule', 'repository_dispatch'] as const;

/** Which jobs the operator's policy lets release a service. */
export interface GithubService {
  service: string;
  repository: number;
  events: readonly string[];
  /** Absent: any. */
  workflows?: readonly string[];
  environments: readonly GithubEnvironment[];
}

export interface GithubEnvironment {
  name: string;
  /** Of GitHub, that the job must have. Absent: any, or none. */
  environment?: string;
}
