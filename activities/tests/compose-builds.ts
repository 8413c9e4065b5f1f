import { posix, relative, resolve } from 'node:path';
import { isMap, isPair, isScalar, isSeq, type YAMLMap } from 'yaml';
import { readExactly, type ExactDockerfile } from '../../domain/exact-dockerfile.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { checkBuild, type CheckedBuild } from '../shared/checked-build.ts';
import { refuseResolved, type RunnableImages } from './compose-images.ts';

/** An image that tests build, by words of ours alone. */
export interface TestBuild {
  build: CheckedBuild;
  target: string | undefined;
  dockerfile: ExactDockerfile;
}

export interface BuildPlace {
  service: string;
  /** The checkout's real path. */
  root: string;
  images: Omit<RunnableImages, 'variables'>;
}

const keys = ['context', 'dockerfile', 'args', 'labels', 'target', 'pull'];

/**
 * Reads what is to be built in what Compose has resolved: before, a variable may hold a name. It is checked as builds of releases are, and
 * what it takes from images is judged as `image` is. Throws SLIP-TEST-3.
 */
export async function readBuild(build: YAMLMap | string, { service, root, images }: BuildPlace): Promise<TestBuild> {
  const where = `services.${service}.build`;
  const said = typeof build === 'string' ? { context: build, args: {}, labels: {} } : wordsOf(build, where);
  const { context, dockerfile = 'Dockerfile', target, args, labels } = said;
  if (target !== undefined && !/^\w[\w.-]*$/.test(target)) throw refused(`${where}.target is not the name of a stage`);
  const place = resolve(root, context);
  const file = posix.isAbsolute(dockerfile) ? dockerfile : posix.join(place, dockerfile);
  const paths = { directory: root, context: relative(root, place) || '.', dockerfile: relative(root, file) };
  const checked = await checkBuild({ ...paths, args, labels }).catch((error: unknown) => {
    throw error instanceof Failure ? refused(`${where}: ${error.details.detail}`) : error;
  });
  return { build: checked, target, dockerfile: readDockerfile(checked, { args, where, images }) };
}

const refused = (why: string) => failure('SLIP-TEST-3', why);

function readDockerfile(
  { text }: CheckedBuild,
  { args, where, images }: { args: Record<string, string>; where: string; images: BuildPlace['images'] },
): ExactDockerfile {
  const written = textIn(text);
  const read = written === undefined ? { problem: 'it is not UTF-8' } : readExactly(written, args);
  if ('problem' in read) throw refused(`the Dockerfile of ${where}: ${read.problem}`);
  for (const image of read.images) {
    const judged = refuseResolved(image, images);
    if ('refused' in judged) throw refused(`the Dockerfile of ${where}: ${judged.refused}`);
  }
  return read;
}

function textIn(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

interface BuildWords {
  context: string;
  dockerfile?: string;
  target?: string;
  args: Record<string, string>;
  labels: Record<string, string>;
}

function wordsOf(build: YAMLMap, where: string): BuildWords {
  const known = build.items.map(({ key }) => String(key)).filter((key) => !key.startsWith('x-'));
  const other = known.find((key) => !keys.includes(key));
  if (other !== undefined) throw refused(`${where}.${other} is not allowed`);
  const text = (key: string) => {
    const value: unknown = build.get(key);
    if (value === undefined) return {};
    if (typeof value !== 'string') throw refused(`${where}.${key} is not a text`);
    return { [key]: plain(value, `${where}.${key}`) };
  };
  return {
    ...{ context: '.', ...text('context'), ...text('dockerfile'), ...text('target') },
    ...{ args: pairsIn(build, 'args', where), labels: pairsIn(build, 'labels', where) },
  };
}

/** By name, or a list of `name=value`. What has no value would be taken from the environment, which has none. */
function pairsIn(build: YAMLMap, key: string, where: string): Record<string, string> {
  const found: unknown = build.get(key);
  if (found === undefined) return {};
  if (!isMap(found) && !isSeq(found)) throw refused(`${where}.${key} is neither a map nor a list`);
  const pairs = found.items.flatMap((item): [string, string][] => {
    const node = isPair(item) ? item.value : item;
    if (!isScalar(node) || typeof node.value !== 'string') throw refused(`${where}.${key} holds what is no text`);
    if (isPair(item)) return isNothing(node) ? [] : [[String(item.key), node.value]];
    const at = node.value.indexOf('=');
    return at < 0 ? [] : [[node.value.slice(0, at), node.value.slice(at + 1)]];
  });
  return Object.fromEntries(pairs.map(([name, value]) => [name, plain(value, `${where}.${key}`)]));
}

const isNothing = ({ type, value }: { type?: string; value: unknown }) =>
  type === 'PLAIN' && /^(null|~)?$/i.test(String(value));

/** Compose writes `$$` for each `$`: it reads this again. */
function plain(text: string, where: string): string {
  const parts = text.split('$$');
  if (parts.some((part) => part.includes('$'))) throw refused(`${where} holds a variable`);
  return parts.join('$');
}
