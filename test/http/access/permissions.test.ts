import { describe, expect, test } from 'vitest';
import { RetryableError } from '../../../src/errors.ts';
import { rememberPermissions } from '../../../src/http/access/permissions.ts';
import { createHandClock } from '../../support/hand-clock.ts';
import { createKeptLog } from '../../support/log.ts';

function start() {
  const clock = createHandClock();
  const { log, lines } = createKeptLog();
  const asked: string[] = [];
  const state = { answer: true, away: false };
  const ask = async (question: string): Promise<boolean> => {
    asked.push(question);
    await Promise.resolve();
    if (state.away) throw new RetryableError('GitLab corp: refuses connections');
    return state.answer;
  };
  const permissions = rememberPermissions(
    {
      mayRead: (...names) => ask(`read ${names.join('/')}`),
      mayPush: (...names) => ask(`push ${names.join('/')}`),
      idOf: async (host, login) => ((await ask(`id ${host}/${login}`)) ? '7' : undefined),
    },
    { log, clock },
  );
  return { clock, lines, asked, state, permissions };
}

describe('remembered permissions', () => {
  test.each([true, false])('%s — holds for a minute, and no longer', async (answer) => {
    const { clock, asked, state, permissions } = start();
    state.answer = answer;
    expect(await permissions.mayRead('corp', '12', '7')).toBe(answer);
    state.answer = !answer;
    await clock.advance(59_999);
    expect(await permissions.mayRead('corp', '12', '7')).toBe(answer);
    await clock.advance(1);
    expect(await permissions.mayRead('corp', '12', '7')).toBe(!answer);
    expect(asked).toHaveLength(2);
  });

  test('being asked for again and again — makes no answer older than a minute', async () => {
    const { clock, asked, permissions } = start();
    for (let second = 0; second < 120; second += 10) {
      await permissions.mayRead('corp', '12', '7');
      await clock.advance(10_000);
    }
    expect(asked).toHaveLength(2);
  });

  test('asked many times at once — asks once', async () => {
    const { asked, permissions } = start();
    await Promise.all(Array.from({ length: 50 }, () => permissions.mayRead('corp', '12', '7')));
    expect(asked).toEqual(['read corp/12/7']);
  });

  test('persons, repositories, hosts and kinds — are kept apart', async () => {
    const { asked, permissions } = start();
    await permissions.mayRead('corp', '12', '7');
    await permissions.mayPush('corp', '12', '7');
    await permissions.mayRead('corp', '1', '27');
    await permissions.mayRead('corp/12', '7', '');
    await permissions.idOf('corp', 'alice');
    await permissions.idOf('corp', 'ALICE');
    expect(asked).toEqual([
      'read corp/12/7',
      'push corp/12/7',
      'read corp/1/27',
      'read corp/12/7/',
      'id corp/alice',
    ]);
  });

  test('trouble — is not remembered, is told in plain words, and is logged', async () => {
    const { lines, state, permissions } = start();
    state.away = true;
    await expect(permissions.mayRead('corp', '12', '7')).rejects.toMatchObject({
      code: 'host-away',
      message: 'corp does not answer the question what you may see.',
    });
    state.away = false;
    expect(await permissions.mayRead('corp', '12', '7')).toBe(true);
    expect(lines).toMatchObject([
      { level: 'warn', fields: { host: 'corp', reason: 'GitLab corp: refuses connections' } },
    ]);
  });

  test('very many persons — do not fill the memory: the longest unused are asked again', async () => {
    const { asked, permissions } = start();
    await permissions.mayRead('corp', '12', 'first');
    await permissions.mayRead('corp', '12', 'second');
    for (let person = 0; person < 19_998; person += 1) await permissions.mayRead('corp', '12', `${person}`);
    await permissions.mayRead('corp', '12', 'first');
    await permissions.mayRead('corp', '12', 'another');
    asked.length = 0;
    await permissions.mayRead('corp', '12', 'first');
    await permissions.mayRead('corp', '12', 'second');
    expect(asked).toEqual(['read corp/12/second']);
  });
});
