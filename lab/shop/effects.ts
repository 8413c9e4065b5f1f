import { readFile } from 'node:fs/promises';
import type { CountedEffect } from '../regions.ts';

/** What was pushed to the registry, from its own access log. The lab's base images are not effects of a release. */
export async function countPushes(logFile: string): Promise<CountedEffect[]> {
  const request = /"PUT \/v2\/(\S+)\/manifests\/(\S+) HTTP\/[\d.]+" 201\b/;
  const effects: string[] = [];
  for (const line of (await readFile(logFile, 'utf8')).split('\n')) {
    const [, repository = '', reference = ''] = request.exec(line) ?? [];
    if (repository === '' || repository.startsWith('lab/')) continue;
    // Docker pushes with a tag of its own for each push, which names the image: `build-<image>-<random>`.
    const image = /^(?:sha256:|build-)([0-9a-f]{12})/.exec(reference)?.[1];
    if (image) effects.push(`image ${repository} pushed: ${image}`);
    else effects.push(`tag ${repository}:${reference} set`);
  }
  return counted('registry', effects);
}

/** What was changed in a database, from the server's own log of statements (`log_statement=mod`). Words in it are PostgreSQL's. */
export async function countStatements(logFile: string, database: string): Promise<CountedEffect[]> {
  const statement = new RegExp(` \\S+@${database} .*?LOG:  (?:statement|execute [^:]*): (.*)$`);
  const parameter = new RegExp(` \\S+@${database} .*?DETAIL:  [Pp]arameters: \\$1 = '([^']*)'`);
  const django = /^INSERT INTO "django_migrations" .* VALUES \('(\w+)', '(\w+)'/;
  const effects: string[] = [];
  for (const line of (await readFile(logFile, 'utf8')).split('\n')) {
    const sql = statement.exec(line)?.[1];
    const value =
      parameter.exec(line)?.[1] ??
      django
        .exec(sql ?? '')
        ?.slice(1)
        .join('.');
    if (value !== undefined) effects.push(`migration ${value} recorded`);
    // The first line of a statement says what it is; the table of migrations itself is not the shop's.
    else if (sql && !/shop_migrations|django_migrations/.test(sql))
      effects.push(`statement ${sql.replace(/\s*\($/, '').slice(0, 80)}`);
  }
  return counted(`database ${database}`, effects);
}

/** The same text as one effect, with how often it was seen, in the order of the first. */
export function counted(where: string, texts: readonly string[]): CountedEffect[] {
  const times = new Map<string, number>();
  for (const what of texts) times.set(what, (times.get(what) ?? 0) + 1);
  return [...times].map(([what, n]) => ({ where, what, times: n }));
}
