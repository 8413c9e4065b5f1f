import { describe, expect, it } from '@jest/globals';
import type { V1Container, V1EnvVar, V1PodSpec } from '@kubernetes/client-node';
import { migrationKind } from '../../activities/migrations/job-migrations.ts';
import type { Borrowing, MigrationJob } from '../../activities/migrations/port.ts';
import { jobBody as bodyOf, jobHash } from '../../activities/shared/job-body.ts';
import { refuseBorrowing, type Lender } from '../../activities/shared/job-borrowing.ts';
import { anImage, aRegion } from '../domain/builders.ts';

const jobBody = (job: MigrationJob, lender?: Lender) => bodyOf(job, migrationKind, lender);

const looking: Borrowing = { for: 'looking', serviceAccounts: [], secrets: ['read-only'] };
const changing: Borrowing = { for: 'changing', serviceAccounts: ['migrator'] };

function aJob(may: Borrowing, like: MigrationJob['like'] = { deployment: 'api', container: 'api' }): MigrationJob {
  const { cluster, namespace } = aRegion();
  const what = { cluster, namespace, name: 'migrate', image: anImage(), command: ['migrate'], labels: {} };
  return { ...what, env: {}, envFrom: [], timeoutMs: 60_000, may, ...(like && { like }) };
}

/** Whose container mounts every volume of its pod. */
function aLender(pod: Partial<V1PodSpec> = {}, container: Partial<V1Container> = {}) {
  const volumeMounts = (pod.volumes ?? []).map(({ name }) => ({ name, mountPath: `/${name}` }));
  const whole: V1Container = { name: 'api', volumeMounts, ...container };
  return { pod: { containers: [whole], ...pod }, container: whole };
}

const volume = (source: object) => aLender({ volumes: [{ name: 'v', ...source }] });
const secretsOfWriters: [string, ReturnType<typeof aLender>][] = [
  ['a variable', aLender({}, { env: [{ name: 'URL', valueFrom: { secretKeyRef: { name: 'writer', key: 'url' } } }] })],
  [
    'an optional variable',
    aLender({}, { env: [{ name: 'U', valueFrom: { secretKeyRef: { name: 'writer', key: 'u', optional: true } } }] }),
  ],
  ['all of its variables', aLender({}, { envFrom: [{ secretRef: { name: 'writer' } }] })],
  ['a volume', volume({ secret: { secretName: 'writer' } })],
  [
    'a projected volume',
    volume({ projected: { sources: [{ configMap: { name: 'x' } }, { secret: { name: 'writer' } }] } }),
  ],
  ['the login of a network volume', volume({ cephfs: { monitors: [], secretRef: { name: 'writer' } } })],
  ['the login of a share', volume({ azureFile: { secretName: 'writer', shareName: 's' } })],
  [
    'a driver that fetches secrets',
    volume({ csi: { driver: 'secrets', volumeAttributes: { secretProviderClass: 'writer' } } }),
  ],
  ['the login of a driver', volume({ csi: { driver: 'read-only', nodePublishSecretRef: { name: 'writer' } } })],
];

describe('what the Job of a migration borrows', () => {
  it.each(secretsOfWriters)('is refused before anybody approved it when it holds a secret by %s', (_by, lender) => {
    expect(refuseBorrowing(aJob(looking), lender)).toMatch(/the secret writer of api, .*`secrets.plan`/);
  });

  it.each(secretsOfWriters)('may be a secret by %s where the policy names it for planning', (_by, lender) => {
    const may = { ...looking, secrets: ['writer', 'read-only'] };
    expect(refuseBorrowing(aJob(may as Borrowing), lender)).toBeUndefined();
  });

  it.each(secretsOfWriters)('may be a secret by %s once it is approved', (_by, lender) => {
    expect(refuseBorrowing(aJob(changing), lender)).toBeUndefined();
  });

  it.each(secretsOfWriters)('is no secret by %s where it borrows the place alone', (_by, lender) => {
    const job = aJob(looking, { deployment: 'api', container: 'api', only: 'place' });
    expect(refuseBorrowing(job, lender)).toBeUndefined();
    expect(JSON.stringify(jobBody(job, lender))).not.toContain('writer');
  });

  it('leaves out the volumes that only other containers of the pod mount', () => {
    const { pod } = aLender({ volumes: [{ name: 'v', secret: { secretName: 'writer' } }] });
    const lender = { pod, container: { name: 'sidecar' } };
    expect(refuseBorrowing(aJob(looking), lender)).toBeUndefined();
    expect(JSON.stringify(jobBody(aJob(looking), lender))).not.toContain('writer');
  });

  it.each<[string, Borrowing, Partial<V1PodSpec>, boolean]>([
    ['nobody', looking, {}, true],
    ["the namespace's default", looking, { serviceAccountName: 'default' }, true],
    ['an account that is not named', changing, { serviceAccountName: 'admin' }, false],
    ['an account that is named', changing, { serviceAccountName: 'migrator' }, true],
    ['an account that is named for the other kind of Job', looking, { serviceAccountName: 'migrator' }, false],
  ])('as whom it runs: %s', (_who, may, pod, allowed) => {
    expect(refuseBorrowing(aJob(may), aLender(pod)) === undefined).toBe(allowed);
  });

  it('is an identity also where the token of `default` is projected on purpose', () => {
    const token = { name: 'v', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } };
    expect(refuseBorrowing(aJob(looking), aLender({ volumes: [token] }))).toMatch(/service account default/);
  });
});

