import '@mantine/core/styles.css';
import { MantineProvider } from '@mantine/core';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { isWorthRetrying, SESSION_KEY, slugOf } from './api/client';
import { App } from './app';
import { keepLinkTokensOutOfTheUrl } from './password-reset/link-token';
import { theme, variables } from './shell/theme';

// Before anything is drawn or asked for: a one-time link's token must not stay in the address bar or the history.
keepLinkTokensOutOfTheUrl();

/** A session that ended meanwhile, elsewhere or by itself: what is shown of it gives way to the logon. Of one that is not enough any more the server says for what. */
function noticeChange(error: unknown): void {
  if (slugOf(error) === 'unauthenticated') queryClient.setQueryData(SESSION_KEY, null);
  if (slugOf(error) === 'step-up-required') void queryClient.invalidateQueries({ queryKey: SESSION_KEY });
}

const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeChange }),
  mutationCache: new MutationCache({ onError: noticeChange }),
  defaultOptions: { queries: { retry: (failures, error) => failures < 3 && isWorthRetrying(error), staleTime: 5_000 } },
});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={variables} forceColorScheme="light">
      <QueryClientProvider client={queryClient}>
        <BrowserRouter>
          <App />
        </BrowserRouter>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
