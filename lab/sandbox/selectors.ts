import { badRequest } from './api-error.ts';
import type { AnyObject, Metadata } from './types.ts';

type Labels = Record<string, string>;

/** `app=web,tier!=db,env in (a,b),!legacy`: a list's labelSelector as a test. */
export function labelSelector(text: string | null): (labels: Labels) => boolean {
  const terms = (text ?? '')
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter(Boolean)
    .map(labelTerm);
  return (labels) => terms.every((term) => term(labels));
}

function labelTerm(term: string): (labels: Labels) => boolean {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(term);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    return (labels) => values.includes(labels[key] ?? '\0') === (operator === 'in');
  }
  const equality = /^([^=!\s]+)\s*(!=|==|=)\s*(\S*)$/.exec(term);
  if (equality) {
    const [, key = '', operator, value = ''] = equality;
    return (labels) => (labels[key] === value) === (operator !== '!=');
  }
  if (/^!?[\w./-]+$/.test(term))
    return term.startsWith('!') ? (labels) => !(term.slice(1) in labels) : (labels) => term in labels;
  throw badRequest(`unable to parse label selector requirement: ${term}`);
}

/** `metadata.name=web,involvedObject.uid=…`: any dotted field of the object. */
export function fieldSelector(text: string | null): (object: AnyObject) => boolean {
  const terms = (text ?? '')
    .split(',')
    .filter(Boolean)
    .map((term) => {
      const match = /^([\w.]+)(!=|==|=)(.*)$/.exec(term);
      if (!match) throw badRequest(`unable to parse field selector: ${term}`);
      const [, path = '', operator, value = ''] = match;
      return (object: AnyObject) => (read(object, path) === value) === (operator !== '!=');
    });
  return (object) => terms.every((term) => term(object));
}

function read(object: unknown, path: string): string {
  const value = path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

export function controllerOf(object: { metadata: Metadata }): string | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller)?.uid;
}

export function ownerReference(owner: { apiVersion: string; kind: string; metadata: { name: string; uid: string } }) {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}
