import { suggest } from '../domain/suggest.ts';
import type { Settings } from './config.ts';
import type { ConfigProblem } from './problems.ts';

/** What is wrong between the pages' settings and the others: hosts that are not there, an address nobody could come back to. */
export function checkPages(settings: Settings): readonly ConfigProblem[] {
  const { signIn, proxy } = settings.pages;
  return [
    ...signIn.flatMap(({ host }, index) => [
      ...unknownHost(host, ['pages', 'signIn', index, 'host'], settings),
      ...(signIn.findIndex((other) => other.host === host) === index
        ? []
        : [
            problem(
              ['pages', 'signIn', index, 'host'],
              `is here twice ("${host}"); expected one for each host`,
            ),
          ]),
    ]),
    ...(proxy === undefined ? [] : unknownHost(proxy.host, ['pages', 'proxy', 'host'], settings)),
    ...strangeOperators(settings),
    ...unfitAddress(settings),
  ];
}

/** Whether an address is this machine's alone. */
export function isLoopback(hostname: string): boolean {
  return ['localhost', '127.0.0.1', '::1', '[::1]'].includes(hostname);
}

function unknownHost(host: string, path: ConfigProblem['path'], { hosts }: Settings): ConfigProblem[] {
  const known = hosts.map(({ id }) => id);
  if (known.includes(host)) return [];
  const meant = suggest(host, known);
  if (known.length === 0)
    return [problem(path, `is "${host}", and hosts is empty; configure the host first`)];
  const hint = meant === undefined ? `expected one of ${known.join(', ')}` : `did you mean "${meant}"?`;
  return [problem(path, `is "${host}", which is the id of none of the hosts; ${hint}`)];
}

function strangeOperators({ pages }: Settings): readonly ConfigProblem[] {
  const { signIn, proxy, operators } = pages;
  const ways = [...signIn.map(({ host }) => host), ...(proxy === undefined ? [] : [proxy.host])];
  return operators.flatMap((name, index) => {
    const host = name.slice(name.lastIndexOf('@') + 1);
    if (ways.includes(host)) return [];
    const message = `is somebody of "${host}", with which nobody can sign in; add it to pages.signIn, or name it in pages.proxy`;
    return [problem(['pages', 'operators', index], message)];
  });
}

/** Hosts send people back to the public address, forms are compared with it, and cookies are kept for it. */
function unfitAddress({ pages, listen }: Settings): readonly ConfigProblem[] {
  if (pages.signIn.length === 0 && pages.proxy === undefined) return [];
  const path = ['listen', 'publicUrl'];
  const wanted =
    'for people to sign in, the https address of this server, for example https://modelgate.example.com';
  if (listen.publicUrl === undefined)
    return isLoopback(listen.host) ? [] : [problem(path, `is missing; expected, ${wanted}`)];
  const { protocol, hostname, pathname } = new URL(listen.publicUrl);
  if (pathname !== '/')
    return [problem(path, `has a path, and pages are served without one; expected, ${wanted}`)];
  if (protocol === 'https:' || isLoopback(hostname)) return [];
  return [problem(path, `is an http address, on which cookies can be read on the way; expected, ${wanted}`)];
}

function problem(path: ConfigProblem['path'], message: string): ConfigProblem {
  return { path, on: 'value', message };
}
