import type { RuleOn } from '../rule.ts';
import type { CommittedSecret, DataNodes } from './model.ts';

/** Everybody who can read the repository has the credential, for ever (specs dvc 3.2, 8.14). Names no value. */
export const committedSecret: RuleOn<DataNodes, 'secret'> = {
  id: 'data/committed-secret',
  summary: 'A credential of a data remote that is committed',
  severity: 'error',
  profile: 'recommended',
  covers: ['dvc 3.2', 'dvc 8.14'],
  on: 'secret',
  *check({ source, credential }) {
    if (credential === undefined) {
      yield {
        at: { source, span: undefined, pointer: '' },
        message: `\`${source.path}\` is committed: it is where DVC keeps the credentials of one person, and everybody who can read the repository has them now.`,
        subject: 'config.local',
        repair: `git rm --cached ${source.path}, add /config.local to .dvc/.gitignore, and revoke every credential in it: the history keeps them`,
      };
      return;
    }
    const { key, remote, form, span, pointer } = credential;
    const whose = remote === undefined ? '' : ` of remote \`${remote}\``;
    const what = form === 'setting' ? `\`${key}\`${whose} is` : `A credential in the \`${key}\`${whose} is`;
    yield {
      at: { source, span, pointer },
      message: `${what} committed in \`${source.path}\`: everybody who can read the repository has it now.`,
      subject: form,
      repair: repairOf({ key, remote, form }),
    };
  },
};

function repairOf({
  key,
  remote,
  form,
}: Pick<NonNullable<CommittedSecret['credential']>, 'key' | 'remote' | 'form'>): string {
  const revoke = 'revoke it now, because the history keeps it';
  if (form === 'url')
    return `${revoke}; then write the ${key} without it, and keep the new one in .dvc/config.local`;
  if (remote === undefined) return `${revoke}; then move the line into .dvc/config.local`;
  return `${revoke}; then remove the line, and dvc remote modify --local ${remote} ${key} <new value>`;
}
