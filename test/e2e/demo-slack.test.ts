import { describe, expect, it } from '@jest/globals';
import type { DemoResult } from '../../lab/demo/result.ts';
import { useDemo } from '../support/demo-runs.ts';
import { patience } from '../support/world-until.ts';

describe('the demo with Slack', () => {
  const { demo } = useDemo();

  it(
    'has one message that is edited to its end, with the approval by a button in it, and the plan in its thread',
    async () => {
      const { exitCode, stdout, stderr } = await demo(['--yes', '--slack', '--json']);
      const { slack, outcome } = JSON.parse(stdout) as DemoResult;
      const text = slack?.join('\n') ?? '';
      expect({ exitCode, outcome }).toEqual({ exitCode: 0, outcome: 'verified' });
      expect(slack?.filter((line) => line === 'shop#1 → production')).toHaveLength(1);
      expect(text).toMatch(/^✔ verified: /m);
      expect(text).toMatch(/^lab-approver approved it /m);
      expect(text).toMatch(/^ {2}What plan [0-9a-f]{12} changes/m);
      expect(text).not.toContain('[ Approve ]');
      expect(stderr).toContain('[ Approve ] [ Reject ] [ Details ]');
    },
    patience.preparation,
  );
});
