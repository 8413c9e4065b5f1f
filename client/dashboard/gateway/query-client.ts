import { QueryCache, QueryClient } from '@tanstack/react-query';
import { Refusal } from './ask.ts';
import { meQuestion } from './questions.ts';

/** What was asked of the gateway, for all pages. What is refused is refused again; whoever does not answer is asked again. */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // A session that is over is found out by whatever asks first: then nobody is known here any more.
    onError(error, { queryKey: [what] }) {
      if (error instanceof Refusal && error.status === 401 && what !== meQuestion.queryKey[0])
        void queryClient.invalidateQueries({ queryKey: meQuestion.queryKey });
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      retry: (failed, error) => failed < 2 && !(error instanceof Refusal && error.status > 0),
    },
  },
});
