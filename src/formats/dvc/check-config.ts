import { redactUrl } from '../../domain/redact-url.ts';
import { createProblems } from '../problems.ts';
import type { Problem, Span } from '../source.ts';
import {
  namedSettings,
  remoteSettings,
  sectionSettings,
  settingTrouble,
  type SettingKind,
} from './config-keys.ts';
import { namedSection } from './config-section.ts';
import type { ConfigEntry, ConfigSection } from './config-text.ts';
import { isUnportable, schemeOf } from './remote-url.ts';

type Report = (code: string, span: Span, pointer: string, message: string, repair?: string) => void;
type Settings = Readonly<Record<string, SettingKind>>;

/** What DVC refuses in sections and keys, and what it accepts to its users' harm (specs dvc 3.1 to 3.3). */
export function checkConfig(sections: readonly ConfigSection[]): readonly Problem[] {
  const problems = createProblems();
  function report(code: string, span: Span, pointer: string, message: string, repair?: string): void {
    problems.push({ code, message, span, pointer, repair });
  }
  const names = new Set<string>();
  for (const section of sections) {
    checkSection(section, report);
    const named = namedSection(section);
    if (named === undefined) continue;
    const id = `${named.kind} "${named.name}"`;
    if (named.name.trim() === '') report('empty-name', section.span, id, `a ${named.kind} has an empty name`);
    else if (names.has(id)) {
      report(
        'collision',
        section.span,
        id,
        `${id} is there twice once DVC has lower-cased the names, and the later one wins`,
      );
    }
    names.add(id);
  }
  return problems.list();
}

function checkSection(section: ConfigSection, report: Report): void {
  const [name] = section.path;
  if (name === undefined) {
    for (const entry of section.entries) {
      report(
        'unknown-field',
        entry.keySpan,
        entry.key,
        `${entry.key} stands outside of any section; DVC refuses the file`,
      );
    }
    return;
  }
  const named = namedSection(section);
  if (named?.kind === 'remote') return checkRemote(section, named.name, report);
  if (named !== undefined) return checkEntries(section, namedSettings[named.kind], report);
  if (name === 'feature' || (section.path.length === 1 && /^(?:remote|machine|db)$/.test(name))) return;
  const known = section.path.length === 1 ? sectionSettings[name] : undefined;
  if (known === undefined) {
    const hint = /^remote\b/.test(name) ? '; write it as [\'remote "name"\']' : '';
    report(
      'unknown-field',
      section.span,
      section.path.join('/'),
      `DVC knows no section [${section.path.join('] [')}]${hint}`,
    );
    return;
  }
  checkEntries(section, known, report);
}

function checkEntries(section: ConfigSection, known: Settings | undefined, report: Report): void {
  for (const entry of section.entries) {
    const pointer = [...section.path, entry.key].join('/');
    const kind = known !== undefined && Object.hasOwn(known, entry.key) ? known[entry.key] : undefined;
    if (kind === undefined) {
      report(
        'unknown-field',
        entry.keySpan,
        pointer,
        `DVC knows no setting \`${entry.key}\` in [${section.path.join('] [')}]`,
      );
      continue;
    }
    const trouble = settingTrouble(kind, entry.value);
    if (trouble !== undefined)
      report('wrong-type', entry.valueSpan, pointer, `the value of \`${entry.key}\` is refused: ${trouble}`);
  }
}

function checkRemote(section: ConfigSection, name: string, report: Report): void {
  const entry = section.entries.findLast((each) => each.key === 'url');
  const pointer = [...section.path, 'url'].join('/');
  if (entry === undefined) {
    report('missing-field', section.span, pointer, `remote \`${name}\` has no url; DVC refuses the file`);
    return;
  }
  if (typeof entry.value !== 'string') {
    const message = `the url of remote \`${name}\` is read as a list, because it has a comma outside of quotes`;
    report('wrong-type', entry.valueSpan, pointer, message, 'put the url in double quotes');
    return;
  }
  checkEntries(section, settingsForUrl(entry.value), report);
  checkUrl({ name, pointer, entry, url: entry.value }, report);
}

/** A chain and a plug-in's remote may have the settings of any other. */
const allSettings: Settings = Object.fromEntries(
  Object.values(remoteSettings).flatMap((group) => Object.entries(group)),
);

function settingsForUrl(url: string): Settings {
  const scheme = schemeOf(url);
  if (scheme.kind === 'known' && scheme.scheme !== 'remote') return remoteSettings[scheme.scheme] ?? {};
  return allSettings;
}

function checkUrl(
  remote: {
    readonly name: string;
    readonly pointer: string;
    readonly entry: ConfigEntry;
    readonly url: string;
  },
  report: Report,
): void {
  const { name, pointer, entry, url } = remote;
  const shown = redactUrl(url);
  if (entry.cutShort) {
    const message = `DVC reads this url as \`${shown}\`: everything after \`#\` is a comment`;
    report('cut-short', entry.valueSpan, pointer, message, 'put the url in double quotes');
  }
  const scheme = schemeOf(url);
  if (scheme.kind === 'refused') {
    const repair =
      scheme.meant === '' ? undefined : `write ${scheme.meant}:// instead of ${scheme.scheme}://`;
    report(
      'unknown-scheme',
      entry.valueSpan,
      pointer,
      `DVC knows no remotes of the kind ${scheme.scheme}://`,
      repair,
    );
  } else if (scheme.kind === 'plug-in') {
    const message = `${scheme.scheme}:// is no kind of remote of DVC's own: it works only where a plug-in brings it`;
    report('plug-in-scheme', entry.valueSpan, pointer, message);
  } else if (isUnportable(url)) {
    const message = `remote \`${name}\` is \`${shown}\`, which is an address on one machine only; elsewhere DVC reads it as a relative path`;
    report(
      'unportable',
      entry.valueSpan,
      pointer,
      message,
      'name a remote that everybody can reach: dvc remote modify',
    );
  } else if (scheme.scheme === '') {
    const message = `remote \`${name}\` is \`${shown}\`, a directory: nobody on another machine can pull from it`;
    report('local-remote', entry.valueSpan, pointer, message);
  }
}
