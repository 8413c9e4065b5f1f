import { overview } from '../../answers/overview.ts';
import { examples } from './examples.ts';
import type { Operation } from './operation.ts';

const { row, waitingFor, startedAt, lane, laneOpen } = examples;
const verified = laneOpen.inventory[0]!;

export const overviewOperations: Operation[] = [
  {
    id: 'getOverview',
    method: 'GET',
    path: '/v1/overview',
    needs: 'look',
    about: 'What waits for you, what goes on, and what runs where',
    notes:
      'Of all lanes that you may look at, up to 1,000, and of their open runs, the newest 100. By the records; what runs say of themselves is in `state`, `regions` and `failure`. For 20 of the runs that wait for somebody, those with the least time first, `waitsForMe` says whether that is you.',
    answers: { 200: { schema: overview, when: 'As it stood at `at`, two seconds ago at most.' } },
    failures: true,
    example: {
      answer: {
        at: startedAt + 120_000,
        environments: ['staging', 'production'],
        lanes: [
          {
            ...lane,
            regions: [
              {
                region: verified.region,
                state: 'verified',
                release: {
                  releaseId: verified.releaseId,
                  number: 139,
                  requestedBy: 'dana',
                  commit: verified.commit,
                  verifiedAt: verified.verifiedAt,
                },
                components: 1,
                behind: { environment: 'staging', releases: 1 },
              },
            ],
          },
        ],
        runs: [
          {
            ...row,
            state: {
              stage: 'awaiting-approval',
              since: startedAt + 95_000,
              doing: 'waits for an approval',
              waitingFor,
            },
            regions: [{ region: verified.region, phase: 'pending' }],
            approval: { given: [], missing: 1, noReturn: [] },
            waitsForMe: true,
          },
        ],
      },
    },
  },
];
