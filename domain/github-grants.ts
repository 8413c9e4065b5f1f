import { namedEvents } from './contract/github.ts';
import type { GithubJob, GithubService } from './contract/github.ts';
import type { Grant } from './contract/rights.ts';
import type { Stranger } from './people.ts';

/** What a job's token is good for by the policy: to start its own commit, and to look. Never to decide, and never to operate. */
export function grantsOfJob(job: GithubJob, services: readonly GithubService[]): readonly Grant[] | Stranger {
  const own = services.filter(({ repository }) => String(repository) === job.repositoryId);
  if (own.length === 0) return unknownRepository(job);
  const branch = branchOf(job);
  if (branch === undefined) return noBranch(job);
  const refused = own.map((service) => refuseJob(job, service));
  const [why] = refused;
  if (why && !refused.includes(undefined)) return why;
  return own.flatMap((service, nth) => (refused[nth] ? [] : grantsOf(service, job, branch)));
}

/** By GitHub itself: a tag may be called as a branch is. */
function branchOf({ ref, refType }: GithubJob): string | undefined {
  return refType === 'branch' ? /^refs\/heads\/(.+)$/.exec(ref)?.[1] : undefined;
}

function grantsOf({ service, environments }: GithubService, { sha, environment }: GithubJob, branch: string): Grant[] {
  const there = environments.filter((one) => (one.environment ?? environment) === environment);
  return [
    { rights: ['look'], services: [service] },
    { rights: ['start'], services: [service], environments: there.map(({ name }) => name), branch, commit: sha },
  ];
}

function refuseJob(
  { event, workflow }: GithubJob,
  { service, events, workflows }: GithubService,
): Stranger | undefined {
  if (!events.includes(event)) {
    const refused = `a job that ${event} has started releases no ${service}: by the policy ${events.join(' and ')} do`;
    const next = mayBeNamed(event)
      ? `The operator adds it to \`services.${service}.github.events\`, if it may.`
      : `No policy lets it: have the workflow started by ${events.join(' or ')}.`;
    return { refused, next };
  }
  if (workflows && !workflows.includes(workflow))
    return {
      refused: `the workflow ${workflow} releases no ${service}: by the policy ${workflows.join(' and ')} may`,
      next: `The operator adds it to \`services.${service}.github.workflows\`, if it may.`,
    };
  return undefined;
}

function mayBeNamed(event: string): boolean {
  return namedEvents.some((one) => one === event);
}

/** A fork is a repository of its own, whatever it is called. */
function unknownRepository({ repository, repositoryId }: GithubJob): Stranger {
  return {
    refused: `no service is released from the GitHub repository ${repositoryId} (${repository})`,
    next: `The operator adds \`github: { repository: ${repositoryId} }\` to the service in the policy, if it may.`,
  };
}

function noBranch({ ref }: GithubJob): Stranger {
  return {
    refused: `${ref} is no branch: what is released is the commit of a branch`,
    next: 'Run the workflow on the branch.',
  };
}
