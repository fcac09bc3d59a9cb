import { join } from 'node:path';
import { readTextLater } from '../adapters/system/read-text.ts';
import { redactUrl } from '../domain/redact-url.ts';
import { readDvcConfig, type DvcConfig } from '../formats/dvc/config.ts';
import { createSource } from '../formats/source.ts';
import type { ObjectStores } from '../ports/object-store.ts';

const localConfig = '.dvc/config.local';

/**
 * Stores that see a remote as DVC on this machine sees it: what the commit says of it, and over that the settings that
 * are never committed, `.dvc/config.local` and the person's own configuration (specs dvc 3.1, precedence). A url that
 * `.dvc/config.local` puts in the place of the committed one is told as `instead`.
 */
export async function personalStores(
  stores: ObjectStores,
  root: string,
  { env, home }: { readonly env: Readonly<Record<string, string | undefined>>; readonly home: string },
): Promise<ObjectStores> {
  const personal = join(env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'dvc', 'config');
  const below = await readConfig(personal, personal);
  const above = await readConfig(join(root, localConfig), localConfig);
  if (below === undefined && above === undefined) return stores;
  return {
    open(remote) {
      const settings = {
        ...settingsOf(below, remote.name),
        ...remote.settings,
        ...settingsOf(above, remote.name),
      };
      const url = settingsOf(above, remote.name)['url'] ?? remote.url;
      const opened = stores.open({ name: remote.name, url, settings });
      return url === remote.url ? opened : { ...opened, instead: { url: redactUrl(url), from: localConfig } };
    },
  };
}

async function readConfig(file: string, path: string): Promise<DvcConfig | undefined> {
  const text = await readTextLater(file);
  if (text === undefined) return undefined;
  return readDvcConfig(createSource(path, text)).value;
}

function settingsOf(config: DvcConfig | undefined, remote: string): Readonly<Record<string, string>> {
  const settings = config?.remotes.get(remote)?.settings ?? [];
  return Object.fromEntries([...settings].map(([key, setting]) => [key, setting.value]));
}
