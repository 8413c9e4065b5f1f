import type { Store } from './store.ts';
import type { Container } from './types.ts';

export type Resolved = { ok: true; env: Record<string, string> } | { ok: false; message: string };

/**
 * A container's environment: `envFrom` Secrets first, then `env`, the later over the earlier, with `$(NAME)` for what was said before; a
 * Secret or key that is missing is told in the kubelet's words.
 */
export function resolveEnvironment(store: Store, namespace: string, container: Container): Resolved {
  const env: Record<string, string> = {};
  for (const source of container.envFrom ?? []) {
    if (!source.secretRef) return { ok: false, message: 'the sandbox resolves envFrom for Secrets only' };
    const secret = store.get('Secret', namespace, source.secretRef.name);
    if (!secret && !source.secretRef.optional) return missingSecret(source.secretRef.name);
    for (const [key, value] of Object.entries(secret?.data ?? {})) env[`${source.prefix ?? ''}${key}`] = decode(value);
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (!valueFrom) {
      env[name] = expanded(value ?? '', env);
      continue;
    }
    const wanted = valueFrom.secretKeyRef;
    if (!wanted) return { ok: false, message: 'the sandbox resolves env from literal values and Secret keys only' };
    const secret = store.get('Secret', namespace, wanted.name);
    const found = secret?.data[wanted.key];
    if (found !== undefined) env[name] = decode(found);
    else if (!wanted.optional && secret)
      return { ok: false, message: `couldn't find key ${wanted.key} in Secret ${namespace}/${wanted.name}` };
    else if (!wanted.optional) return missingSecret(wanted.name);
  }
  return { ok: true, env };
}

/** `$$` stands for `$`; a name that nobody has said stays as it is. */
function expanded(value: string, env: Record<string, string>): string {
  return value.replaceAll(/\$\$|\$\(([^()]*)\)/g, (found, name?: string) =>
    name === undefined ? '$' : (env[name] ?? found),
  );
}

function missingSecret(name: string): Resolved {
  return { ok: false, message: `secret "${name}" not found` };
}

function decode(value: string): string {
  return Buffer.from(value, 'base64').toString('utf8');
}
