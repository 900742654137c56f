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

/** A session that ended meanwhile, elsewhere or by itself: what is shown of it gives way to the logon. */
function noticeEnd(error: unknown): void {
  if (slugOf(error) === 'unauthenticated') queryClient.setQueryData(SESSION_KEY, null);
}

const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeEnd }),
  mutationCache: new MutationCache({ onError: noticeEnd }),
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
