import type { CheckResult } from './check-result.ts';

/** A version of the workflow code, as Temporal knows it. */
export interface EngineVersion {
  buildId: string;
  /** New runs begin on it. */
  current: boolean;
  /** Workers of it ask for work. */
  polled: boolean;
  /** Open runs that only its workers can move. */
  pinned: number;
  /** It has never been current: nothing ever began on it. Not told by older gateways. */
  untried?: boolean;
}

/** No version is current: whatever is new waits. The versions whose workers poll. */
export interface NoneCurrent {
  polled: string[];
}

/** Whether every run has workers that can move it, and which old workers may go. Versions that concern nobody are left out. */
export function judgeVersions(versions: readonly EngineVersion[]): CheckResult[] {
  const current = versions.find((version) => version.current);
  const others = versions.filter((version) => version !== current);
  return [
    judgeCurrent(current, versions),
    ...others.flatMap((version) => (version.untried ? judgeUntried(version, current) : judgeOld(version))),
  ];
}

/** Lines for whoever waits for a run to begin. */
export function whyNoneBegins({ polled }: NoneCurrent): string[] {
  const said = 'No version of the engine is current, so that nothing new can begin';
  if (polled.length === 0) return [`${said}, and no engine worker polls.`, `Next: ${startOne}`];
  return [`${said}, though engine workers poll.`, `Next: ${makeOneCurrent(polled)}`];
}

const startOne = 'Start an engine worker: the first of an installation makes its version current.';

/** Whoever copies it has the variables that the installation's processes have. */
export function makeCurrentCommand(buildId: string): string {
  return `slipway setup --make-current ${buildId}`;
}

function makeOneCurrent(buildIds: readonly string[]): string {
  const commands = buildIds.map((buildId) => `\`${makeCurrentCommand(buildId)}\``);
  return `Make one current, with the variables of an engine worker: ${commands.join(' or ')}.`;
}

function judgeCurrent(current: EngineVersion | undefined, all: readonly EngineVersion[]): CheckResult {
  if (current?.polled)
    return { ok: true, says: `${current.buildId} is current, and its workers poll; ${runs(current.pinned)} on it` };
  if (current)
    return {
      ok: false,
      says: `${current.buildId} is current, but none of its workers polls: nothing new can begin`,
      next: 'Start an engine worker of that version, or make one current whose workers poll.',
    };
  const polled = all.filter((version) => version.polled).map(({ buildId }) => buildId);
  return {
    ok: false,
    says: `no version is current: nothing can begin${polled.length > 0 ? ', though engine workers poll' : ''}`,
    next: polled.length > 0 ? makeOneCurrent(polled) : startOne,
  };
}

/** Where none is current it is named there. */
function judgeUntried({ buildId, polled }: EngineVersion, current: EngineVersion | undefined): CheckResult[] {
  if (!polled || !current) return [];
  return [
    {
      ok: false,
      says: `${buildId} has workers that poll, and was never current: what is new begins on ${current.buildId}`,
      next: `To go over to it: \`${makeCurrentCommand(buildId)}\`, with the variables of an engine worker. Otherwise stop its workers.`,
    },
  ];
}

function judgeOld({ buildId, polled, pinned }: EngineVersion): CheckResult[] {
  if (pinned > 0 && polled)
    return [
      { ok: true, says: `${buildId} is old: ${runs(pinned)} still on it. Keep its workers until there are none` },
    ];
  if (pinned > 0)
    return [
      {
        ok: false,
        says: `${runs(pinned)} on the old version ${buildId}, and none of its workers polls: they stand still`,
        next: 'Start an engine worker of that version again. The runs go on where they were, and move to the current version when they next may.',
      },
    ];
  return polled ? [{ ok: true, says: `${buildId} is old and nothing runs on it: its workers may be stopped` }] : [];
}

function runs(n: number): string {
  return n === 1 ? '1 run is' : `${n} runs are`;
}
