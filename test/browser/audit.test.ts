import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { createKeyPair } from '../../activities/shared/signatures.ts';
import type { ChainedEntry } from '../../domain/audit-chain.ts';
import type { SignedChainEnds } from '../../domain/contract/evidence.ts';
import { slipway } from '../client/cli/terminal.ts';
import { until } from '../support/world-until.ts';
import { barriersOf, isTooWide, looks, picture, useBrowser } from './support/browser.ts';
import { opening } from './support/opening.ts';
import { hashedAnew, ownAudit } from './support/owned-audit.ts';
import type { OwnedAudit } from './support/owned-audit.ts';
import { startWorld } from './support/world.ts';
import type { World } from './support/world.ts';

/** What somebody sees of the audit, and of what whoever owns its database has done to it, in a real browser. */

const browser = useBrowser();
const chain = 'shop/production';
let world: World;
let audit: OwnedAudit;
let outside = '';
let kept: ChainedEntry[] = [];
let files: { ends: string[]; key: string };

beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), 'slipway-ends-'));
  // The gateway runs in this process.
  process.env['SLIPWAY_AUDIT_SHIP'] = `dir:${outside}`;
  world = await startWorld();
  audit = await ownAudit(world.engine.environment['SLIPWAY_RECORDS_URL']!);
  const release = await world.start(world.commits.good);
  await world.approve(release);
  await world.untilEnded(release);
  await world.approver.changeLane({ service: 'shop', environment: 'production' }, 'freeze', 'sale until eleven');
  await until('the end to be signed outside', async () => {
    kept = await audit.rows(chain);
    return (await signedUpTo()) >= kept.length;
  });
  const ends = (await readdir(outside)).map((name) => join(outside, name));
  files = { ends, key: join(world.engine.environment['SLIPWAY_PUBLIC_KEYS']!, 'lab.pem') };
});
afterAll(async () => {
  delete process.env['SLIPWAY_AUDIT_SHIP'];
  await audit.close();
  await world.stop();
  await rm(outside, { recursive: true, force: true });
});

async function signedUpTo(): Promise<number> {
  const texts = await Promise.all((await readdir(outside)).map((name) => readFile(join(outside, name), 'utf8')));
  const said = texts.flatMap((text) => text.trim().split('\n')).filter((line) => line !== '');
  const ends = said.flatMap((line) => (JSON.parse(line) as SignedChainEnds).statement.ends);
  return Math.max(0, ...ends.filter(({ lane }) => lane === chain).map(({ n }) => n));
}

const open = opening(browser, () => world);

async function pick(page: Page): Promise<void> {
  await page.getByLabel('Signed ends').setInputFiles(files.ends);
  await page.getByLabel('Public key of the gateway').setInputFiles(files.key);
}

/** One row is as all the others: looking at hundreds takes minutes where a machine has other work. */
async function barriersOfFew(page: Page): Promise<string[]> {
  await page.getByRole('searchbox', { name: 'Find rows by what they say' }).fill('freeze');
  await page.getByText(/^[01] of [\d,]+ rows? shown/).waitFor();
  return barriersOf(page);
}

