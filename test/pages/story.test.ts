import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStoryWorld, everyHost, type StoryWorld } from '../support/story-world.ts';
import { axeFindings, browserPath, launchBrowser, openPage } from './browser.ts';

const skipped = browserPath === undefined;

describe.skipIf(skipped).each(everyHost)(
  'a person of $name with a browser, /usr/bin/chromium',
  ({ host }) => {
    let world: StoryWorld;
    let browser: Browser;
    beforeAll(async () => {
      world = await createStoryWorld({ host, recheck: '{ after: [1s], then: 1s, until: 1h }' });
      browser = await launchBrowser();
    });
    afterAll(async () => {
      await browser.close();
      await world.close();
    });

    test('a refused change — its link opened, its data pushed — the page turns green while it is open', async () => {
      const content = 'mpg,cylinders\n18,8\n';
      const pointer = await world.track('cars.csv', content, 'not pushed');
      const change = await world.propose('cars', { 'cars.csv.dvc': pointer }, { title: 'More cars' });
      const { url } = await world.status(change, ({ state }) => state === 'failure');

      const { page, faults } = await openPage(browser, world.url());
      await page.goto(url);
      const verdict = await page.locator('#verdict').innerText();
      expect(verdict).toContain('Failed');
      expect(verdict).toContain('The missing objects are asked for again');
      expect(await page.locator('.repair').innerText()).toContain('dvc push cars.csv.dvc');
      expect(await page.getByRole('log').innerText()).toContain('judging');

      world.push(content);
      await page.locator('#newer.passed').waitFor();
      const sign = host === 'github' ? '#' : '!';
      expect(await page.title()).toMatch(
        new RegExp(`^Failed, now passed: ml/auto-mpg ${sign}\\d+ More cars$`),
      );
      await page.locator('#newer').getByRole('link', { name: 'All runs of this change' }).click();
      await page.locator('#verdict.passed').waitFor();
      expect(await page.locator('.runs li').count()).toBe(2);
      expect(await axeFindings(page)).toEqual([]);
      expect(faults).toEqual([]);
      await page.context().close();
    }, 40_000);

    test('a broken pipeline — repaired by a push while the page of the change is open — turns green in place', async () => {
      const broken = 'pipelineInfo:\n  name: x\nroot: {}\nschemaVersion: 2.1.0\n';
      const change = await world.propose(
        'pipe',
        { 'pipelines/train.yaml': `${broken}nonsense: true\n` },
        { title: 'Train' },
      );
      const { url } = await world.status(change, ({ state }) => state === 'failure');
      const { page, faults } = await openPage(browser, world.url());
      await page.goto(url);
      await page.getByRole('link', { name: 'All runs of this change' }).first().click();
      await page.locator('#verdict.failed').waitFor();

      const repaired = { 'pipelines/train.yaml': 'just: data\n', 'README.md': 'repaired\n' };
      await world.host.commit(world.repository, 'pipe', repaired);
      await page.locator('#verdict.passed').waitFor();
      expect(await page.locator('#news').innerText()).toContain('Passed');
      expect(faults).toEqual([]);
      await page.context().close();
    }, 40_000);
  },
);
