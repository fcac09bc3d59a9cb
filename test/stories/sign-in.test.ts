import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GitlabStoryHost } from '../support/hosts/gitlab-story-host.ts';
import { createStoryWorld, runIdOf, type StoryWorld } from '../support/story-world.ts';

const executablePath = '/usr/bin/chromium';
const secret = 'gloas-0123-secret_of_the_story';

describe.skipIf(!existsSync(executablePath))('signing in, in a browser (needs /usr/bin/chromium)', () => {
  let world: StoryWorld<GitlabStoryHost>;
  let browser: Browser;
  let secrets: string;
  let run: string;

  beforeAll(async () => {
    secrets = await mkdtemp(join(tmpdir(), 'modelgate-secrets-'));
    await writeFile(join(secrets, 'client'), `${secret}\n`);
    const config = `pages: { signIn: [{ host: gitlab, clientId: modelgate, clientSecret: "file:${secrets}/client" }] }\n`;
    world = await createStoryWorld({ host: 'gitlab', config });
    const redirectUris = [`${world.url()}/sign-in/gitlab/callback`];
    world.host.sandbox.identity.register({ id: 'modelgate', secret, redirectUris });
    const change = await world.propose('tidy', { 'NOTES.md': 'tidy\n' });
    run = `/runs/${runIdOf(await world.status(change, ({ state }) => state === 'success'))}`;
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
    await rm(secrets, { recursive: true, force: true });
  });

  /** A window of a person of their own; what it complains about, and where it asks. */
  async function openWindow(): Promise<{
    page: Page;
    complaints: string[];
    asked: Set<string>;
    readonly close: () => Promise<void>;
  }> {
    const context = await browser.newContext();
    const page = await context.newPage();
    const complaints: string[] = [];
    const asked = new Set<string>();
    page.on('console', (message) => {
      // Browsers ask for a picture of the site by themselves.
      if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico'))
        complaints.push(message.text());
    });
    page.on('pageerror', (error) => void complaints.push(error.message));
    page.on('request', (request) => void asked.add(new URL(request.url()).origin));
    return { page, complaints, asked, close: () => context.close() };
  }

  test('a person follows the link of a status — signs in, reads, signs out', async () => {
    const { page, complaints, asked, close } = await openWindow();
    await page.goto(`${world.url()}${run}`);
    expect(new URL(page.url()).origin).toBe(world.host.url);
    await page.getByRole('link', { name: 'Sign in as ada' }).click();
    expect(page.url()).toBe(`${world.url()}${run}`);
    expect(await page.textContent('body')).toContain('ml/auto-mpg');
    const [session] = await page.context().cookies();
    expect(session).toMatchObject({ name: 'modelgate', httpOnly: true, sameSite: 'Lax', expires: -1 });
    expect(world.host.sandbox.identity.tokens()).toBe(0);

    await page.getByRole('link', { name: 'ada at gitlab' }).click();
    expect(await page.textContent('body')).toContain('You are signed in as ada at gitlab');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(await page.textContent('h1')).toBe('Signed out');
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.context().cookies()).toEqual([]);
    await page.goto(`${world.url()}${run}`);
    expect(new URL(page.url()).origin).toBe(world.host.url);

    expect(complaints).toEqual([]);
    expect([...asked].toSorted()).toEqual([world.host.url, world.url()].toSorted());
    await close();
  });

  test('somebody who may not read the repository — finds no run and no change', async () => {
    const { page, close } = await openWindow();
    await page.goto(`${world.url()}${run}`);
    await page.getByRole('link', { name: 'Sign in as stranger' }).click();
    expect(page.url()).toBe(`${world.url()}${run}`);
    expect(await page.textContent('h1')).toBe('Not found');
    await page.goto(world.url());
    expect(await page.textContent('body')).toContain('stranger at gitlab');
    expect(await page.textContent('body')).not.toContain('auto-mpg');
    await close();
  });

  test('a reporter — may read, and is offered nothing to do; a developer is, and their name stays', async () => {
    const { page, close } = await openWindow();
    await page.goto(`${world.url()}${run}`);
    await page.getByRole('link', { name: 'Sign in as reporter' }).click();
    expect(await page.textContent('body')).toContain('ml/auto-mpg');
    expect(await page.getByRole('button', { name: 'Judge again' }).count()).toBe(0);
    await page.getByRole('link', { name: 'reporter at gitlab' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();

    await page.goto(`${world.url()}${run}`);
    await page.getByRole('link', { name: 'Sign in as ada' }).click();
    await page.getByRole('button', { name: 'Judge again' }).click();
    await page.goto(`${world.url()}${run}`);
    expect(await page.textContent('body')).toContain('ada at gitlab');
    await close();
    await world.settled();
    expect(world.lines.join('')).toContain('"actor":"ada at gitlab"');
  });

  test('a person says no at the host — is told, and tries again by the keyboard', async () => {
    const { page, close } = await openWindow();
    await page.goto(`${world.url()}${run}`);
    await page.getByRole('link', { name: 'Deny' }).click();
    expect(await page.textContent('body')).toContain('answered with no');
    await page.getByRole('link', { name: 'Sign in with GitLab' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Sign in as ada' }).click();
    expect(page.url()).toBe(`${world.url()}${run}`);
    await close();
  });

  test('the log of the service — names who came, and holds neither secret nor session', async () => {
    const { page, close } = await openWindow();
    await page.goto(`${world.url()}${run}`);
    await page.getByRole('link', { name: 'Sign in as ada' }).click();
    const [session] = await page.context().cookies();
    await close();
    const log = world.lines.join('');
    expect(log).toContain('"person":"ada at gitlab"');
    expect(log).not.toContain(secret);
    expect(log).not.toContain(session?.value);
  });

  test('GitLab is away — the page says so, and asks nobody to wait for nothing', async () => {
    const { page, close } = await openWindow();
    world.host.sandbox.identity.knobs.down = true;
    await world.stopService();
    await world.startService();
    await page.goto(`${world.url()}${run}`);
    const shown = await page.textContent('body');
    world.host.sandbox.identity.knobs.down = false;
    expect(shown).toContain('GitLab (gitlab) does not answer at the moment');
    await page.getByRole('link', { name: 'Sign in with GitLab' }).click();
    await page.getByRole('link', { name: 'Sign in as ada' }).click();
    expect(page.url()).toBe(`${world.url()}${run}`);
    await close();
  });

  test('what GitLab was asked — is what its description allows', () => {
    expect(world.host.violations).toEqual([]);
  });
});

/** What axe finds. The pages allow no scripts, so it is run from outside. */
async function axeFindings(page: Page): Promise<unknown> {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  return page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].html))`,
  );
}
