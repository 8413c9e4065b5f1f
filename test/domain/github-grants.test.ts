import { describe, expect, it } from '@jest/globals';
import type { GithubJob, GithubService } from '../../domain/contract/github.ts';
import type { Grant } from '../../domain/contract/rights.ts';
import { grantsOfJob } from '../../domain/github-grants.ts';

const job: GithubJob = {
  repositoryId: '700',
  repository: 'example/shop',
  event: 'push',
  ref: 'refs/heads/release/1.2',
  refType: 'branch',
  sha: 'a'.repeat(40),
  workflow: 'example/shop/.github/workflows/deploy.yml@refs/heads/main',
};
const shop: GithubService = {
  service: 'shop',
  repository: 700,
  events: ['push'],
  environments: [{ name: 'staging' }, { name: 'production', environment: 'live' }],
};
const pay: GithubService = { ...shop, service: 'pay', events: ['schedule'], environments: [{ name: 'staging' }] };

function granted(changes: Partial<GithubJob>, services: GithubService[]): readonly Grant[] {
  const grants = grantsOfJob({ ...job, ...changes }, services);
  if ('refused' in grants) throw new Error(grants.refused);
  return grants;
}

describe('what the token of a job is good for', () => {
  it('is to look at its service, and to start its own commit from its own branch', () => {
    expect(grantsOfJob(job, [shop])).toEqual([
      { rights: ['look'], services: ['shop'] },
      { rights: ['start'], services: ['shop'], environments: ['staging'], branch: 'release/1.2', commit: job.sha },
    ]);
  });

  it('is for the environments that ask for that of the job, and for those that ask for none', () => {
    const [, toStart] = granted({ environment: 'live' }, [shop]);
    expect(toStart?.environments).toEqual(['staging', 'production']);
  });

  it('is of all services of the repository that let such a job release them', () => {
    const other = { ...shop, service: 'other', repository: 7 };
    const services = (changes: Partial<GithubJob>) =>
      granted(changes, [shop, pay, other]).map(({ services: [service] = [] }) => service);
    expect(services({})).toEqual(['shop', 'shop']);
    expect(services({ event: 'schedule' })).toEqual(['pay', 'pay']);
  });

  it.each<[string, Partial<GithubJob>, GithubService[], string]>([
    ['no service is released from its repository', { repositoryId: '70' }, [shop], 'no service is released from'],
    ['the policy names none', {}, [], 'no service is released from the GitHub repository 700 (example/shop)'],
    ['its event may not', { event: 'pull_request_target' }, [shop], 'a job that pull_request_target has started'],
    ['it is of a tag', { refType: 'tag' }, [shop], 'refs/heads/release/1.2 is no branch'],
    ['its ref is no branch', { ref: 'refs/heads/' }, [shop], 'refs/heads/ is no branch'],
    ['its workflow may not', {}, [{ ...shop, workflows: ['example/ci/x.yml@main'] }], 'the workflow example/shop/'],
  ])('is nothing where %s', (_, changes, services, words) => {
    const grants = grantsOfJob({ ...job, ...changes }, services);
    expect('refused' in grants ? grants.refused : grants).toContain(words);
  });
});
