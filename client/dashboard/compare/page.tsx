import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { shortName } from '../../../domain/short-names.ts';
import { planQuestion, releaseQuestion } from '../gateway/questions.ts';
import { NotYet, Problem } from '../parts/problem.tsx';
import { Stale } from '../parts/stale.tsx';
import type { Named } from '../words/address.ts';
import { comparedComponents, comparedLines, sentenceOf } from '../words/compare.ts';
import { Between } from './between.tsx';
import { CompareHead } from './head.tsx';
import { Components } from './components.tsx';
import { Configuration } from './configuration.tsx';
import { Durations } from './durations.tsx';
import { Migrations } from './migrations.tsx';
import { WayBack } from '../release/way-back.tsx';

/** Two runs of a service, the earlier one first: what the later has otherwise. */
export function ComparePage() {
  const { a = '', b = '' } = useSearch({ strict: false }) satisfies Named;
  const ofA = useQuery(runQuestion(a));
  const ofB = useQuery(runQuestion(b));
  return (
    <>
      <title>{`${ofA.data && ofB.data ? `${shortName(ofA.data)} and ${shortName(ofB.data)}` : 'Compare'} · Slipway`}</title>
      {a === '' || b === '' ? (
        <Problem of="A comparison" error={new Error('Two runs are compared: choose them among the releases.')} />
      ) : !ofA.data || !ofB.data ? (
        <NotYet of="The comparison" error={ofA.error ?? ofB.error} />
      ) : ofA.data.service !== ofB.data.service ? (
        <Problem of="A comparison" error={new Error('These are runs of two services, which have nothing in common.')} />
      ) : (
        <div className="stack">
          <Stale of={ofA.error ? ofA : ofB} what="How one of both stands now" />
          <Compared key={`${a} ${b}`} a={ofA.data} b={ofB.data} />
        </div>
      )}
    </>
  );
}

/** One that is open goes on: it is asked for again. */
const runQuestion = (id: string) => ({
  ...releaseQuestion(id),
  enabled: id !== '',
  refetchInterval: ({ state }: { state: { data: ReleaseView | undefined } }) => (state.data?.open ? 5_000 : false),
});

function Compared({ a, b }: { a: ReleaseView; b: ReleaseView }) {
  const [hashA, hashB] = [a.recorded?.planHash ?? '', b.recorded?.planHash ?? ''];
  const ofA = useQuery({ ...planQuestion(hashA), enabled: hashA !== '' });
  const ofB = useQuery({ ...planQuestion(hashB), enabled: hashB !== '' });
  const error = ofA.error ?? ofB.error;
  const without = [a, b].filter(({ recorded }) => recorded?.planHash === undefined).map(shortName);
  const plans = ofA.data && ofB.data && { before: ofA.data, after: ofB.data };
  const components = plans && comparedComponents(plans.before, plans.after);
  const lines = plans && comparedLines(plans.before, plans.after);
  const missing = `${without.join(' and ')} ${without.length === 1 ? 'has' : 'have'} no plan: what was planned cannot be compared.`;
  const sentence =
    components && lines ? sentenceOf(components, lines) : without.length > 0 ? missing : 'Loading both plans …';
  return (
    <>
      <CompareHead a={a} b={b} sentence={sentence} />
      <div className="stack">
        {error && <Problem of="One of both plans" error={error} />}
        <div className="cols">
          <div className="stack">
            {components && <Components components={components} a={a} b={b} />}
            {lines && <Configuration lines={lines} />}
            {plans && <Migrations before={plans.before} after={plans.after} a={a} b={b} />}
            <Durations a={a} b={b} />
          </div>
          <aside className="stack" aria-label="Commits, and the way back">
            {hashB !== '' && <Between a={a} b={b} hash={hashB} />}
            <WayBack view={b} />
            <WayBack view={a} />
          </aside>
        </div>
      </div>
    </>
  );
}
