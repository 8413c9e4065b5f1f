import { describe, expect, it } from '@jest/globals';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { outcomes } from '../../domain/outcomes.ts';
import { cacheDirectory } from '../../lab/kubernetes/cache.ts';
import { workflowBundle } from '../../workers/bundle.ts';

Runtime.install({ logger: new DefaultLogger('ERROR') });

const histories = fileURLToPath(new URL('./histories', import.meta.url));
const versions = readdirSync(histories);

async function historiesOf(version: string) {
  const files = readdirSync(join(histories, version)).filter((file) => file.endsWith('.json'));
  return Promise.all(
    files.map(async (file) => {
      const history = historyFromJSON(JSON.parse(await readFile(join(histories, version, file), 'utf8')));
      // Decisions name the run they are about: under another id they would be refused, and the replay would be of another story.
      const workflowId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? '';
      return { file, workflowId, history };
    }),
  );
}

describe.each(versions)('histories of version %s', (version) => {
  it('are there for each outcome, for a rollback and for the lane', () => {
    const wanted = [...Object.keys(outcomes), 'rollback', 'lane'].map((name) => `${name}.json`).sort();
    expect(readdirSync(join(histories, version)).sort()).toEqual(wanted);
  });

  it('replay on the workflows as they are now', async () => {
    const { codePath } = await workflowBundle(cacheDirectory());
    const failures: string[] = [];
    const results = Worker.runReplayHistories({ workflowBundle: { codePath } }, await historiesOf(version));
    for await (const { workflowId, error } of results) if (error) failures.push(`${workflowId}: ${error.message}`);
    expect(failures).toEqual([]);
  });
});
