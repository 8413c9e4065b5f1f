import { describe, expect, it } from '@jest/globals';
import { createPostgresRecords } from '../../activities/records/postgres-records.ts';
import { loginProblems } from '../../activities/records/judge-login.ts';
import type { ProcessRole } from '../../activities/records/judge-login.ts';
import { recordsLogin } from '../../workers/compose-login.ts';
import { usePostgres } from '../support/postgres.ts';
import { aSeparatedDatabase } from '../support/postgres-roles.ts';

const engine: ProcessRole = { kind: 'engine' };
const production: ProcessRole = { kind: 'environment', environment: 'production' };
const of = (...groups: string[]) => ({ who: 'kim', hasRoles: true, isOwner: false, groups });

describe('the login that a process begins with', () => {
  it.each<[string, Parameters<typeof loginProblems>, string[]]>([
    ['of its kind', [of('slipway_engine'), [engine]], []],
    ['of several kinds, for several', [of('slipway_engine', 'slipway_environment'), [engine, production]], []],
    [
      'of another kind',
      [of('slipway_build'), [engine]],
      ['kim is in slipway_build; the role engine needs slipway_engine'],
    ],
    [
      'of no kind',
      [of(), [{ kind: 'gateway' }]],
      ['kim is in no group of slipway; the role gateway needs slipway_gateway'],
    ],
    [
      'of too few kinds',
      [of('slipway_engine'), [engine, production]],
      ['kim is in slipway_engine; the role environment needs slipway_environment'],
    ],
    ['of its environment', [of('slipway_environment', 'slipway_environment_production'), [production]], []],
    [
      'of another environment',
      [of('slipway_environment', 'slipway_environment_staging'), [production]],
      ['kim is in slipway_environment_staging and writes for no other environment; this process is of production'],
    ],
    [
      'of the owner',
      [{ ...of(), isOwner: true }, [engine]],
      ['kim owns the schema slipway, and no process may change all of it'],
    ],
    ['of all processes', [{ ...of(), hasRoles: false, isOwner: true }, [engine]], []],
  ])('is one %s', (_what, about, problems) => {
    expect(loginProblems(...about).map(({ says }) => says)).toEqual(
      problems.map((one) => `SLIPWAY_RECORDS_URL: ${one}`),
    );
  });
});

describe('before a process begins', () => {
  const postgres = usePostgres();
  const found = async (url: string, role: ProcessRole) => {
    const problems = await recordsLogin([role])({
      set: { SLIPWAY_RECORDS_URL: url },
      policy: () => undefined,
    });
    return problems.map(({ says }) => says);
  };

  it('the database is asked whose login it has', async () => {
    const { as, owner } = await aSeparatedDatabase(postgres);
    expect(await found(as('engine'), engine)).toEqual([]);
    expect(await found(as('environment'), production)).toEqual([]);
    expect(await found(as('build'), engine)).toEqual([
      'SLIPWAY_RECORDS_URL: test_build is in slipway_build; the role engine needs slipway_engine',
    ]);
    expect(await found(owner, engine)).toEqual([expect.stringContaining('owns the schema slipway')]);
  });

  it('one login for all processes is as good as any, also before there is a schema', async () => {
    const url = await postgres.freshDatabase();
    expect(await found(url, engine)).toEqual([]);
    await (await createPostgresRecords({ url })).close();
    expect(await found(url, engine)).toEqual([]);
  });

  it('a database that is away is nobody’s mistake', async () => {
    const url = new URL(await postgres.freshDatabase());
    url.port = '1';
    expect(await found(url.href, engine)).toEqual([]);
  });
});
