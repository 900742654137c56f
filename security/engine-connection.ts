import { loadClientConnectConfig } from '@temporalio/envconfig';

/**
 * How to reach the engine: `TEMPORAL_ADDRESS`, and TLS or an API key as the engine's own tools read them from the
 * environment or a profile.
 */
export function connectionOptions(settings: { readonly TEMPORAL_ADDRESS: string | undefined }) {
  const { connectionOptions: fromEnvironment } = loadClientConnectConfig();
  return { ...fromEnvironment, ...(settings.TEMPORAL_ADDRESS ? { address: settings.TEMPORAL_ADDRESS } : {}) };
}
