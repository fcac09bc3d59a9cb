import type { ObserveHostRequest, Telemetry } from '../ports/telemetry.ts';

/** Makes figures of what adapters tell of their requests. */
export function observeRequests(telemetry: Telemetry): ObserveHostRequest {
  return ({ host, endpoint, code, cached, remaining }) => {
    const labels = { host, endpoint, code: String(code ?? 'none'), cached: cached ? 'yes' : 'no' };
    telemetry.count('modelgate_forge_requests_total', labels);
    if (remaining !== undefined) telemetry.gauge('modelgate_forge_budget_remaining', { host }, remaining);
  };
}
