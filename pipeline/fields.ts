import { z } from 'zod';
import { refuseBuildArgument } from '../domain/build-arguments.ts';
import { holdsSecret } from '../domain/secret-shapes.ts';
import { durationMs, durationPattern } from './duration.ts';
import { forms } from './forms.ts';

/**
 * The kinds of values that both files are made of. None of them changes what it reads: a file that was accepted can be written
 * back as it was. Every message completes the sentence "this value …".
 */

/** Service, environment, component, region, cluster…: a DNS label, since it ends up in names and labels. */
export const name = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, forms.name);

/** A name, or the beginning of one and `*`. */
export const namePattern = z
  .string()
  .regex(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?|([a-z0-9][a-z0-9-]{0,61})?\*)$/,
    'must be a name, or the beginning of one such as `shop-*`',
  );

/** Names of Kubernetes objects that may hold dots, such as secrets. */
export const objectName = z
  .string()
  .max(253, 'must be at most 253 characters')
  .regex(
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    'must be the name of a Kubernetes object',
  );

/** One line that says something. */
export const line = z
  .string()
  .max(1_000, 'must be at most 1,000 characters')
  .regex(/^[^\n\t]*$/, 'must be a single line without tabs')
  .regex(/\S/, 'must not be blank');

/** May span lines, for queries. */
export const prose = z.string().max(10_000, 'must be at most 10,000 characters').regex(/\S/, 'must not be blank');

/** A text that everybody who can read the repository, or the image, can read. */
const openText = z
  .string()
  .max(10_000, 'must be at most 10,000 characters')
  .refine((text) => !holdsSecret(text), forms.noSecret);

/** More arguments of a command, as they are: no shell reads them. */
export const moreArguments = z
  .array(openText.regex(/\S/, 'must not be blank'))
  .max(100, 'must have at most 100 arguments');

/** Arguments of one command, handed over as they are: no shell reads them. */
export const command = moreArguments
  .min(1, 'must name a command')
  .refine(
    (words) => words.length > 1 || !/\S\s+\S/.test(words[0] ?? ''),
    'must have a comma between its arguments: as it stands it is one, and the name of a program',
  );

export function duration(least: string, most: string) {
  return durationLike(durationPattern, forms.duration, { least, most });
}

/** Between two reminders. */
export const remind = duration('5m', '7d');

/** Or the word `off`. */
export function durationOrOff(least: string, most: string) {
  const pattern = new RegExp(`^off$|${durationPattern.source}`);
  return durationLike(pattern, forms.durationOrOff, { least, most });
}

function durationLike(pattern: RegExp, form: string, { least, most }: { least: string; most: string }) {
  return z
    .string(form)
    .regex(pattern, form)
    .refine((text) => !(durationMs(text) < durationMs(least)), `must be at least ${least}`)
    .refine((text) => !(durationMs(text) > durationMs(most)), `must be at most ${most}`);
}

export function wholeNumber(least: number, most: number) {
  return z.int(forms.wholeNumber).min(least, `must be at least ${least}`).max(most, `must be at most ${most}`);
}

/** A list in which nothing is said twice. */
export function distinct<Item extends z.ZodType<string>>(item: Item) {
  return z
    .array(item)
    .max(200, 'must have at most 200 entries')
    .superRefine((items, context) => {
      const seen = new Set<string>();
      items.forEach((entry, index) => {
        if (seen.has(entry))
          context.addIssue({ code: 'custom', path: [index], message: `\`${entry}\` is in the list twice` });
        seen.add(entry);
      });
    });
}

/** Inside the repository: relative, with `/`, never leading out. `.` is the repository itself. */
export const repositoryPath = z
  .string()
  .max(500, 'must be at most 500 characters')
  .regex(/\S/, 'must not be blank')
  .regex(/^[^\n\t\\]*$/, 'must use `/`, and no backslashes, tabs or line ends')
  .regex(/^(?!\/)/, 'must be relative to the repository, without a leading `/`')
  .regex(/^(?![A-Za-z]:)/, 'must be relative to the repository, without a drive')
  .regex(/^(?!.*(^|\/)\.\.(\/|$))/, 'must not lead out of the repository with `..`')
  .regex(/^(\.|(?!\.\/)(?!.*\/\.(\/|$))(?!.*\/\/)[\s\S]*)$/, 'must be written plainly, without `./`, `/./` or `//`');