describe('variables that a release brings to what the Job of a migration borrows from', () => {
  const literal = (name: string, value: string) => ({ name, value });
  const inSecret = (secret: string, key: string) => ({ secretKeyRef: { name: secret, key, optional: true } });
  const environment = (over: Partial<MigrationJob>, env: V1EnvVar[]) =>
    jobBody({ ...aJob(changing), ...over }, aLender({}, { env })).spec?.template.spec?.containers[0]?.env;

  it.each<[string, Partial<MigrationJob>, V1EnvVar[], V1EnvVar[]]>([
    ['beside those that are there', { brought: { NEW: '1' } }, [literal('A', 'a')], [literal('A', 'a'), literal('NEW', '1')]], // prettier-ignore
    ['in the place of an older value', { brought: { A: '1' } }, [literal('A', 'a'), literal('B', '$(A)')], [literal('A', '1'), literal('B', '$(A)')]], // prettier-ignore
    ['in the place of what comes from elsewhere', { brought: { A: '1' } }, [{ name: 'A', valueFrom: inSecret('shop', 'a') }], [literal('A', '1')]], // prettier-ignore
    ['in their order, as it will be in the Deployment: each knows those before it', { brought: { NEW: '1', A: '$(NEW)', Z: '$(A)' } }, [literal('B', 'b'), literal('A', 'a'), literal('C', 'c')], [literal('B', 'b'), literal('NEW', '1'), literal('A', '$(NEW)'), literal('C', 'c'), literal('Z', '$(A)')]], // prettier-ignore
    ['once, in whatever order the Deployment has them', { brought: { A: '1', B: '2' } }, [literal('B', 'b'), literal('A', 'a')], [literal('A', '1'), literal('B', '2')]], // prettier-ignore
    ['but not over its own', { brought: { A: '1' }, env: { A: 'own' } }, [literal('A', 'a')], [literal('A', 'own')]],
    ['but not over a secret of its own', { brought: { A: '1' }, envFrom: ['migrate'] }, [literal('A', 'a')], [literal('A', '1'), { name: 'A', valueFrom: inSecret('migrate', 'A') }]], // prettier-ignore
    ['but not over a secret of its own, where only the release has it', { brought: { A: '1' }, envFrom: ['migrate'] }, [], [literal('A', '1'), { name: 'A', valueFrom: inSecret('migrate', 'A') }]], // prettier-ignore
  ])('count %s', (_how, over, there, expected) => {
    expect(environment(over, there)).toEqual(expected);
  });

  it('are all that is borrowed of ours: what the release does not name any more is taken out of the Deployment, too', () => {
    const env = [literal('OLD', 'o'), literal('A', 'a'), literal('THEIRS', 't')];
    const lender = { ...aLender({}, { env }), ours: new Set(['OLD', 'A']) };
    const borrowed = (over: Partial<MigrationJob>) =>
      jobBody({ ...aJob(changing), ...over }, lender).spec?.template.spec?.containers[0]?.env;
    expect(borrowed({ brought: { A: '1' } })).toEqual([literal('A', '1'), literal('THEIRS', 't')]);
    expect(borrowed({ brought: {} })).toEqual([literal('THEIRS', 't')]);
    // Nothing is put in place there: it stays as it is.
    expect(borrowed({})).toEqual(env);
  });

  it('have at their end what is put there', () => {
    const appended = { PGOPTIONS: '-c lock_timeout=5000' };
    expect(environment({ brought: { PGOPTIONS: '-c a=1' }, appended }, [])).toEqual([
      literal('SLIPWAY_PGOPTIONS', ''),
      literal('SLIPWAY_PGOPTIONS', '-c a=1'),
      literal('PGOPTIONS', '$(SLIPWAY_PGOPTIONS) -c lock_timeout=5000'),
    ]);
  });

  it('are none where it borrows the place alone, or nothing', () => {
    const place = { deployment: 'api', container: 'api', only: 'place' } as const;
    expect(environment({ brought: { A: '1' }, like: place }, [literal('B', 'b')])).toEqual([]);
    const { like: _like, ...alone } = aJob(changing);
    expect(jobBody({ ...alone, brought: { A: '1' } }).spec?.template.spec?.containers[0]?.env).toEqual([]);
  });

  it('are a part of what the Job is', () => {
    expect(jobHash({ ...aJob(changing), brought: { A: '1' } })).not.toBe(jobHash(aJob(changing)));
    expect(jobHash({ ...aJob(changing), brought: {} })).toBe(jobHash(aJob(changing)));
  });
});

