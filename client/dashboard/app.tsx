import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Refusal } from './gateway/ask.ts';
import { meQuestion } from './gateway/questions.ts';
import { router } from './routes.tsx';

/** What is refused is refused again; whoever does not answer is asked again. */
const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // A session that is over is found out by whatever asks first: then nobody is known here any more.
    onError(error, { queryKey: [what] }) {
      if (error instanceof Refusal && error.status === 401 && what !== meQuestion.queryKey[0])
        void client.invalidateQueries({ queryKey: meQuestion.queryKey });
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      retry: (failed, error) => failed < 2 && !(error instanceof Refusal && error.status > 0),
    },
  },
});

export function App() {
  return (
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