/** A file inside the repository: `.`, and what ends in `/`, can only be a directory. */
export const repositoryFile = repositoryPath.regex(/^(?!\.$)(?![\s\S]*\/$)/, 'must name a file, not a directory');

/** One file, and no pattern of several. */
export const plainFile = repositoryFile.regex(
  /^[^*?[\]{}]*$/,
  'must name one file, such as `reports/junit.xml`: patterns are not read',
);

/** A prefix of changed paths. */
export const pathPrefix = repositoryPath
  .regex(/^[^*?[\]{}]*$/, forms.pathPrefix)
  .refine(
    (path) => path !== '.',
    'must be a part of the repository; leave `paths` out for a component that always changes',
  );

export const imagePath = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;

/** Repository of an image inside a registry: lower-case path without host, tag or digest. */
export const imageRepository = z
  .string()
  .max(255, 'must be at most 255 characters')
  .regex(imagePath, forms.image)
  .refine((image) => !namesRegistry(image) || !imagePath.test(image), forms.imageHost);

/** Whether the first part of an image is a registry, by the rule that every tool reads images by. */
export function namesRegistry(image: string): boolean {
  const [first = '', ...rest] = image.split('/');
  return rest.length > 0 && (first === 'localhost' || /[.:]/.test(first));
}

/** A repository inside a registry, or the beginning of one and `*`, which stands for anything but `/`. */
export const imagePattern = z
  .string()
  .max(255, 'must be at most 255 characters')
  .regex(
    /^[a-z0-9][a-z0-9._/-]*\*?$|^\*$/,
    'must be a repository such as `shop/core`, or the beginning of one such as `shop/*`, without registry and tag',
  );

/** An image as compose files name it, without tag and digest, or the beginning of one and `*`. */
export const testImagePattern = z
  .string()
  .max(255, 'must be at most 255 characters')
  .regex(
    /^[a-z0-9][a-z0-9.-]*(:[0-9]+\/[a-z0-9._/-]*|[_/][a-z0-9._/-]*)?\*?$/,
    'must be an image such as `postgres` or `ghcr.io/example/*`, without tag and digest',
  );

/** `host[:port][/prefix]`. */
export const registry = z
  .string()
  .max(255, 'must be at most 255 characters')
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9][0-9]{0,4})?(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/, forms.registry);

