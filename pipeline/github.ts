import type { GithubService } from '../domain/contract/github.ts';
import { githubEvents } from './github-schema.ts';
import type { Policy } from './load.ts';

/** Which jobs of GitHub Actions may release which services. */
export function githubServices({ content }: Pick<Policy, 'content'>): GithubService[] {
  return Object.entries(content.services).flatMap(([service, { github, environments }]): GithubService[] => {
    if (!github) return [];
    const { repository, events, workflows } = github;
    const reached = Object.entries(environments).map(([name, { github: asked }]) => ({
      name,
      ...(asked && { environment: asked.environment }),
    }));
    return [
      {
        service,
        repository,
        events: [...(events ?? githubEvents)],
        ...(workflows && { workflows: [...workflows] }),
        environments: reached,
      },
    ];
  });
}
