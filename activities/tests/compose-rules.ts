import { posix } from 'node:path';

/** A path that the file names, relative to the file's own directory. */
export interface NamedPath {
  where: string;
  path: string;
}

/** An image that the file names, in whatever form. */
export interface NamedImage {
  where: string;
  image: string;
}

export interface ComposeFindings {
  /** What is not allowed as it stands. */
  refused: string[];
  /** What Compose or the daemon would read: each must stay in the checkout. */
  paths: NamedPath[];
  /** More compose files that this one takes in: the same rules hold for them. */
  files: NamedPath[];
  /** What the daemon would pull: each must be one that may be run. */
  images: NamedImage[];
}

type Rule = (value: unknown, where: string, found: ComposeFindings) => void;
type Rules = Record<string, Rule>;

/**
 * What a compose file may ask for. Everything is named here, and what is not named is refused: a later Compose brings keys that nobody has
 * judged yet (`provider` runs programs beside Compose, `use_api_socket` hands over the daemon). Pure: whether a path leads out of the checkout
 * by a link is for the caller to see.
 */
export function judgeCompose(file: unknown): ComposeFindings {
  const found: ComposeFindings = { refused: [], paths: [], files: [], images: [] };
  if (!isMap(file) || !isMap(file['services'])) found.refused.push('there is no map `services`');
  else fields(top)(file, '', found);
  return found;
}

const harmless: Rule = () => {};

const allHarmless = (names: string): Rules => Object.fromEntries(names.split(/\s+/).map((name) => [name, harmless]));

/** A map with these keys, and with `x-…`. Nothing at all is fine too. */
function fields(rules: Rules): Rule {
  return (value, where, found) => {
    if (value === null || value === undefined) return;
    if (!isMap(value)) return refuse(found, where, 'is not a map');
    for (const [key, inside] of Object.entries(value)) {
      if (key.startsWith('x-')) continue;
      const place = where === '' ? key : `${where}.${key}`;
      if (Object.hasOwn(rules, key)) rules[key]!(inside, place, found);
      else refuse(found, place, 'is not allowed');
    }
  };
}

/** A map from names that the file chooses. */
function each(rule: Rule): Rule {
  return (value, where, found) => {
    if (value === null || value === undefined) return;
    if (!isMap(value)) return refuse(found, where, 'is not a map');
    for (const [name, inside] of Object.entries(value)) rule(inside, `${where}.${name}`, found);
  };
}

/** One, or a list of them. */
function oneOrMore(rule: Rule): Rule {
  return (value, where, found) => [value].flat().forEach((item) => rule(item, where, found));
}

function only(...allowed: unknown[]): Rule {
  return (value, where, found) => {
    const fits = allowed.some((one) => (one instanceof RegExp ? one.test(String(value)) : one === value));
    if (!fits) refuse(found, where, `cannot be ${JSON.stringify(value)}`);
  };
}

const pathIn =
  (list: 'paths' | 'files'): Rule =>
  (value, where, found) => {
    if (typeof value !== 'string' || value === '') return refuse(found, where, 'is not a path');
    if (value.includes('$')) return refuse(found, where, `${value} holds a variable: write the path out`);
    if (value.startsWith('~') || isAddress(value)) return refuse(found, where, `${value} leaves the checkout`);
    found[list].push({ where, path: value });
  };
/** All that Docker and Compose fetch, where a path could stand: URLs, `git@host:path`, and `github.com/…` without a scheme. */
const isAddress = (text: string) => text.includes(':') || /^(git@|github\.com\/)/i.test(text);

const path = pathIn('paths');
const composeFile = pathIn('files');

const image: Rule = (value, where, found) => {
  if (typeof value !== 'string' || value === '') return refuse(found, where, 'is not an image');
  found.images.push({ where, image: value });
};

/** A text is a path; a map has it under a key, beside others. */
const textOr =
  (text: Rule, map: Rule): Rule =>
  (value, where, found) =>
    (typeof value === 'string' ? text : map)(value, where, found);

/** A number as it stands: not so many containers, and no more than a service may take. */
function upTo(most: number): Rule {
  return (value, where, found) => {
    if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > most)
      refuse(found, where, `is not a number from 0 to ${most}`);
  };
}

/** `host-gateway` is the daemon's machine. */
const extraHosts: Rule = (value, where, found) => {
  const texts = isMap(value) ? Object.values(value).flat() : [value].flat();
  if (texts.some((text) => /host-gateway|\$/.test(String(text))))
    refuse(found, where, 'leads to the machine of the daemon');
};

const bound = upTo(1_048_576);
const soft: Rule = (value, where, found) =>
  (isMap(value) ? fields({ soft: bound, hard: bound }) : bound)(value, where, found);
const ulimits = fields({ nofile: soft, nproc: soft, core: soft, fsize: soft, stack: soft, cpu: soft });