export const url = z
  .string()
  .max(2_000, 'must be at most 2,000 characters')
  .superRefine((text, context) => {
    const problem = urlProblem(text);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

/**
 * `ssh://[user@]host[:port]/path` or `user@host:path`, without a password. No user, host or path may begin with `-`: programs would
 * read it as an option. The forms that `activities/source/requests.ts` takes for ssh.
 */
export const sshAddress = z
  .string()
  .max(1_000, 'must be at most 1,000 characters')
  .regex(
    /^(?!.*::)(ssh:\/\/([A-Za-z0-9_][\w.-]*@)?[A-Za-z0-9][\w.-]*(:[1-9][0-9]{0,4})?\/|[A-Za-z0-9_][\w.-]*@[A-Za-z0-9][\w.-]*:(?![-:]))\S+$/,
    'must be an ssh address such as `git@github.com:example/shop.git`',
  );

/** Where a secret is to be read, on the machine that uses it. The schemes that `activities/shared/secrets.ts` resolves. */
export const secretReference = z
  .string('must be a reference such as `env:NAME` or `file:/path`, never the secret itself')
  .regex(
    /^(env:[A-Za-z_][A-Za-z0-9_]*|file:\/[^\n\t]+)$/,
    'must be a reference such as `env:NAME` or `file:/path`, never the secret itself',
  );

/** `host[:port]` as it stands in addresses. A lone word is a host only when it is `localhost`. */
export const host = z
  .string()
  .max(255, 'must be at most 255 characters')
  .regex(
    /^(?=.*[.:]|localhost$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9][0-9]{0,4})?$/,
    'must be a host such as `ghcr.io` or `registry.example.com:5000`: lower-case, no scheme, no path',
  );

/** A host alone, in the form in which it is held against the policy. */
export const hostName = z
  .string()
  .max(255, 'must be at most 255 characters')
  .superRefine((text, context) => {
    const problem = hostProblem(text);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

/** One that servers of names know. */
export const domainName = z
  .string()
  .max(253, 'must be at most 253 characters')
  .refine((text) => /[a-z_]/.test(text) && !text.startsWith('[') && hostProblem(text) === undefined, forms.domainName);

/** A key of a file by its dotted path; `*` in the place of one name. */
export const keyPath = z
  .string()
  .max(500, 'must be at most 500 characters')
  .regex(
    /^[A-Za-z0-9*][\w-]*(\.[A-Za-z0-9*][\w-]*)*$/,
    'must be the dotted path of a key such as `environments.*.approval`',
  );

/** Basic authentication ends the name at the first `:`. */
export const userName = line.regex(/^[^:]*$/, 'must not hold a `:`');

function urlProblem(text: string): string | undefined {
  const parsed = /^\S+$/.test(text) ? URL.parse(text) : null;
  if (parsed === null || parsed.hostname === '') return forms.url;
  if (!/^https?:\/\//.test(text)) return 'must begin with `https://` or `http://`';
  if (parsed.username !== '' || parsed.password !== '') return 'must not hold a user name or password';
  return undefined;
}

function hostProblem(text: string): string | undefined {
  if (!/^([a-z0-9_]([a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])$/.test(text)) return forms.hostName;
  return URL.parse(`http://${text}/`)?.hostname === text ? undefined : forms.plainAddress;
}

/** An exact branch, or a pattern in which `*` stands for anything but `/`. Follows git's own rules for names. */
export const branch = z
  .string()
  .max(200, 'must be at most 200 characters')
  .regex(
    /^(?![-/.])(?!.*(\/\/|\/\.|\.\.|@\{|\.lock(\/|$)))[^\s~^:?[\]\\{}()|+$"'`<>,;!&#%]+(?<![/.])$/,
    'must be a branch such as `main`, or a pattern such as `release/*` in which only `*` is special',
  )
  .refine((text) => !text.includes('**'), forms.doubleStar);

export const imageTag = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/, 'must be an image tag')
  .regex(/^(?![0-9a-f]{40}(-|$))/, 'must not look like a commit: those tags are set by the engine');

export const group = z
  .string()
  .regex(/^[A-Za-z0-9@][A-Za-z0-9._@/-]{0,127}$/, 'must be the name of a group: letters, digits and `._@/-`');

/** No capitals and no letters that look like others: no two people are told apart by them. */
export const person = z.string().regex(/^[a-z0-9][a-z0-9._@-]{0,99}$/, forms.person);

export const environmentVariable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'must be the name of an environment variable');
export const variables = z.record(environmentVariable, openText);

/** By the rule of the builders, who refuse the same of compose files. */
const buildArgument = environmentVariable.superRefine((argument, context) => {
  const message = refuseBuildArgument(argument);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});
export const buildArguments = z.record(buildArgument, openText);

/**
 * What an exception is about. A secret is named in full, since its rule alone would excuse every other that the rule finds. The last
 * part of its form is what `activities/scan/fingerprints.ts` makes.
 */
export const findingId = z
  .string()
  .max(600, 'must be at most 600 characters')
  .regex(
    /^([A-Za-z0-9][A-Za-z0-9._/-]{0,127}|[\w@][\w.@/-]{0,127}:[^\n\t]+:[0-9a-f]{16}|[A-Z]+-[A-Za-z0-9._:/-]{0,126}[A-Za-z0-9._/-])$/,
    'must be the id of a finding as the scan names it: `CVE-2026-12345`, or for a place in a file `rule:path:fingerprint`',
  );

export const severity = z.enum(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN']);
export const onInconclusive = z.enum(['hold', 'roll-back', 'go-on']);
export const partialFailure = z.enum(['hold', 'roll-back-region', 'roll-back-all']);

/** Others who may approve after a while. */
export const escalate = z.strictObject({
  after: duration('1m', '30d').describe('How long nobody has decided.'),
  to: distinct(group).min(1, 'must name at least one group').describe('Who may approve from then on, too.'),
});
