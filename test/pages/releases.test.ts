import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleFailed, sampleReleaseLine, sampleReleased } from '../support/sample-release.ts';
import { sampleSha } from '../support/sample-run.ts';
import { eventually } from '../support/redis.ts';
import { axeFindings, browserPath, launchBrowser, openPage } from './browser.ts';
import { createPageWorld, judged, passing, runOf, shaOf, type PageWorld } from './page-world.ts';
import { shifted, showReleases } from './releases-world.ts';

const addresses = [
  ['the list', '/releases'],
  ['the list of a line', '/releases?line=corp%2F12%2Fprod'],
  ['an empty list', '/releases?line=corp%2F99%2Fprod'],
  ['a release whose model serves', '/releases/done'],
  ['a failed release', '/releases/failed'],
  ['a release that was put back', '/releases/put-back'],
  ['a release under way', '/releases/training'],
  ['a held release', '/releases/held'],
  ['a superseded release', '/releases/overtaken'],
] as const;
const screens = [
  ['light', 1280],
  ['dark', 320],
] as const;
/** A line of its own for each story. */
const lineOf = (environment: string) => ({ host: 'corp', repositoryId: '12', environment });

describe.skipIf(browserPath === undefined)('pages of releases in a browser, /usr/bin/chromium', () => {
  let world: PageWorld;
  let browser: Browser;
  beforeAll(async () => {
    world = await createPageWorld();
    await showReleases(world);
    await world.write('failed', 'asking Kubeflow for a run', 'the run has failed');
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  async function open(path: string, options: Parameters<typeof openPage>[2] = {}) {
    const opened = await openPage(browser, world.url, options);
    await opened.page.goto(world.url + path);
    return opened;
  }

  test.each(addresses.flatMap(([what, path]) => screens.map((screen) => [what, ...screen, path] as const)))(
    '%s — %s, %i px — accessible, no wider than the screen, silent, from here alone',
    async (_what, colorScheme, width, path) => {
      const { page, faults } = await open(path, { colorScheme, viewport: { width, height: 800 } });
      expect(await axeFindings(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(faults).toEqual([]);
      await page.context().close();
    },
  );

  test('the list — opened from the start — tells what is under way, waits, is held and serves', async () => {
    const { page } = await open('/');
    await page.getByRole('link', { name: 'Releases' }).click();
    const text = await page.locator('main').innerText();
    for (const words of [
      'Training: 3 of 5 tasks done.',
      '77777777 the release of 33333333 is under way',
      'the cluster is upgraded by ada at corp',
      '11111111 since 2 days ago',
    ])
      expect(text).toContain(words);
    await page.getByRole('link', { name: 'ml/churn/features to prod' }).first().click();
    expect(await page.getByRole('list', { name: 'Newest releases' }).getByRole('listitem').count()).toBe(2);
    await page.context().close();
  });

  test('a failed release — opened — has its phases, the log of the failed task, and the way into Kubeflow', async () => {
    const { page } = await open('/releases/failed');
    expect(await page.locator('#verdict').innerText()).toContain('modelgate release retry failed');
    expect(await page.getByRole('list', { name: 'Phases' }).innerText()).toMatch(/failed\s+Train\s+4m 10s/);
    expect(await page.getByText("KeyError: 'horsepower'").isVisible()).toBe(true);
    expect(await page.getByRole('log').innerText()).toContain('the run has failed');
    expect(await page.getByRole('link', { name: 'The run in Kubeflow' }).getAttribute('href')).toBe(
      'https://kubeflow.example.com/prod/#/runs/details/5f1d7a80-0000-5000-8000-000000000001',
    );
    await page.context().close();
  });

  test('a release under way — open — its log grows and it turns to its end, by itself', async () => {
    const line = lineOf('live');
    const { store } = world.releases;
    const begun = shifted(sampleFailed({ id: 'live', line, outcome: undefined, reason: undefined }), 3);
    const saved = await store.saveRelease(begun);
    const { page, faults } = await open('/releases/live');
    expect(await page.locator('#verdict').innerText()).toContain('Under way');
    await world.write('live', '<b>looking</b> at the run');
    await eventually('the log grows', async () =>
      (await page.getByRole('log').innerText()).includes('<b>looking</b> at the run'),
    );
    await store.saveRelease({ ...shifted(sampleReleased({ id: 'live', line }), 3), rev: saved.rev });
    await page.locator('#verdict.passed').waitFor();
    expect(await page.title()).toBe('Released: 33333333 to live');
    expect(await page.locator('#verdict').innerText()).toContain('auto-mpg serves 33333333');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('Hold, with a reason, and Resume — pressed — are done, told on the page, and in the audit', async () => {
    const line = lineOf('held-here');
    const { store } = world.releases;
    await store.saveRelease(shifted(sampleReleased({ id: 'quiet', line }), 60));
    await store.saveLine(sampleReleaseLine({ line }));
    const { page, faults } = await open('/releases/quiet');
    await page.getByText('Hold the line').click();
    await page.getByLabel('Reason').fill('the cluster <moves>');
    await page.getByRole('button', { name: 'Hold' }).click();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    expect((await store.loadLine(line))?.hold).toMatchObject({
      actor: 'operator',
      reason: 'the cluster <moves>',
    });
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Hold the line').waitFor();
    expect((await store.loadLine(line))?.hold).toBeUndefined();
    const deeds = (await world.audit.last(2)).map(({ action, subject, reason }) => [action, subject, reason]);
    expect(deeds).toEqual([
      ['resume line', 'corp/12/held-here', ''],
      ['hold line', 'corp/12/held-here', 'the cluster <moves>'],
    ]);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('Retry — pressed without scripts — waits as the next attempt, and the page says so', async () => {
    const line = lineOf('again');
    const { store } = world.releases;
    await store.saveRelease(shifted(sampleFailed({ id: 'once-more', line }), 60));
    await store.saveLine(sampleReleaseLine({ line }));
    const { page } = await open('/releases/once-more', { javaScriptEnabled: false });
    await page.getByRole('button', { name: 'Retry' }).click();
    await page.getByText('Attempt 2 waits for its turn.').waitFor();
    expect(await page.getByRole('button', { name: 'Retry' }).count()).toBe(0);
    expect((await store.loadLine(line))?.waiting).toEqual({
      commit: sampleSha('3'),
      branch: 'main',
      attempt: 2,
    });
    await page.context().close();
  });

  test('the judged tip of a branch — opened — leads to its release', async () => {
    const tip = runOf({ id: 'tip', number: 1, title: 'main', head: '7777', minutesAgo: 5 });
    const subject = { kind: 'branch', host: 'corp', repositoryId: '12', branch: 'main' } as const;
    await world.show(judged({ ...tip, subject }, passing()));
    const line = lineOf('tips');
    const { store } = world.releases;
    await store.saveLine(sampleReleaseLine({ line }));
    await store.saveRelease(shifted(sampleReleased({ id: 'of-the-tip', line, commit: shaOf('7777') }), 4));
    const { page } = await open('/runs/tip');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('link', { name: 'Its release to tips' }).click();
    expect(await page.locator('#verdict.passed').innerText()).toContain('Released');
    await page.context().close();
  });
});
