import type { Telemetry } from '../../src/ports/telemetry.ts';

/** Telemetry that keeps what it was told, as `name{label,label}` texts. */
export function createKeptTelemetry(): { readonly telemetry: Telemetry; readonly told: string[] } {
  const told: string[] = [];
  const tell = (name: string, labels: object): void =>
    void told.push(`${name}{${Object.values(labels).join(',')}}`);
  return { telemetry: { count: tell, observe: tell, gauge: tell }, told };
}
