import { hasComponent } from './deployed-where.ts';
import { findCircle } from './order.ts';
import type { EnvironmentOutline, PipelineOutline } from './pipeline-outline.ts';
import type { Finding, Path } from './problem.ts';
import { unknownName } from './unknown-name.ts';

/** What is promoted is verified elsewhere, as it is: in another environment that has all of it, and that builds nothing for itself alone. */
export function promotionRules(outline: PipelineOutline): Finding[] {
  const { environments } = outline;
  const names = Object.keys(environments);
  const found = names.flatMap((name) => {
    const { from = '' } = environments[name]!;
    const path = ['environments', name, 'from'];
    if (from === '') return [];
    if (from === name) return [{ path, message: `\`${name}\` cannot be promoted from itself` }];
    const source = Object.hasOwn(environments, from) ? environments[from]! : undefined;
    if (!source) return unknownName(path, 'environment', from, names);
    return [
      ...lacking(outline, { path, name, from, source }),
      ...builtForOne(environments[name]!, environments[name]!, ['environments', name], promotedTo(name, from)),
      ...builtForOne(environments[name]!, source, ['environments', from], takenFrom(name, from)),
    ];
  });
  return [...found, ...circle(environments)];
}

interface Promoting {
  path: Path;
  name: string;
  from: string;
  source: EnvironmentOutline;
}

function lacking({ components = {}, environments }: PipelineOutline, { path, name, from, source }: Promoting) {
  const missing = Object.keys(components).filter(
    (component) => hasComponent(environments[name]!, component) && !hasComponent(source, component),
  );
  return missing.map((component) => ({
    path,
    message: `\`${component}\` is deployed to \`${name}\` and not to \`${from}\`, where it would have to be verified`,
    hint: `deploy it to \`${from}\` as well, or leave it out here`,
  }));
}

type Words = (component: string) => Pick<Finding, 'message' | 'hint'>;

/** Arguments of one environment make an image for that one alone. `path`: of the environment whose overrides they are. */
function builtForOne(here: EnvironmentOutline, { overrides }: EnvironmentOutline, path: Path, words: Words): Finding[] {
  return Object.entries(overrides)
    .filter(([component, { args }]) => args !== undefined && hasComponent(here, component))
    .map(([component]) => ({ path: [...path, 'overrides', component, 'args'], atKey: true, ...words(component) }));
}

function promotedTo(name: string, from: string): Words {
  return (component) => ({
    message: `\`${component}\` cannot be built with arguments of its own for \`${name}\`, which gets the images of \`${from}\``,
    hint: 'have it read what differs from its environment (`env`), or leave out `from`',
  });
}

function takenFrom(name: string, from: string): Words {
  return (component) => ({
    message: `\`${component}\` is built for \`${from}\` alone, and promoted to \`${name}\``,
    hint: 'have it read what differs from its environment (`env`), or leave out `from` there',
  });
}

function circle(environments: PipelineOutline['environments']): Finding[] {
  const next = (name: string): string[] => {
    const { from = '' } = environments[name]!;
    return from !== name && Object.hasOwn(environments, from) ? [from] : [];
  };
  const found = findCircle(Object.keys(environments), next);
  if (!found) return [];
  const [first = ''] = found;
  const message = `a circle: ${found.map((name) => `\`${name}\``).join(' is promoted from ')}`;
  return [{ path: ['environments', first, 'from'], message }];
}