describe('the audit', () => {
  it('shows each chain, and its rows in words, the newest first, narrowed by what somebody looks for', async () => {
    const { page, complaints } = await open('/audit');
    await page.getByRole('heading', { name: 'Audit', exact: true }).waitFor();
    await page.getByRole('link', { name: chain }).click();
    await page.getByRole('heading', { name: `Audit of ${chain}` }).waitFor();
    const rows = page.getByRole('table').getByRole('row');
    await rows.filter({ hasText: 'freeze' }).filter({ hasText: 'sale until eleven' }).waitFor();
    await rows.filter({ hasText: 'approve' }).filter({ hasText: 'lab-approver' }).first().waitFor();
    await page.getByRole('searchbox', { name: 'Find rows by what they say' }).fill('component nl');
    await page.getByText(/^\d+ of [\d,]+ rows shown/).waitFor();
    expect(new URL(page.url()).searchParams.get('find')).toBe('component nl');
    await picture(page, 'audit-found');
    await rows.getByRole('link').first().click();
    await page.getByRole('heading', { name: /shop → production/ }).waitFor();
    expect(complaints).toEqual([]);
  });

  it.each(looks)('is whole, and as it was signed outside: %s, %s %s', async (name, viewport, colorScheme) => {
    const { page, complaints } = await open(`/audit?lane=${chain}`, { viewport, colorScheme });
    await page.getByRole('button', { name: 'Check this chain' }).click();
    await page.getByRole('heading', { name: 'Nobody outside has vouched for them.' }).waitFor();
    await pick(page);
    await page.getByRole('button', { name: 'Check this chain' }).click();
    await page.getByRole('heading', { name: 'whole, and as it was signed outside' }).waitFor();
    expect(await isTooWide(page)).toBe(false);
    await picture(page, `audit-${name}-${colorScheme}`);
    expect(await barriersOfFew(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('says nothing any more of what was found by other files, once others are picked', async () => {
    const { page } = await open(`/audit?lane=${chain}`);
    await pick(page);
    await page.getByRole('button', { name: 'Check this chain' }).click();
    await page.getByRole('heading', { name: 'whole, and as it was signed outside' }).waitFor();
    await page.getByLabel('Public key of the gateway').setInputFiles([]);
    await page.getByRole('button', { name: 'Check this chain' }).waitFor();
    expect(await page.getByRole('heading', { name: 'whole, and as it was signed outside' }).count()).toBe(0);
  });

  it('has nothing of a lane that somebody may not look at', async () => {
    const { page } = await open('/audit?lane=other/production', {}, 'visitor');
    await page.getByText('Audit of other/production').first().waitFor();
    await page.getByRole('button', { name: 'Check this chain' }).click();
    await page.getByText('0 rows in 1 chain').waitFor();
  });
});

describe('what whoever owns the database has done', () => {
  it.each<[string, (rows: ChainedEntry[]) => ChainedEntry[], () => string]>([
    [
      'a row was edited',
      (rows) => rows.map((row) => (row.n === 3 ? { ...row, who: 'nobody' } : row)),
      () => 'row 3 was edited',
    ],
    ['a row was removed', (rows) => rows.filter(({ n }) => n !== 5), () => 'row 5 was removed'],
    [
      'the last rows were removed',
      (rows) => rows.slice(0, -2),
      () => `rows ${kept.length - 1} to ${kept.length} were removed at the end`,
    ],
    [
      'the chain was rewritten',
      (rows) => hashedAnew(rows.map((row) => (row.n === 4 ? { ...row, who: 'nobody' } : row))),
      () => 'something was changed there, and hashed anew',
    ],
  ])('is told by the page and by the command: %s', async (what, change, wanted) => {
    await audit.rewrite(chain, change);
    try {
      const { page } = await open(`/audit?lane=${chain}`);
      await pick(page);
      await page.getByRole('button', { name: 'Check this chain' }).click();
      await page.getByRole('alert').getByRole('heading', { name: wanted() }).waitFor();
      await picture(page, `audit-${what.replaceAll(' ', '-')}`);
      expect(await barriersOfFew(page)).toEqual([]);
      const { exitCode, stdout } = await slipway(
        ['audit', 'verify', '--ends', outside, '--public-key', files.key],
        world.engine.gatewayUrl,
        { env: { SLIPWAY_TOKEN: world.engine.tokens.approver } },
      );
      expect([exitCode, stdout]).toEqual([1, expect.stringContaining(`${chain}: `)]);
      expect(stdout).toContain(wanted());
    } finally {
      await audit.rewrite(chain, () => kept);
    }
  });

  it('is not told by ends that another key has signed', async () => {
    const { page } = await open(`/audit?lane=${chain}`);
    await page.getByLabel('Signed ends').setInputFiles(files.ends);
    const buffer = Buffer.from(createKeyPair().publicKeyPem);
    const other = { name: `${randomUUID()}.pem`, mimeType: 'application/x-pem-file', buffer };
    await page.getByLabel('Public key of the gateway').setInputFiles(other);
    await page.getByRole('button', { name: 'Check this chain' }).click();
    await page.getByRole('alert').getByText('has a signature that does not hold').first().waitFor();
  });
});
