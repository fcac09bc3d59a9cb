/** Variables by name: the process's environment, handed in by `main`. */
export type Environment = Readonly<Record<string, string | undefined>>;

const reference = /\$\$\{|\$\{([^}]*)\}?/g;
const name = /^[A-Za-z_]\w*$/;

/**
 * Fills in `${VAR}`; `$${` stands for `${`. A variable that is empty counts as missing: an unset one looks just so in
 * compose files.
 */
export function expand(
  text: string,
  env: Environment,
): { readonly kind: 'text'; readonly text: string } | { readonly kind: 'wrong'; readonly message: string } {
  const wrong: string[] = [];
  const filled = text.replace(reference, (written, variable: string | undefined) => {
    if (written === '$${') return '${';
    if (variable === undefined || !name.test(variable) || !written.endsWith('}')) {
      wrong.push(`has a broken variable reference; expected \${NAME}, or $\${ for the characters themselves`);
      return '';
    }
    const value = Object.hasOwn(env, variable) ? env[variable] : undefined;
    if (!value) wrong.push(`needs the environment variable ${variable}, which is not set`);
    return value ?? '';
  });
  const [message] = wrong;
  return message === undefined ? { kind: 'text', text: filled } : { kind: 'wrong', message };
}
