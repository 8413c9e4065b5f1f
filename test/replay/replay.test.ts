import { describe, expect, it } from '@jest/globals';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LaneSteps } from '../../activities/steps/types.ts';
import { messages } from '../../domain/contract/names.ts';
import { outcomes } from '../../domain/outcomes.ts';
import { cacheDirectory } from '../../lab/kubernetes/cache.ts';
import { workflowBundle } from '../../workers/bundle.ts';
import { marksOf } from './lane-marks.ts';
import { patchesAskedIn, patchesOf } from './patches.ts';

/**
 * What a version must be able to go on from: histories of lanes of every version, because a lane moves to the current one by itself;
 * histories of releases of its own version alone, because a release moves to another only at safe points, by what it carries.
 */
Runtime.install({ logger: new DefaultLogger('ERROR') });

const root = fileURLToPath(new URL('../..', import.meta.url));
const histories = join(root, 'test/replay/histories');
const versions = readdirSync(histories);
const { version: current } = read<{ version: string }>(join(root, 'package.json'));

type Kind = 'release' | 'lane';

function read<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

/** What is in a version's folder, as it was when it was recorded. */
function manifestOf(version: string): Record<string, Kind> {
  return read(join(histories, version, 'manifest.json'));
}

function historiesOf(version: string, kinds: Kind[]) {
  return Object.entries(manifestOf(version))
    .filter(([, kind]) => kinds.includes(kind))
    .map(([file]) => {
      const history = historyFromJSON(read(join(histories, version, file)));
      // Decisions name the run they are about: under another id they would be refused, and the replay would be of another story.
      const workflowId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? '';
      return { file, workflowId, history };
    });
}

describe.each(versions)('histories of version %s', (version) => {
  it('are those that were recorded', () => {
    const files = readdirSync(join(histories, version)).filter((file) => file !== 'manifest.json');
    expect(files.sort()).toEqual(Object.keys(manifestOf(version)).sort());
  });

  it('replay on the workflows as they are now, where a run may move to them', async () => {
    const { codePath } = await workflowBundle(cacheDirectory());
    const recorded = historiesOf(version, version === current ? ['release', 'lane'] : ['lane']);
    expect(recorded.length).toBeGreaterThan(0);
    const failures: string[] = [];
    const results = Worker.runReplayHistories({ workflowBundle: { codePath } }, recorded);
    for await (const { workflowId, error } of results) if (error) failures.push(`${workflowId}: ${error.message}`);
    expect(failures).toEqual([]);
  });
});

it('every patch that a workflow asks for was gone by in some history: under another name it would be no patch to that run', () => {
  const recorded = versions.flatMap((version) => historiesOf(version, ['release', 'lane']));
  const known = new Set(recorded.flatMap(({ history }) => patchesOf(history.events ?? [])));
  const asked = patchesAskedIn(join(root, 'workflows'));
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter((id) => !known.has(id))).toEqual([]);
});

describe('what is recorded of the current version', () => {
  it('has a release of each outcome, and a rollback', () => {
    const wanted = [...Object.keys(outcomes), 'rollback'].map((name) => `${name}.json`);
    expect(Object.keys(manifestOf(current))).toEqual(expect.arrayContaining(wanted));
  });

  it('has all that a lane can hear, do and go through', () => {
    const recorded = historiesOf(current, ['lane']);
    const seen = new Set(recorded.flatMap(({ history }) => [...marksOf(history.events ?? [])]));
    expect(laneMarks.filter((mark) => !seen.has(mark))).toEqual([]);
    // The other way round: what it does and is not in the list is new, and belongs there.
    expect([...seen].filter((mark) => !laneMarks.includes(mark)).sort()).toEqual([]);
  });

  it('has all that a step may answer a lane: what is in no history, the lane may go by without a patch, and nobody sees it', () => {
    const told = (step: string) => laneMarks.filter((mark) => mark.startsWith(`is told by ${step}: `)).join(', ');
    const keys = Object.entries(laneAnswers).flatMap(([step, answer]) =>
      Object.keys(answer).map((key) => ({ step, key })),
    );
    expect(keys.filter(({ step, key }) => !new RegExp(`\\b${key}\\b`).test(told(step)))).toEqual([]);
  });
});

/** By the types of the steps, fields that may be missing as well: the compiler asks for one that is new. */
const laneAnswers: { [Step in keyof LaneSteps]: Record<keyof Awaited<ReturnType<LaneSteps[Step]>>, true> } = {
  beginLane: { incarnation: true, sequence: true, holder: true, closures: true, waiting: true, moreClosures: true },
  recordLane: { written: true, holds: true },
  lookAtHolder: { open: true, outcome: true, lifted: true },
};

const laneMarks = [
  'begins from the records',
  'begins from what it carried',
  'begins with messages not yet taken',
  `hears ${messages.joinLane}`,
  `hears ${messages.claimLane}`,
  `hears ${messages.claimLane}, with a ticket`,
  `hears ${messages.leaveLane}, free`,
  `hears ${messages.leaveLane}, hold`,
  `hears ${messages.leaveLane}, step-back`,
  'is ordered to freeze',
  'is ordered to freeze for a while',
  'is ordered to unfreeze',
  'is ordered to clear-hold',
  'refuses an order',
  'answers granted',
  'answers waiting',
  'answers superseded',
  'answers ask-again',
  'answers nobody',
  'asks for beginLane',
  'asks for recordLane',
  'asks for lookAtHolder',
  'is told by beginLane: closures, incarnation, sequence, waiting',
  'is told by beginLane: closures, holder, incarnation, sequence, waiting',
  'is told by beginLane: closures, incarnation, moreClosures, sequence, waiting',
  'is told by recordLane: written: true',
  'is told by recordLane: written: false',
  'is told by recordLane: holds, written: true',
  'is told by lookAtHolder: open: true',
  'is told by lookAtHolder: open: false, outcome',
  'is told by lookAtHolder: lifted: true, open: false, outcome',
  'sees a step fail',
  'wakes look whether the holder is still there',
  'wakes until a freeze ends',
  'wakes ask again',
  'wakes the records belong to another lane',
  'shows itself',
  'is cancelled',
  'continues as new',
];
