import { describe, expect, it } from '@jest/globals';
import type { ReleaseStatus } from '../../domain/contract/status.ts';
import { outlineOfMigration } from '../../domain/outline.ts';
import { renderDetails } from '../../domain/details.ts';
import { failureDetails } from '../../domain/errors/catalogue.ts';
import { aHash, anImage, aPerson, aPlannedMigration, aReleaseId, aRequest } from './builders.ts';

function aStatus(changes: Partial<ReleaseStatus> = {}): ReleaseStatus {
  return {
    releaseId: aReleaseId(),
    stage: 'building',
    doing: 'building core',
    artifacts: [],
    migrations: [],
    regions: [],
    checks: [],
    timings: [],
    approvals: [],
    log: [],
    ...changes,
  };
}

describe('the head of a run in the Temporal UI', () => {
  it('says what is deployed where, who asked, and what is being done', () => {
    expect(renderDetails(aRequest(), aStatus())).toBe(
      '**shop → production** · main@aaaaaaaaaaaa · asked by dana\n\n**building**: building core',
    );
  });

  it('says who is waited for, and until when', () => {
    const waitingFor = { what: 'approval', who: 'approvers', until: Date.UTC(2026, 0, 2) };
    expect(renderDetails(aRequest(), aStatus({ waitingFor }))).toContain(
      'Waits for **approval** (approvers), until 2026-01-02T00:00:00.000Z',
    );
  });

  it('shows migrations, regions and the plan', () => {
    const components = [{ component: 'core', image: anImage(), phase: 'deployed' as const, note: 'unchanged' }];
    const status = aStatus({
      migrations: [outlineOfMigration(aPlannedMigration())],
      planHash: aHash(),
      regions: [{ region: 'de', phase: 'deployed', components }],
    });
    const page = renderDetails(aRequest(), status);
    expect(page).toContain('Migrations: main: 0002_weight');
    expect(page).toContain('| de | core | `111111111111` | deployed (unchanged) |');
    expect(page).toContain(`Plan \`${aHash()}\``);
  });

  it('shows a failure with the next step, and stays small whatever it says', () => {
    const failure = failureDetails('SLIP-K8S-1', 'x\n'.repeat(50_000));
    const page = renderDetails(aRequest(), aStatus({ failure }));
    expect(page).toContain(`**SLIP-K8S-1 ${failure.title}**`);
    expect(page).toContain(failure.next);
    expect(page.length).toBeLessThan(10_000);
  });

  it('says of what is to be approved what deserves a second look, and the command that shows all of it', () => {
    const migrations = [outlineOfMigration(aPlannedMigration({ pending: ['0003_drop'], contracting: ['0003_drop'] }))];
    const status = aStatus({ stage: 'awaiting-approval', migrations, warnings: ['this code is older'] });
    const page = renderDetails(aRequest(), status);
    expect(page).toContain('**Look twice**\n\n- this code is older\n- contracting migration of main: 0003_drop');
    expect(page).toContain(`\`slipway plan ${aReleaseId()}\``);
    expect(renderDetails(aRequest(), { ...status, stage: 'deploying' })).not.toContain('Look twice');
  });

  it('does not take what nobody could plan for the name of a migration', () => {
    const looks = (contracting: string[]) => {
      const migrations = [outlineOfMigration(aPlannedMigration({ pending: contracting, contracting }))];
      return renderDetails(aRequest(), aStatus({ stage: 'awaiting-approval', migrations }));
    };
    expect(looks(['*'])).not.toContain('contracting');
    expect(looks(['*', '0003_drop'])).toContain('- contracting migration of main: 0003_drop\n');
  });

  it.each(['\u001b[2J', 'x\n\n**awaiting-approval**: nothing', 'a\u202eb', '| x |', '<img src=x>', '[a](b)', '`x`'])(
    'shows %j as the text that it is, with no line and no form of its own',
    (text) => {
      const components = [{ component: text, image: anImage(), phase: 'deployed' as const, note: text }];
      const page = (said: string) =>
        renderDetails(
          aRequest({ branch: said, requestedBy: aPerson(said) }),
          aStatus({
            doing: said,
            waitingFor: { what: said, who: said },
            regions: [
              {
                region: said,
                phase: 'deployed',
                components: said === text ? components : [{ ...components[0]!, component: said, note: said }],
              },
            ],
          }),
        );
      expect(page(text).split('\n')).toHaveLength(page('harmless').split('\n').length);
      // eslint-disable-next-line no-control-regex
      expect(page(text)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]|[^\\]<|[^\\]\[a|[^\\]`x/);
    },
  );
});