const build: Rule = (value, where, found) => {
  if (isMap(value)) fields(buildKeys)(value, where, found);
  const { context = '.', dockerfile = 'Dockerfile' } = isMap(value) ? value : { context: value };
  path(context, `${where}.context`, found);
  if (typeof context !== 'string' || typeof dockerfile !== 'string') return refuse(found, where, 'is not a path');
  path(posix.isAbsolute(dockerfile) ? dockerfile : posix.join(context, dockerfile), `${where}.dockerfile`, found);
};

/** What an image is built from, and nothing that tells the builder how: `compose-builds.ts` builds it, as images of releases are built. */
const buildKeys: Rules = {
  ...allHarmless('args labels target'),
  context: harmless, // both are judged together, by `build`
  dockerfile: harmless,
  pull: only(true, false), // what it is built on is asked of its registry all the same
};

const name = /^[A-Za-z0-9][\w.-]*$/;

/** A name of two characters or more, an absolute path, and perhaps a mode. */
const namedVolume = /^[A-Za-z0-9][\w.-]+:\/[^:$]*(:[A-Za-z,]+)?$/;

const volume: Rule = (value, where, found) => {
  if (typeof value === 'string') {
    const [source = '', target] = value.split(':', 2);
    const plain = target === undefined ? !value.includes('$') : namedVolume.test(value);
    // One letter before a colon is a drive to some: whatever is no name by all means is judged as a path.
    if (!plain) path(/^[A-Za-z]$/.test(source) ? value : source, where, found);
  } else if (isMap(value) && value['type'] === 'bind') path(value['source'], where, found);
  else if (isMap(value) && value['type'] === 'volume') only(undefined, name)(value['source'], `${where}.source`, found);
  else if (!isMap(value) || value['type'] !== 'tmpfs') refuse(found, where, 'is of a type that is not allowed');
};

const mostContainers = 20;

const devicesOf: Rule = fields({ devices: only([]), ...allHarmless('cpus memory pids generic_resources') });

const serviceKeys: Rule = fields({
  ...allHarmless('attach blkio_config cap_drop command configs container_name cpu_count cpu_percent cpu_shares'),
  ...allHarmless('cpu_quota cpu_period cpus cpuset depends_on develop dns dns_opt dns_search'),
  ...allHarmless('domainname entrypoint environment expose group_add healthcheck hostname init isolation'),
  ...allHarmless('labels links mac_address mem_limit mem_reservation mem_swappiness memswap_limit networks'),
  ...allHarmless('pids_limit platform ports profiles pull_policy read_only restart secrets shm_size'),
  ...allHarmless('stdin_open stop_grace_period stop_signal storage_opt sysctls tmpfs tty user working_dir'),
  build,
  cgroup: only('private'),
  deploy: fields({
    replicas: upTo(mostContainers),
    ...allHarmless('endpoint_mode labels mode placement restart_policy rollback_config update_config'),
    resources: fields({ limits: harmless, reservations: devicesOf }),
  }),
  extra_hosts: extraHosts,
  scale: upTo(mostContainers),
  oom_kill_disable: only(false),
  oom_score_adj: upTo(1_000),
  ulimits,
  env_file: oneOrMore(textOr(path, fields({ path, ...allHarmless('required format') }))),
  extends: textOr(harmless, fields({ file: composeFile, service: harmless })),
  image,
  ipc: only('private', 'shareable', 'none', /^service:[\w.-]+$/),
  label_file: oneOrMore(path),
  logging: fields({ driver: only('json-file', 'local', 'none'), options: harmless }),
  // Not `bridge`, nor `default`, which is the same: builds and containers of others are on it.
  network_mode: only('none', /^service:[\w.-]+$/),
  pid: only(/^service:[\w.-]+$/),
  privileged: only(false),
  volumes: oneOrMore(volume),
  volumes_from: oneOrMore(only(/^(?!container:)[\w.-]+(:r[ow])?$/)),
});

/** An image is built, or it is there: one of the two would be judged in vain. What a service extends may hold the other half. */
const service: Rule = (value, where, found) => {
  serviceKeys(value, where, found);
  if (!isMap(value)) return;
  const [first, second] = ['image', 'build', 'extends'].filter((key) => value[key] !== undefined);
  if (second !== undefined) refuse(found, where, `has both \`${first}\` and \`${second}\`: keep one of them`);
};

const fromFile: Rule = fields({ file: path, external: only(false), ...allHarmless('content environment labels') });

/** Volumes and networks of others, by `external` or `name`, would join what does not belong to these tests; options of drivers mount anything. */
const top: Rules = {
  ...allHarmless('name version'),
  services: each(service),
  volumes: each(fields({ driver: only('local'), external: only(false), labels: harmless })),
  networks: each(
    fields({
      driver: only('bridge'),
      external: only(false),
      // Without addresses of their own: a subnet would be a route of the machine that the daemon is on.
      ...allHarmless('attachable enable_ipv4 enable_ipv6 internal labels'),
    }),
  ),
  configs: each(fromFile),
  secrets: each(fromFile),
  include: oneOrMore(textOr(composeFile, fields({ path: composeFile, env_file: oneOrMore(path) }))),
};

function refuse(found: ComposeFindings, where: string, why: string): void {
  found.refused.push(`${where} ${why}`);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
