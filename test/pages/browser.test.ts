import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/redis.ts';
import { axeFindings, browserPath, launchBrowser, openPage } from './browser.ts';
import {
  createPageWorld,
  failing,
  judged,
  passing,
  runOf,
  showSamples,
  type PageWorld,
} from './page-world.ts';

const addresses = [
  ['the list', '/'],
  ['a filtered list', '/?repository=corp%2F31&show=waiting'],
  ['an empty list', '/?repository=corp%2F99'],
  ['a failed run', '/runs/failed'],
  ['an older run', '/runs/first'],
  ['an undecided run', '/runs/features'],
  ['a running run', '/runs/running'],
  ['a passed run', '/runs/tidy'],
  ['a change', '/changes/corp/12/7'],
  ['operations', '/operations'],
] as const;
const screens = [
  ['light', 1280],
  ['dark', 320],
] as const;

describe.skipIf(browserPath === undefined)('pages in a browser, /usr/bin/chromium', () => {
  let world: PageWorld;
  let browser: Browser;
  beforeAll(async () => {
    world = await createPageWorld();
    await showSamples(world);
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

  test('what checks the pages — shown a page with faults — finds them', async () => {
    const { page } = await openPage(browser, world.url);
    await page.setContent(
      '<html><body><img src="data:,"><p style="color:#ccc;background:#fff">pale</p></body></html>',
    );
    const rules = (await axeFindings(page)).map((finding) => finding.split(':')[0]);
    expect(rules).toEqual(expect.arrayContaining(['image-alt', 'color-contrast', 'document-title']));
    await page.context().close();
  });

  test('an empty installation — opened — says what to do first', async () => {
    const empty = await createPageWorld();
    const { page, faults } = await openPage(browser, empty.url);
    await page.goto(empty.url);
    expect(await page.getByRole('heading', { name: 'What to do first' }).isVisible()).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
    await empty.close();
  });

  test('the keyboard — its first step — leads past the navigation', async () => {
    const { page } = await open('/runs/failed');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await page.context().close();
  });

  test('a run under way — open — its log grows, once each line, and it turns to its verdict', async () => {
    const began = runOf({ id: 'live', number: 50, title: 'Live', head: '11fe', minutesAgo: 0 });
    const run = await world.show(began);
    await world.write('live', 'before it was opened');
    const { page, faults } = await open('/runs/live');
    const log = page.getByRole('log');

    await world.write('live', 'line one', '<b>line</b> two');
    await eventually('the log grows', async () => (await log.innerText()).includes('<b>line</b> two'));
    await world.write('live', 'line three');
    await eventually('the log grows again', async () => (await log.innerText()).includes('line three'));
    const saved = await world.runStore.saveRun(judged(run, passing()));
    await eventually('the verdict', async () =>
      (await page.locator('#verdict').innerText()).includes('Passed'),
    );
    await world.write('live', 'after the verdict');
    await eventually('the rest', async () => (await log.innerText()).includes('after the verdict'));

    expect((await log.innerText()).match(/(?<=info ).+/g)).toEqual([
      'before it was opened',
      'line one',
      '<b>line</b> two',
      'line three',
      'after the verdict',
    ]);
    expect(await page.title()).toMatch(/^Passed: /);
    expect(await page.locator('#news').innerText()).toContain('Passed');
    expect(saved.rev).toBe(2);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('a failed run — open while the repaired head is judged — says so, and turns green; so does its change', async () => {
    const of = { number: 51, title: 'Repair me', minutesAgo: 0 };
    await world.show(judged(runOf({ ...of, id: 'red', head: 'bad1' }), failing()));
    const { page, faults } = await open('/runs/red');
    const { page: change } = await open('/changes/corp/12/51');
    expect(await page.locator('#verdict').getAttribute('class')).toContain('failed');

    const repaired = await world.show(runOf({ ...of, id: 'green', head: '900d' }));
    await page.locator('#newer.running').waitFor();
    await world.runStore.saveRun(judged(repaired, passing()));
    await page.locator('#newer.passed').waitFor();
    await change.locator('#verdict.passed').waitFor();

    expect(await page.title()).toMatch(/^Failed, now passed: /);
    await page.getByRole('link', { name: 'head 900d' }).click();
    expect(await page.locator('#verdict').innerText()).toContain('Nothing stands against merging');
    expect(faults).toEqual([]);
    await page.context().close();
    await change.context().close();
  });

  test('a run — open while effects are paused — says so, and not any more when they are resumed', async () => {
    await world.show(runOf({ id: 'held-up', number: 53, title: 'Held up', head: 'bb', minutesAgo: 0 }));
    const { page, faults } = await open('/runs/held-up');
    const notice = page.getByText('Nothing is written to the Git hosts');
    await world.operations.pause({ actor: 'ops', reason: 'moving' });
    await notice.waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await world.operations.resume({ actor: 'ops' });
    await notice.waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('without scripts — a run under way — loads itself again, and everything is there', async () => {
    const run = await world.show(
      runOf({ id: 'plain', number: 52, title: 'Plain', head: 'aa', minutesAgo: 0 }),
    );
    const { page } = await open('/runs/plain', { javaScriptEnabled: false });
    expect(await page.locator('#verdict').innerText()).toContain('Running');
    await world.runStore.saveRun(judged(run, failing()));
    await page.locator('#verdict.failed').waitFor({ timeout: 15_000 });
    expect(await page.getByText('dvc push data/auto-mpg.csv.dvc').isVisible()).toBe(true);
    await page.context().close();
  });

  test('Judge again — pressed — is asked for, and the page says so until it begins', async () => {
    await world.show(
      judged(runOf({ id: 'again', number: 53, title: 'Again', head: 'a9', minutesAgo: 0 }), failing()),
    );
    const { page, faults } = await open('/runs/again');
    await page.getByRole('button', { name: 'Judge again' }).click();
    await page.getByText('It will be judged again').waitFor();
    expect(await page.locator('.timeline').innerText()).toContain('operator asked for it to be judged again');
    await world.show(runOf({ id: 'fresh', number: 53, title: 'Again', head: 'a9', minutesAgo: 0 }));
    await page.locator('#newer.running').waitFor();
    expect(await page.getByText('It will be judged again').count()).toBe(0);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('a server that is gone — the page is open — says that it may be out of date', async () => {
    const other = await createPageWorld();
    await other.show(runOf({ id: 'left', number: 7, title: 'Left alone', head: '1ef7', minutesAgo: 0 }));
    const { page } = await openPage(browser, other.url);
    await page.goto(`${other.url}/runs/left`);
    expect(await page.locator('#stale').isVisible()).toBe(false);
    await other.close();
    await page.locator('#stale').waitFor({ timeout: 18_000 });
    expect(await page.locator('#verdict').innerText()).toContain('Running');
    await page.context().close();
  }, 30_000);

  test('a pause of effects — told on every page — is accessible', async () => {
    await world.operations.pause({ actor: 'ops', reason: 'GitLab is upgraded' });
    const { page } = await open('/');
    expect(await page.getByText('GitLab is upgraded').isVisible()).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    await world.operations.resume({ actor: 'ops' });
    await page.context().close();
  });

  test('an open list — a run begins — shows it within its interval', async () => {
    const { page } = await open('/');
    await world.show(runOf({ id: 'late', number: 60, title: 'Came late', head: '1a7e', minutesAgo: 0 }));
    await page.getByText('Came late').waitFor({ timeout: 18_000 });
    expect(await page.getByText('Came late').isVisible()).toBe(true);
    await page.context().close();
  }, 30_000);
});
