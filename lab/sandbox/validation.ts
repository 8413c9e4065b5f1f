import { isDeepStrictEqual } from 'node:util';
import { invalid, notImplemented, type StatusCause } from './api-error.ts';
import type { Deployment, Job, Metadata, PodSpec } from './types.ts';

const subdomain = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

export function validateName(kind: string, metadata: Partial<Metadata> | undefined): void {
  const name = metadata?.name ?? '';
  if (!name)
    throw invalid(kind, name, [
      cause('FieldValueRequired', 'metadata.name', 'Required value: name or generateName is required'),
    ]);
  if (name.length > 253 || !subdomain.test(name))
    throw invalid(kind, name, [
      wrong(
        'metadata.name',
        name,
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'",
      ),
    ]);
}

/** Refuses (422) what a real API server refuses, and (501) what it accepts but the sandbox would not act on. */
export function validateDeployment(deployment: Deployment, before?: Deployment): void {
  validateName('Deployment', deployment.metadata);
  const { spec } = deployment;
  const causes = podCauses(spec.template.spec);
  const wanted = spec.selector.matchLabels ?? {};
  const labels = spec.template.metadata?.labels ?? {};
  if (Object.keys(wanted).length === 0) causes.push(cause('FieldValueRequired', 'spec.selector', 'Required value'));
  if (Object.entries(wanted).some(([key, value]) => labels[key] !== value))
    causes.push(wrong('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'));
  if (!Number.isInteger(spec.replicas) || spec.replicas < 0)
    causes.push(wrong('spec.replicas', spec.replicas, 'must be greater than or equal to 0'));
  if (before && !isDeepStrictEqual(before.spec.selector, spec.selector))
    causes.push(wrong('spec.selector', spec.selector, 'field is immutable'));
  if (spec.template.spec.restartPolicy !== 'Always')
    causes.push(unsupported('spec.template.spec.restartPolicy', spec.template.spec.restartPolicy, ['Always']));
  if (!['RollingUpdate', 'Recreate'].includes(spec.strategy.type))
    causes.push(unsupported('spec.strategy.type', spec.strategy.type, ['Recreate', 'RollingUpdate']));
  if (causes.length > 0) throw invalid('Deployment', deployment.metadata.name, causes);
  refuseUnsimulated(spec.template.spec);
  if ('matchExpressions' in spec.selector) throw notImplemented('spec.selector.matchExpressions');
}

export function validateJob(job: Job): void {
  validateName('Job', job.metadata);
  const causes = podCauses(job.spec.template.spec);
  const { restartPolicy } = job.spec.template.spec;
  if (restartPolicy !== 'Never' && restartPolicy !== 'OnFailure')
    causes.push(unsupported('spec.template.spec.restartPolicy', restartPolicy, ['OnFailure', 'Never']));
  if (causes.length > 0) throw invalid('Job', job.metadata.name, causes);
  refuseUnsimulated(job.spec.template.spec);
  const spec = job.spec as unknown as Record<string, unknown>;
  if (restartPolicy !== 'Never') throw notImplemented('Jobs with restartPolicy OnFailure');
  if (spec['parallelism'] !== 1 || spec['completions'] !== 1) throw notImplemented('Jobs with more than one pod');
  if (spec['suspend'] === true || spec['completionMode'] !== 'NonIndexed')
    throw notImplemented('suspended and indexed Jobs');
  if (job.spec.podFailurePolicy?.rules.some((rule) => !isSimulated(rule)))
    throw notImplemented('podFailurePolicy but for Count, Ignore and FailJob by onPodConditions');
  if (job.spec.template.spec.containers.length !== 1) throw notImplemented('Jobs with more than one container');
}

function isSimulated({ action, onPodConditions }: { action: string; onPodConditions?: unknown }): boolean {
  return onPodConditions !== undefined && ['Count', 'Ignore', 'FailJob'].includes(action);
}

function podCauses(spec: PodSpec): StatusCause[] {
  const at = 'spec.template.spec.containers';
  if (spec.containers.length === 0) return [cause('FieldValueRequired', at, 'Required value')];
  return spec.containers.flatMap((container, index) => {
    const causes: StatusCause[] = [];
    if (!container.name) causes.push(cause('FieldValueRequired', `${at}[${index}].name`, 'Required value'));
    else if (!label.test(container.name))
      causes.push(
        wrong(
          `${at}[${index}].name`,
          container.name,
          "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-'",
        ),
      );
    if (!container.image) causes.push(cause('FieldValueRequired', `${at}[${index}].image`, 'Required value'));
    if (spec.containers.findIndex((other) => other.name === container.name) !== index)
      causes.push(
        cause('FieldValueDuplicate', `${at}[${index}].name`, `Duplicate value: ${JSON.stringify(container.name)}`),
      );
    return causes;
  });
}

function refuseUnsimulated(spec: PodSpec): void {
  if ((spec.initContainers ?? []).length > 0) throw notImplemented('init containers');
}

function cause(reason: string, field: string, message: string): StatusCause {
  return { reason, field, message };
}

function wrong(field: string, value: unknown, why: string): StatusCause {
  return cause('FieldValueInvalid', field, `Invalid value: ${JSON.stringify(value)}: ${why}`);
}

function unsupported(field: string, value: unknown, allowed: string[]): StatusCause {
  return cause(
    'FieldValueNotSupported',
    field,
    `Unsupported value: ${JSON.stringify(value)}: supported values: ${allowed.map((one) => JSON.stringify(one)).join(', ')}`,
  );
}
