import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from '../../test/pages/browser.ts';
import { createPageWorld, showSamples } from '../../test/pages/page-world.ts';
import { showReleases } from '../../test/pages/releases-world.ts';

/** Pictures of the pages for the README, from sample runs: `node deploy/scripts/take-screenshots.ts`. */
const pictures = [
  { name: 'run', path: '/runs/failed', colorScheme: 'light', width: 1120, height: 760 },
  { name: 'list', path: '/', colorScheme: 'dark', width: 1120, height: 560 },
  { name: 'release', path: '/releases/done', colorScheme: 'light', width: 1120, height: 1160 },
  { name: 'phone', path: '/runs/failed', colorScheme: 'light', width: 390, height: 844 },
] as const;

async function main(): Promise<void> {
  const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'images');
  await mkdir(folder, { recursive: true });
  const world = await createPageWorld();
  await showSamples(world);
  await showReleases(world);
  const browser = await launchBrowser();
  for (const { name, path, colorScheme, width, height } of pictures) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    await page.goto(world.url + path);
    await page.screenshot({ path: join(folder, `${name}.png`) });
    await page.close();
  }
  await browser.close();
  await world.close();
}

if (import.meta.main) await main();
