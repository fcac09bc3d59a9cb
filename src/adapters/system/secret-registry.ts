import { shortestSecret, type SecretRegistry } from '../../domain/secret.ts';

/** A registry for one process. Values too short to be redacted are left out; whoever reads secrets refuses them. */
export function createSecretRegistry(): SecretRegistry {
  const uses = new Map<string, number>();
  let version = 0;

  function change(value: string, count: number): void {
    if (count > 0) uses.set(value, count);
    else uses.delete(value);
    version += 1;
  }

  return {
    add(value) {
      if (value.length < shortestSecret) return () => undefined;
      change(value, (uses.get(value) ?? 0) + 1);
      let held = true;
      return () => {
        if (held) change(value, (uses.get(value) ?? 0) - 1);
        held = false;
      };
    },
    version: () => version,
    values: () => uses.keys(),
  };
}