describe('files of the node that the Deployment reaches', () => {
  const sockets = ['Socket', 'Directory', ''].map((type) => volume({ hostPath: { path: '/run/agent.sock', type } }));

  it.each(sockets)('start nothing that only looks: read-only is no bound for a socket', (lender) => {
    expect(refuseBorrowing(aJob(looking), lender)).toMatch(/\/run\/agent.sock of its node, .*`planEnvFrom`/);
  });

  it.each(sockets)('are for the Job that is approved, and not for one that borrows the place alone', (lender) => {
    const place = { deployment: 'api', container: 'api', only: 'place' } as const;
    expect([aJob(changing), aJob(looking, place)].map((job) => refuseBorrowing(job, lender))).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('are nothing to a container that does not mount them', () => {
    const lender = aLender({ volumes: [{ name: 'v', hostPath: { path: '/' } }] }, { volumeMounts: [] });
    expect(refuseBorrowing(aJob(looking), lender)).toBeUndefined();
  });
});

describe('the rights of the container of a migration', () => {
  const rightsOf = (may: Borrowing, securityContext?: V1Container['securityContext']) =>
    jobBody(aJob(may), aLender({}, securityContext && { securityContext })).spec?.template.spec?.containers[0]
      ?.securityContext;

  it('do not grow, also where the Deployment says nothing', () => {
    expect(rightsOf(changing)).toEqual({ allowPrivilegeEscalation: false });
    expect(jobBody(aJob(looking, undefined)).spec?.template.spec?.containers[0]?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
    });
  });

  it('are what the Deployment says that it needs, for the Job that is approved', () => {
    const needs = { privileged: true, runAsUser: 0, capabilities: { add: ['NET_ADMIN'] } };
    expect(rightsOf(changing, needs)).toEqual({ ...needs, allowPrivilegeEscalation: true });
    const gains = { allowPrivilegeEscalation: true, readOnlyRootFilesystem: true };
    expect(rightsOf(changing, gains)).toEqual(gains);
  });

  it('are no more than those of any container while it only looks', () => {
    const lender = { privileged: true, runAsNonRoot: true, capabilities: { add: ['SYS_ADMIN'], drop: ['ALL'] } };
    expect(rightsOf(looking, lender)).toEqual({
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
      allowPrivilegeEscalation: false,
    });
  });

  it('let it write nowhere but in scratch space while it only looks', () => {
    const lender = aLender({
      volumes: [
        { name: 'media', persistentVolumeClaim: { claimName: 'media' } },
        { name: 'scratch', emptyDir: {} },
      ],
    });
    const mounts = (may: Borrowing) => jobBody(aJob(may), lender).spec?.template.spec?.containers[0]?.volumeMounts;
    expect(mounts(looking)).toEqual([
      { name: 'media', mountPath: '/media', readOnly: true },
      { name: 'scratch', mountPath: '/scratch' },
    ]);
    expect(mounts(changing)).toEqual(lender.container.volumeMounts);
  });
});
