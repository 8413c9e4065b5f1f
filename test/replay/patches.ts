import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultPayloadConverter } from '@temporalio/common';
import type { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';

type HistoryEvent = NonNullable<ReturnType<typeof historyFromJSON>['events']>[number];

/** The patches that workflows in this folder ask for, by the text of the call: one that is named otherwise than by a literal is in no history. */
export function patchesAskedIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const calls = files.flatMap((file) => [
    ...readFileSync(join(folder, file), 'utf8').matchAll(/\b(?:patched|deprecatePatch)\(([^)]*)\)/g),
  ]);
  return calls.map(([, id = '']) => id.replace(/^'(.*)'$/, '$1'));
}

/** The patches that a run has gone by. */
export function patchesOf(events: HistoryEvent[]): string[] {
  return events.flatMap((event) => {
    const { markerName, details } = event.markerRecordedEventAttributes ?? {};
    if (markerName !== 'core_patch') return [];
    const [payload] = details?.['patch-data']?.payloads ?? [];
    return [defaultPayloadConverter.fromPayload<{ id: string }>(payload!).id];
  });
}
