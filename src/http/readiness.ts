/** One thing that `/readyz` tells of. */
export interface ReadyCheck {
  readonly check: string;
  /** `error`: we cannot serve. `note`: worth knowing. `unknown`: nothing could be learnt of it. */
  readonly state: 'ok' | 'note' | 'error' | 'unknown';
  readonly what?: string | undefined;
  readonly remedy?: string | undefined;
}

/** What `/readyz` answers. `missing`: the errors in words, for those who read only the essence. */
export interface Readiness {
  readonly ready: boolean;
  readonly missing: readonly string[];
  readonly checks: readonly ReadyCheck[];
}

/** The answer; everybody may read it, so that no address keeps what may be a password. */
export function readinessOf(checks: readonly ReadyCheck[]): Readiness {
  const told = checks.map(({ check, state, what, remedy }) => ({
    check,
    state,
    what: withoutUserinfo(what),
    remedy: withoutUserinfo(remedy),
  }));
  const missing = told.filter(({ state }) => state === 'error').map(({ check, what }) => what ?? check);
  return { ready: missing.length === 0, missing, checks: told };
}

function withoutUserinfo(text: string | undefined): string | undefined {
  return text?.replaceAll(/:\/\/[^\s/]*@/g, '://');
}
