/** A version of the workflow code, as Temporal knows it. */
export interface EngineVersion {
  buildId: string;
  /** New runs begin on it. */
  current: boolean;
  /** Workers of it ask for work. */
  polled: boolean;
  /** Open runs that only its workers can move. */
  pinned: number;
}

export interface VersionFinding {
  ok: boolean;
  says: string;
  next?: string;
}

/** Whether every run has workers that can move it, and which old workers may go. Versions that concern nobody are left out. */
export function judgeVersions(versions: readonly EngineVersion[]): VersionFinding[] {
  const current = versions.find((version) => version.current);
  const old = versions.filter((version) => version !== current);
  return [judgeCurrent(current, versions), ...old.flatMap(judgeOld)];
}

function judgeCurrent(current: EngineVersion | undefined, all: readonly EngineVersion[]): VersionFinding {
  if (current?.polled)
    return { ok: true, says: `${current.buildId} is current, and its workers poll; ${runs(current.pinned)} on it` };
  if (current)
    return {
      ok: false,
      says: `${current.buildId} is current, but none of its workers polls: nothing new can begin`,
      next: 'Start an engine worker of that version, or make one current whose workers poll.',
    };
  return {
    ok: false,
    says: 'no version is current: nothing can begin',
    next:
      all.length > 0
        ? `Make one current: ${all.map((version) => version.buildId).join(' or ')}. A single engine worker does it itself with SLIPWAY_MAKE_CURRENT=true.`
        : 'Start an engine worker with SLIPWAY_MAKE_CURRENT=true.',
  };
}

function judgeOld({ buildId, polled, pinned }: EngineVersion): VersionFinding[] {
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
