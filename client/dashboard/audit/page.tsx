import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { FromOutside } from '../gateway/audit-check.ts';
import { chainsQuestion } from '../gateway/questions.ts';
import { NotYet } from '../parts/problem.tsx';
import { Stale } from '../parts/stale.tsx';
import { Chain } from './chain.tsx';
import { Chains } from './chains.tsx';

/** What was done and decided, and whether anybody has rewritten it since. */
export function AuditPage() {
  const { lane: chain } = useSearch({ strict: false });
  const { data, error, dataUpdatedAt } = useQuery({ ...chainsQuestion, refetchInterval: 30_000 });
  // Of all chains: whoever has picked files picks them once.
  const [outside, setOutside] = useState<FromOutside>({ ends: [], keys: [] });
  const shared = { outside, setOutside };
  if (!data)
    return (
      <>
        <title>Audit · Slipway</title>
        <NotYet of="The audit" error={error} />
      </>
    );
  return (
    <>
      <Stale of={{ error, dataUpdatedAt }} what="What was added since" />
      {chain === undefined ? (
        <Chains audit={data} {...shared} />
      ) : (
        <Chain key={chain} chain={chain} ends={data.lanes} {...shared} />
      )}
    </>
  );
}
