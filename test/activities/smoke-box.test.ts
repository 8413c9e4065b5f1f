import { expect, it } from '@jest/globals';
import type { V1PodSpec, V1SecurityContext } from '@kubernetes/client-node';
import { jobBody } from '../../activities/shared/job-body.ts';
import type { ClusterJob } from '../../activities/shared/job.ts';
import { smokeKind } from '../../activities/smoke/job-smoke.ts';
import { anImage, aRegion } from '../domain/builders.ts';

/** The pod of a smoke test beside a Deployment like this. */
function podBeside(pod: Partial<V1PodSpec>, securityContext?: V1SecurityContext): V1PodSpec {
  const { cluster, namespace } = aRegion();
  const like = { deployment: 'api', container: 'api', only: 'place' as const };
  const may = { for: 'looking' as const, serviceAccounts: [], secrets: [] };
  const what = { cluster, namespace, name: 'smoke', image: anImage(), command: ['x'], labels: {}, timeoutMs: 60_000 };
  const job: ClusterJob = { ...what, like, env: {}, envFrom: [], may };
  const container = { name: 'api', ...(securityContext && { securityContext }) };
  return jobBody(job, smokeKind, { pod: { containers: [container], ...pod }, container }).spec!.template.spec!;
}

const localhost = { type: 'Localhost', localhostProfile: 'shop.json' };
const usual = { type: 'RuntimeDefault' };

it.each<[string, V1SecurityContext | undefined, Partial<V1PodSpec>, object]>([
  ['a profile of system calls', { seccompProfile: localhost }, {}, { seccompProfile: localhost }],
  ['one of its pod', undefined, { securityContext: { seccompProfile: localhost } }, { seccompProfile: localhost }],
  [
    'the container’s own before that of its pod',
    { seccompProfile: usual },
    { securityContext: { seccompProfile: localhost } },
    { seccompProfile: usual },
  ],
  ['no leave to make any system call', { seccompProfile: { type: 'Unconfined' } }, {}, { seccompProfile: usual }],
  ['a profile of AppArmor', { appArmorProfile: localhost }, {}, { appArmorProfile: localhost, seccompProfile: usual }],
  ['no leave from AppArmor', { appArmorProfile: { type: 'Unconfined' } }, {}, { seccompProfile: usual }],
  [
    'labels of SELinux',
    { seLinuxOptions: { level: 's0:c1' } },
    {},
    { seLinuxOptions: { level: 's0:c1' }, seccompProfile: usual },
  ],
  [
    'the labels of its pod',
    undefined,
    { securityContext: { seLinuxOptions: { level: 's0:c1,c2' } } },
    { seLinuxOptions: { level: 's0:c1,c2' }, seccompProfile: usual },
  ],
  [
    'a profile of AppArmor of its pod',
    undefined,
    { securityContext: { appArmorProfile: localhost } },
    { appArmorProfile: localhost, seccompProfile: usual },
  ],
  [
    'no leave from AppArmor of its pod',
    undefined,
    { securityContext: { appArmorProfile: { type: 'Unconfined' } } },
    { seccompProfile: usual },
  ],
  ['no range of labels', { seLinuxOptions: { level: 's0-s0:c0.c1023' } }, {}, { seccompProfile: usual }],
  [
    'no type of SELinux of its pod',
    undefined,
    { securityContext: { seLinuxOptions: { type: 'unconfined_service_t' } } },
    { seccompProfile: usual },
  ],
  ['no type of SELinux that is bound by nothing', { seLinuxOptions: { type: 'spc_t' } }, {}, { seccompProfile: usual }],
])('a smoke test keeps of the Deployment’s box %s', (_what, own, pod, kept) => {
  const bare = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
  expect(podBeside(pod, own).containers[0]?.securityContext).toEqual({ ...bare, ...kept });
});

it('a smoke test gets of what the pod says of its box who it runs as, and nothing that would be handed on to its container', () => {
  const whoever = { runAsUser: 1000, runAsGroup: 1000, runAsNonRoot: true, fsGroup: 1000, supplementalGroups: [2000] };
  const loose = {
    appArmorProfile: { type: 'Unconfined' },
    seLinuxOptions: { type: 'spc_t' },
    seccompProfile: { type: 'Unconfined' },
    sysctls: [{ name: 'net.core.somaxconn', value: '1' }],
    windowsOptions: { hostProcess: true },
  };
  expect(podBeside({ securityContext: { ...whoever, ...loose } }).securityContext).toEqual(whoever);
  expect(podBeside({ securityContext: loose })).not.toHaveProperty('securityContext');
});

it('a smoke test does not keep people waiting for as long as the Deployment may take to end', () => {
  const graceOf = (terminationGracePeriodSeconds: number) =>
    podBeside({ terminationGracePeriodSeconds }).terminationGracePeriodSeconds;
  expect([5, 3_600].map(graceOf)).toEqual([5, 30]);
});

it('a smoke test has users of its own where the Deployment has, and never its priority', () => {
  const pod = podBeside({ hostUsers: false, priorityClassName: 'of-the-shop', runtimeClassName: 'gvisor' });
  expect(pod).toMatchObject({ hostUsers: false, runtimeClassName: 'gvisor' });
  expect(pod).not.toHaveProperty('priorityClassName');
  expect(podBeside({ hostUsers: true })).not.toHaveProperty('hostUsers');
});
