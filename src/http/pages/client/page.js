// Keeps an open page true: adds lines to the log, and shows the page anew when the server says that it changed. What
// the page looks like is the server's business alone: it is fetched again and put in place of the old one.

const mostLogPieces = 2000;
const fallbackSeconds = 10;
const graceSeconds = 8;

let events;
let polling;
let cursor = document.getElementById('log')?.dataset.cursor ?? '';

function main() {
  return document.getElementById('main');
}

function listen() {
  const { events: address, version = '' } = main().dataset;
  if (address === undefined || events !== undefined) return;
  const query = new URLSearchParams({ version, after: cursor }).toString();
  events = new EventSource(`${address}?${query}`);
  events.addEventListener('lines', ({ data, lastEventId }) => {
    cursor = lastEventId;
    addToLog(data);
  });
  events.addEventListener('changed', ({ data }) => {
    if (data !== main().dataset.version) void renew();
  });
  events.addEventListener('open', () => admit(false));
  // The server is there, and what it reads from is not.
  events.addEventListener('trouble', () => admit(true));
  events.addEventListener('fine', () => admit(false));
  events.addEventListener('error', ({ target }) => {
    // The browser connects again by itself, unless the server refused.
    if (target.readyState === EventSource.CLOSED && target === events) return poll(fallbackSeconds);
    setTimeout(() => admit(target === events && target.readyState !== EventSource.OPEN), graceSeconds * 1000);
  });
}

function stop() {
  events?.close();
  events = undefined;
  clearInterval(polling);
  polling = undefined;
}

function poll(seconds) {
  polling ??= setInterval(() => void renew(), seconds * 1000);
}

/** A hidden page holds no connection: browsers have six for each server. It catches up when it is shown. */
function begin() {
  if (document.hidden) return stop();
  const { events: address, every } = main().dataset;
  if (address !== undefined) return listen();
  if (every !== undefined) poll(Number(every));
}

function addToLog(text) {
  const log = document.getElementById('log');
  if (log === null) return;
  const isAtEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 8;
  log.append(`${text}\n`);
  while (log.childNodes.length > mostLogPieces) log.firstChild.remove();
  if (isAtEnd) log.scrollTop = log.scrollHeight;
}

async function renew() {
  try {
    const answer = await fetch(location.href, { cache: 'no-store' });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const next = page.getElementById('main');
    const isOurs = answer.ok && next?.dataset.every !== undefined;
    if (isOurs) show(next, page.title);
    admit(!isOurs);
  } catch {
    // The server is away: the next event, or the next turn, tries again.
    admit(true);
  }
}

/** Says where everybody sees it that the page may be out of date. */
function admit(isStale) {
  const stale = document.getElementById('stale');
  if (stale !== null) stale.hidden = !isStale;
}

function show(next, title) {
  const before = main();
  if (before.innerHTML === next.innerHTML && document.title === title) {
    if (next.dataset.version !== undefined) before.dataset.version = next.dataset.version;
    return;
  }
  const log = document.getElementById('log');
  if (log !== null) next.querySelector('#log')?.replaceWith(log);
  const open = [...before.querySelectorAll('details')].map((details) => details.open);
  for (const [index, details] of next.querySelectorAll('details').entries())
    details.open = open[index] ?? false;
  const focused = before.contains(document.activeElement) ? nameOf(document.activeElement) : undefined;
  before.replaceWith(next);
  if (focused !== undefined)
    (
      [...next.querySelectorAll('a, button, [tabindex]')].find((one) => nameOf(one) === focused) ?? next
    ).focus({
      preventScroll: true,
    });
  if (document.title !== title) tell(next);
  document.title = title;
}

function nameOf(element) {
  return `${element.localName} ${element.id} ${element.getAttribute('href')}`;
}

/** For those who do not see it. */
function tell(page) {
  const lead = page.querySelector('#newer .lead, #verdict .lead');
  document.getElementById('news').textContent = lead?.textContent ?? '';
}

document.addEventListener('visibilitychange', begin);
begin();
