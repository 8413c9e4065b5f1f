import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Refusal } from './gateway/ask.ts';
import { router } from './routes.tsx';

/** What is refused is refused again; whoever does not answer is asked again. */
const client = new QueryClient({
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
