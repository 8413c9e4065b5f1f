import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { connectClient } from '../../client/connection.ts';
import { searchAttributes } from '../../domain/contract/names.ts';
import { namespaceNext } from '../../domain/namespace-set-up.ts';
import { attributesNext } from '../../domain/search-attribute-set-up.ts';
import { run } from '../../lab/kubernetes/command.ts';
import { startTemporal } from '../../lab/services/temporal.ts';
import type { TemporalServer } from '../../lab/services/temporal.ts';
import { ensureTemporalCli } from '../../lab/services/temporal-programs.ts';
import { checkTemporal, setUpTemporal } from '../../workers/setup.ts';
import { setUpNamespace } from '../../workers/set-up-namespace.ts';
import { eventually } from '../workflows/support/eventually.ts';

const wanted = Object.values(searchAttributes);

describe('setting up a Temporal of one’s own', () => {
  let directory: string;
  let server: TemporalServer;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-set-up-'));
    server = await startTemporal({ directory, ui: false, progress: () => {} });
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    await rm(directory, { recursive: true, force: true });
  }, 60_000);
  const temporal = (namespace: string) => ({ temporal: { address: server.address, namespace } });
  const says = (findings: { says: string }[]) => findings.map((finding) => finding.says);

  it('makes a namespace with all that runs are found by, and finds it the next time', async () => {
    const none = 'no version of the engine is there yet: the first engine worker makes its own current';
    expect(says(await setUpTemporal(temporal('fresh')))).toEqual([
      'made the namespace fresh, which keeps histories for 30 days',
      `added the search attributes ${wanted.join(', ')}`,
      none,
    ]);
    expect(says(await setUpTemporal(temporal('fresh')))).toEqual([
      'the namespace fresh is there',
      'the 7 search attributes are there',
      none,
    ]);
  });

  it('only looks when it is asked to, and prints commands that do what is missing', async () => {
    const program = await ensureTemporalCli(() => {});
    const follow = async (next: string | undefined) => {
      for (const [, command = ''] of (next ?? '').matchAll(/`temporal (.*?)`/g)) await run(program, command.split(' '));
    };
    const [namespace, ...nothing] = await checkTemporal(temporal('by-hand'));
    expect([namespace?.ok, nothing]).toEqual([false, []]);
    await follow(namespace?.next);
    const missing = await checkTemporal(temporal('by-hand'));
    expect(missing.map(({ ok }) => ok)).toEqual([true, false, false]);
    expect(missing[1]?.says).toBe(`the search attributes ${wanted.join(', ')} are missing`);
    await follow(missing[1]?.next);
    // Temporal hears of them a moment later.
    const version = await eventually('the attributes to be seen', async () => {
      const [there, attributes, other] = await checkTemporal(temporal('by-hand'));
      return there?.ok === true && attributes?.ok === true && other;
    });
    expect(version).toMatchObject({ ok: false, says: expect.stringContaining('no version is current') });
  }, 60_000);

  it('reads the search attributes from the namespace itself, where it may not ask for them', async () => {
    const client = await connectClient(temporal('fresh').temporal);
    const look = (refusing: Client) =>
      setUpNamespace({ client: refusing, place: temporal('fresh').temporal, onlyLook: true });
    expect(says(await look(refusingOperators(client)))).toEqual(await look(client).then(says));
    await client.connection.close();
  });

  it('names the versions that there are where one is to be made current that is not there', async () => {
    const findings = await setUpTemporal(temporal('fresh'), { makeCurrent: 'ab12' });
    expect(findings.filter(({ ok }) => !ok)).toEqual([
      {
        ok: false,
        says: 'Temporal knows no version ab12 of the engine: it knows none',
        next: 'Start an engine worker of that version first, or name one that is known.',
      },
    ]);
  });
});

describe('setting up Temporal Cloud', () => {
  const place = { address: 'shop.a1b2c.tmprl.cloud:7233', namespace: 'shop.a1b2c' };

  it('says who makes what may not be made from here', async () => {
    const refused = () => Promise.reject(Object.assign(new Error('unauthorized'), { code: 7 }));
    const client = {
      options: place,
      connection: { operatorService: { listSearchAttributes: refused, addSearchAttributes: refused } },
      workflowService: {
        describeNamespace: async () => ({
          config: { customSearchAttributeAliases: { Keyword01: 'SlipwayService', Text01: 'SlipwayCommit' } },
        }),
      },
    } as unknown as Client;
    const [namespace, attributes] = await setUpNamespace({ client, place, onlyLook: false });
    expect(namespace).toEqual({ ok: true, says: 'the namespace shop.a1b2c is there' });
    expect(attributes).toMatchObject({ ok: false, says: expect.stringContaining('SlipwayCommit exist with another') });
  });

  it('names the program that its namespaces and attributes are made with', () => {
    expect(attributesNext(place, ['SlipwayService', 'SlipwayStage'])).toContain(
      '`tcld namespace search-attributes add --namespace shop.a1b2c --search-attribute SlipwayService=Keyword --search-attribute SlipwayStage=Keyword`',
    );
    expect(attributesNext({ ...place, address: 'eu-west-1.aws.api.temporal.io:7233' }, ['SlipwayStage'])).toContain(
      'tcld',
    );
    expect(namespaceNext(place)).toContain('`tcld namespace create`');
    expect(namespaceNext({ ...place, address: 'temporal.example.com:7233' })).toContain(
      'temporal operator namespace create',
    );
  });
});

/** As Temporal Cloud answers whoever asks its operators' service. */
function refusingOperators(client: Client): Client {
  const refused = () => Promise.reject(Object.assign(new Error('unauthorized'), { code: 7 }));
  return {
    options: client.options,
    workflowService: client.workflowService,
    connection: { operatorService: { listSearchAttributes: refused } },
  } as unknown as Client;
}
