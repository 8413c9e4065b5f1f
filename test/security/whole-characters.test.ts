import { describe, expect, it } from '@jest/globals';
import { redactedHead, redactedTail } from '../../activities/shared/redact.ts';
import { hearing, says } from '../../activities/shared/saying.ts';
import type { Facts } from '../../activities/shared/saying.ts';
import { told } from '../../activities/steps/input-fields.ts';
import { lineKeepingEnd } from '../../domain/rollout-cause.ts';
import { failureDetails } from '../../domain/errors/catalogue.ts';

/** Words of strangers that are longer than is kept: whatever the bound is, one of the two has its cut within a character. */
const long = '😀 '.repeat(10).trim() + '😀'.repeat(30_000);
const words = [long, `x${long}`, `${long}x`];

/** What the audit is told of a step. */
function heardOf(said: string): Facts {
  const heard: Facts = {};
  hearing(heard, () => says({ alone: said, listed: [said] }));
  return heard;
}

const cuts: Record<string, (text: string) => unknown> = {
  'the beginning of what is redacted': (text) => redactedHead(text.replaceAll('😀', '😀 '), 1_000),
  'the beginning of what is redacted, at another place': (text) => redactedHead(text.replaceAll('😀', '😀 '), 1_001),
  'the end of what is redacted': (text) => redactedTail(text.replaceAll('😀', '😀 '), 1_000),
  'what is kept of what a step is told': (text) => told.parse(text),
  'what the audit is told': (text) => heardOf(text),
  'one line of a cluster': (text) => lineKeepingEnd(text),
  'the detail of a failure': (text) => failureDetails('SLIP-TEST-2', text).detail,
};

describe('words of strangers that are cut', () => {
  it.each(Object.keys(cuts))('are text, cut at whole characters: %s', (name) => {
    for (const text of words) {
      const said = JSON.stringify(cuts[name]!(text));
      expect(said.length).toBeLessThan(text.length);
      // Half of a character is an escape in JSON, and where signs are made visible.
      expect(said).not.toMatch(/\\u\{?d[89a-f]/i);
    }
  });
});
