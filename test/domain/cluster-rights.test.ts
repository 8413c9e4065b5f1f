import { describe, expect, it } from '@jest/globals';
import { jobRights, rolloutRights, rulesFor, smokeRights } from '../../domain/cluster-rights.ts';

describe('the rules that give missing rights', () => {
  it('are one for each resource, with each verb once, as a Role has them', () => {
    expect(rulesFor(rolloutRights(['core', 'worker']))).toEqual([
      '{ apiGroups: [apps], resources: [deployments], verbs: [get, patch] }',
      '{ apiGroups: [apps], resources: [replicasets], verbs: [list] }',
      "{ apiGroups: [''], resources: [pods], verbs: [list] }",
    ]);
  });

  it('are, for Jobs, those of their pods and logs as well, and of the Deployment that they borrow from', () => {
    expect(rulesFor(jobRights('core'))).toEqual([
      '{ apiGroups: [batch], resources: [jobs], verbs: [create, get, list, delete] }',
      "{ apiGroups: [''], resources: [pods], verbs: [list, watch] }",
      "{ apiGroups: [''], resources: [pods/log], verbs: [get] }",
      '{ apiGroups: [apps], resources: [deployments], verbs: [get] }',
    ]);
    expect(rulesFor(jobRights())).toHaveLength(3);
  });

  it('are, for smoke tests, no more than it takes to make a Job, see its end and take it away', () => {
    expect(rulesFor(smokeRights('core'))).toEqual([
      '{ apiGroups: [batch], resources: [jobs], verbs: [create, get, delete] }',
      "{ apiGroups: [''], resources: [pods], verbs: [list] }",
      "{ apiGroups: [''], resources: [pods/log], verbs: [get] }",
      '{ apiGroups: [apps], resources: [deployments], verbs: [get] }',
    ]);
  });

  it('are none where nothing is missing', () => {
    expect(rulesFor([])).toEqual([]);
  });
});
