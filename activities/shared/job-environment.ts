import type { V1Container, V1EnvFromSource, V1EnvVar, V1EnvVarSource } from '@kubernetes/client-node';
import type { Lender } from './job-borrowing.ts';
import type { ClusterJob } from './job.ts';

type Environment = Pick<V1Container, 'env' | 'envFrom'>;

/**
 * What a Job's container gets: what it borrows, then what it names itself. Nobody here may read secrets, so the kubelet is left to merge
 * them, by two of its rules: of two entries with one name the later counts, and one that refers to a key which is not there, and may be
 * missing, counts for nothing.
 */
export function environmentOf(job: ClusterJob, lender: Lender | undefined): Environment {
  const like = lender?.container;
  const own = job.envFrom.map((name): V1EnvFromSource => ({ secretRef: { name } }));
  const borrowed = lentBy(lender, job).filter(({ name }) => !Object.hasOwn(job.env, name));
  const literal = Object.entries(job.env).map(([name, value]): V1EnvVar => ({ name, value }));
  const envFrom = [...(like?.envFrom ?? []), ...own];
  const env = [...borrowed.flatMap((variable) => [variable, ...overridesOf(variable.name, own)]), ...literal];
  const appended = Object.entries(job.appended ?? {});
  return {
    env: [
      ...env.filter(({ name }) => !Object.hasOwn(job.appended ?? {}, name)),
      ...appended.flatMap(([name, text]) => withText(name, text, { env, envFrom })),
    ],
    envFrom,
  };
}

/**
 * The container's variables as they will be with what is brought to it, without those of ours that are not brought again, in the order that
 * server-side apply gives them: what is new stands before the next of what is there already and is brought. By that order goes what `$(NAME)` knows.
 * The two are the same only where what both have stands in the same order on both sides, as what we have written does; where others have changed the
 * order, the API server merges otherwise than this.
 */
function lentBy(lender: Lender | undefined, { brought }: ClusterJob): V1EnvVar[] {
  if (!lender) return [];
  const stays = ({ name }: V1EnvVar) => !brought || Object.hasOwn(brought, name) || !lender.ours?.has(name);
  return withBrought((lender.container.env ?? []).filter(stays), brought ?? {});
}

function withBrought(there: V1EnvVar[], brought: Record<string, string>): V1EnvVar[] {
  const left = Object.entries(brought).map(([name, value]): V1EnvVar => ({ name, value }));
  const placed = there.flatMap((variable) =>
    Object.hasOwn(brought, variable.name)
      ? left.splice(0, left.findIndex(({ name }) => name === variable.name) + 1)
      : [variable],
  );
  return [...placed, ...left];
}

/** Without these, a variable that the Deployment sets, or gets, would win over the same one in a secret of the migration's own. */
function overridesOf(name: string, sources: V1EnvFromSource[]): V1EnvVar[] {
  return sources.flatMap((source) => {
    const valueFrom = keyOf(source, name);
    return valueFrom ? [{ name, valueFrom }] : [];
  });
}

/** The variable as it would have been, under another name, and from that the variable with the text at its end. */
function withText(name: string, text: string, { env, envFrom }: Required<Environment>): V1EnvVar[] {
  const before = `SLIPWAY_${name}`;
  return [
    { name: before, value: '' },
    ...overridesOf(name, envFrom).map((variable) => ({ ...variable, name: before })),
    ...env.filter((variable) => variable.name === name).map((variable) => ({ ...variable, name: before })),
    { name, value: `$(${before}) ${text}` },
  ];
}

const possibleKey = /^[-._a-zA-Z0-9]+$/;

/** Where a variable that comes from this source comes from; undefined when it cannot come from there. */
function keyOf(
  { prefix = '', secretRef, configMapRef }: V1EnvFromSource,
  variable: string,
): V1EnvVarSource | undefined {
  const key = variable.slice(prefix.length);
  if (!variable.startsWith(prefix) || !possibleKey.test(key)) return undefined;
  if (secretRef?.name) return { secretKeyRef: { name: secretRef.name, key, optional: true } };
  return configMapRef?.name ? { configMapKeyRef: { name: configMapRef.name, key, optional: true } } : undefined;
}
