import type { V1Deployment } from '@kubernetes/client-node';
import type { VariableObservation } from '../../domain/rollout-observation.ts';
import { isTheirs } from '../../domain/rollout-superseded.ts';
import { compareTickets } from '../../domain/ticket.ts';
import { leftAnnotation } from './annotations.ts';
import { workloadState } from './deployment.ts';
import { foreignIn, variablesOf } from './ownership.ts';
import type { WorkloadChange } from './port.ts';

type Variables = Record<string, VariableObservation>;

/**
 * What a write says of a container's variables. As a list by name: what it does not name, and we alone had, goes away; what we never had stays, and
 * so does what another applies. What others own by other writes would go away with ours, and is named on: with its value where that is ours, too,
 * as whoever sends another's value becomes an owner of it. `wanted`: absent for a container that this change says nothing of.
 */
export function environmentFor(
  there: Variables,
  wanted: Record<string, string> | undefined,
): { name: string; value?: string }[] {
  const onwards = Object.entries(there).filter(([name, one]) =>
    wanted ? isKept(name, one, wanted) && !one.applied : one.ours,
  );
  const set = Object.entries(wanted ?? {}).flatMap(([name, value]) => {
    const found = Object.hasOwn(there, name) ? there[name] : undefined;
    if (!found || !isTheirs(found)) return [{ name, value }];
    return found.ours && !found.applied ? [{ name }] : [];
  });
  const asIs = onwards.map(([name, { value, nameOnly }]) => ({
    name,
    ...(value !== undefined && !nameOnly && { value }),
  }));
  return [...set, ...asIs];
}

/** It is not wanted, and stays all the same. */
function isKept(name: string, { ours, shared }: VariableObservation, wanted: Record<string, string>): boolean {
  return ours && shared && !Object.hasOwn(wanted, name);
}

/** Variables that stay as others have set them: of what the change was to set, and of what it was to take out. */
export function leftTo(deployment: V1Deployment, change: WorkloadChange): string[] {
  const { images, env } = change;
  const there = variablesOf(deployment);
  const containers = Object.keys(images).map((container) => there[container] ?? {});
  const foreign = foreignIn(deployment, Object.keys(images), Object.keys(env));
  const left = [
    ...foreign.flatMap(({ variables }) => variables.map(({ name }) => name)),
    ...containers.flatMap((one) => Object.keys(one).filter((name) => isKept(name, one[name]!, env))),
    ...leftBefore(deployment, change).filter((name) => containers.some((one) => isStillTheirs(one, name))),
  ];
  return [...new Set(left)];
}

/** All annotations of an object have a common limit. */
const mostNoted = 100;

/** For whoever repeats the change, as text. They are names of ours, which have no comma. */
export function noteOf(left: readonly string[]): string {
  return left.slice(0, mostNoted).join(',');
}

/** An earlier try of the same change may have given up our part of them. */
function leftBefore(deployment: V1Deployment, { ticket, purpose }: WorkloadChange): string[] {
  const last = workloadState(deployment);
  const isSame = last.ticket && compareTickets(last.ticket, ticket) === 0 && last.purpose === purpose;
  const noted = deployment.metadata?.annotations?.[leftAnnotation];
  return isSame && noted ? noted.split(',') : [];
}

function isStillTheirs(there: Variables, name: string): boolean {
  return Object.hasOwn(there, name) && !there[name]!.ours;
}
