import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { Insights } from '../../../domain/contract/insights.ts';
import { boundsInWords } from '../../../domain/insights/words.ts';
import { plural } from '../../cli/words.ts';
import { insightsQuestion } from '../gateway/questions.ts';
import { useNow } from '../parts/now.ts';
import { Loading, Problem } from '../parts/problem.tsx';
import { Stale } from '../parts/stale.tsx';
import { Time } from '../parts/when.tsx';
import type { Named } from '../words/address.ts';
import { emptyWords, insightsQuery, rangeOf, ranges, rangeTitles, weekTitle } from '../words/insights.ts';
import type { Range } from '../words/insights.ts';
import { CommitToProduction } from './commit-to-production.tsx';
import { Counted } from './counted.tsx';
import { Dora } from './dora.tsx';
import { Filters } from './filters.tsx';
import { LastYes, SlowestSteps } from './bars.tsx';
import { Targets } from './targets.tsx';
import { Troubles } from './troubles.tsx';

/** How releases went: which target slips, because of which step, and what failed. */
export function InsightsPage() {
  const search: Named = useSearch({ strict: false });
  const query = insightsQuery(search, useNow());
  // What is not known yet of commits may be on its way.
  const { data, error, dataUpdatedAt } = useQuery({
    ...insightsQuestion(query),
    refetchInterval: ({ state }) =>
      state.data?.targets.some(({ leftOut }) => leftOut !== undefined) ? 30_000 : 300_000,
  });
  return (
    <>
      <title>Insights · Slipway</title>
      <header className="head">
        <div>
          <h1>Insights</h1>
          {data && <About insights={data} />}
        </div>
        <div className="btns">
          <Periods search={search} />
          <a className="btn" href={`/v1/insights.csv?${query}`} download>
            CSV
          </a>
        </div>
      </header>
      <Filters search={search} />
      {data ? (
        <Shown insights={data} asked={{ error, dataUpdatedAt }} />
      ) : error ? (
        <Problem of="Insights" error={error} />
      ) : (
        <Loading of="insights" />
      )}
    </>
  );
}

function About({ insights }: { insights: Insights }) {
  const { lookedAt, services, since, counted, environment } = insights;
  const where = counted === 'production' ? 'production' : (environment ?? 'all environments');
  return (
    <p className="facts">
      <span>
        {plural(lookedAt, 'release')} to {where}, {plural(services, 'service')}
      </span>
      <span>
        <Time at={since}>{weekTitle(since)}</Time> to today
      </span>
      <span>machine time and people’s waiting are never added up without saying so</span>
    </p>
  );
}

function Periods({ search }: { search: Named }) {
  const range = rangeOf(search);
  return (
    <nav className="seg" aria-label="Period">
      {(Object.keys(ranges) as Range[]).map((one) => (
        <Link
          key={one}
          to="/insights"
          search={{ ...search, range: one }}
          aria-current={one === range ? 'true' : undefined}
        >
          {rangeTitles[one]}
        </Link>
      ))}
    </nav>
  );
}

function Shown({ insights, asked }: { insights: Insights; asked: { error: Error | null; dataUpdatedAt: number } }) {
  const few = emptyWords(insights);
  const bounds = [...boundsInWords(insights), ...(few === undefined ? [] : [few])];
  return (
    <div className="stack">
      <Stale of={asked} what="What is on record now" />
      {bounds.length > 0 && (
        <div className="panel body ink-2">
          {bounds.map((words) => (
            <p key={words}>{words}</p>
          ))}
        </div>
      )}
      <Targets insights={insights} />
      {insights.lookedAt > 0 && (
        <>
          <CommitToProduction weeks={insights.weeks} targets={insights.targets} />
          <Dora dora={insights.dora} />
          <div className="pair">
            <SlowestSteps steps={insights.steps} />
            <LastYes approvals={insights.approvals} />
          </div>
          <Troubles insights={insights} />
        </>
      )}
      <Counted />
    </div>
  );
}
