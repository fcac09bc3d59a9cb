/** What a person does at the host: opens its page, says who they are or `deny`; the address they are sent back to. */
export async function answerOf(url: string, user: string): Promise<URL> {
  const shown = await fetch(url);
  const page = await shown.text();
  if (shown.status !== 200) throw new Error(`the host's page: ${shown.status} ${page}`);
  const links = [...page.matchAll(/href="([^"]+)"/g)].map(
    ([, link]) => new URL((link ?? '').replaceAll('&amp;', '&'), url),
  );
  const chosen = links.find(({ pathname, searchParams }) =>
    user === 'deny' ? pathname.endsWith('/deny') : searchParams.get('user') === user,
  );
  if (chosen === undefined) throw new Error(`the host's page has no ${user}: ${page}`);
  const answer = await fetch(chosen, { redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? '');
}
