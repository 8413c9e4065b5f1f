import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { shortName } from '../../../domain/short-names.ts';
import { useNow } from '../parts/now.ts';
import { Panel } from '../parts/panel.tsx';
import { comparedStages, longestOf } from '../words/compare-times.ts';
import type { ComparedStage } from '../words/compare-times.ts';
import { duration } from '../words/times.ts';

/** How long each stage took in both; people's waiting, and that for the lane, apart. */
export function Durations({ a, b }: { a: ReleaseView; b: ReleaseView }) {
  const now = useNow();
  const stages = comparedStages(a, b, now);
  const of = (isWaiting: boolean) => stages.filter(({ waits }) => (waits !== undefined) === isWaiting);
  if (stages.length === 0)
    return (
      <Panel title="How long it took">
        <p className="body ink-2">How long their stages took is not on record any more.</p>
      </Panel>
    );
  return (
    <Panel title="How long it took" note="people’s waiting apart (hatched)">
      <table className="grid">
        <thead>
          <tr>
            <th scope="col">Stage</th>
            <th scope="col">{shortName(a)}</th>
            <th scope="col">{shortName(b)}</th>
          </tr>
        </thead>
        <Stages name="Machines" stages={of(false)} />
        <Stages name="Waiting" stages={of(true)} />
      </table>
    </Panel>
  );
}

function Stages({ name, stages }: { name: string; stages: readonly ComparedStage[] }) {
  if (stages.length === 0) return null;
  const longest = longestOf(stages);
  const sum = (which: 'before' | 'after') => stages.reduce((total, stage) => total + (stage[which] ?? 0), 0);
  return (
    <tbody>
      <tr className="group">
        <th scope="rowgroup">{name}</th>
        <td>{duration(sum('before'))}</td>
        <td>{duration(sum('after'))}</td>
      </tr>
      {stages.map((stage) => (
        <tr key={stage.name} className="sub">
          <th scope="row">{stage.name}</th>
          <Took ms={stage.before} of={longest} isWaiting={stage.waits !== undefined} />
          <Took ms={stage.after} of={longest} isWaiting={stage.waits !== undefined} />
        </tr>
      ))}
    </tbody>
  );
}

function Took({ ms, of, isWaiting }: { ms: number | undefined; of: number; isWaiting: boolean }) {
  if (ms === undefined) return <td className="ink-3">none</td>;
  return (
    <td>
      <span className="nowrap">{duration(ms)}</span>
      <span className={isWaiting ? 'took people' : 'took'} aria-hidden="true">
        <i style={{ width: `${Math.max(1, Math.round((100 * ms) / of))}%` }} />
      </span>
    </td>
  );
}
