// Keeps the page for visits without a network.
//
// A build is what its index.html names; names with hashes never change what they mean. So a build is kept whole, in a
// cache of its own, and served from there at once; meanwhile the network is asked whether there is a newer one, which
// the next visit gets. The build before stays too: a page that is still open may want a part of it.
'use strict';

const SCOPE = self.registration.scope;
const PAGE = new URL('index.html', SCOPE).href;
// More than one Decoupled may live on a site, under different paths.
const PREFIX = `decoupled ${SCOPE} `;
// What the page links to, or asks for when somebody wants it. These names have no hash: the network has the newest.
const BESIDE = ['fidelity.html', 'fidelity.css', 'fidelity.js', 'facts.json'].map((name) => new URL(name, SCOPE).href);
const BUILDS_MAX = 2;
// No visit needs it but that of a scene which has JSONata.
const LATER = /_jsonata\.wasm$/;

self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(keep('force-cache'));
});

self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  const [address] = url.split(/[?#]/);
  if (method !== 'GET' || !address.startsWith(SCOPE)) return;
  if (BESIDE.includes(address)) event.respondWith(fetch(event.request).catch(() => kept(event.request, address)));
  else if (mode !== 'navigate') event.respondWith(kept(event.request));
  else if (address === SCOPE || address === PAGE) event.respondWith(page(event));
});

async function page(event) {
  const found = await kept(event.request, PAGE);
  // A page that could not be renewed is renewed another time.
  event.waitUntil(keep('no-cache').catch(() => {}));
  return found;
}

/** From the newest build that has it, else from the network. */
async function kept(request, address = request.url) {
  for (const name of (await builds()).reverse()) {
    const found = await (await caches.open(name)).match(address);
    if (found) return found;
  }
  return LATER.test(address) ? fetchedLater(request) : fetch(request);
}

/** What only some scenes need is kept once somebody had one. */
async function fetchedLater(request) {
  const found = await fetch(request);
  const newest = (await builds()).pop();
  if (found.ok && newest) await (await caches.open(newest)).put(request.url, found.clone());
  return found;
}

/** The names of the kept builds, the oldest first. */
async function builds() {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX));
}

/** Keeps the build that the site has now, unless it is the newest that is kept already. */
async function keep(cache) {
  const answer = await fetch(PAGE, { cache });
  if (!answer.ok) throw new Error(`${PAGE} answered ${answer.status}`);
  const html = await answer.text();
  const name = PREFIX + (await digest(html));
  const newest = (await builds()).pop();
  // The page itself is put in last, so a build that has it is whole.
  if (newest === name && (await (await caches.open(name)).match(PAGE))) return;
  await caches.delete(name);
  const build = await caches.open(name);
  try {
    await Promise.all(filesOf(html).map(async (file) => {
      // What the page has loaded lies in the browser's own cache: nothing comes twice over the wire.
      const found = await fetch(file, { cache: 'force-cache' });
      if (!found.ok) throw new Error(`${file} answered ${found.status}`);
      await build.put(file, found);
    }));
    await Promise.all(BESIDE.map((file) => keepBeside(build, file)));
    await build.put(PAGE, new Response(html, { headers: headersOf(answer) }));
  } catch (error) {
    await caches.delete(name);
    throw error;
  }
  for (const old of (await builds()).slice(0, -BUILDS_MAX)) await caches.delete(old);
}

/** A site may do without it. */
async function keepBeside(build, file) {
  const found = await fetch(file, { cache: 'no-cache' });
  if (found.ok) await build.put(file, new Response(await found.text(), { headers: headersOf(found) }));
}

// A kept page is bound by the policy it came with. (An answer that was redirected is no answer to a navigation, and one
// that was compressed is not any more: so the page is written anew.)
function headersOf(answer) {
  const wanted = ['content-type', 'content-security-policy', 'referrer-policy', 'permissions-policy'];
  return wanted.flatMap((name) => (answer.headers.has(name) ? [[name, answer.headers.get(name)]] : []));
}

function filesOf(html) {
  const names = html.match(/\.\/[\w.-]+\.(?:js|css|wasm|svg|png)\b/g) ?? [];
  return [...new Set(names)].filter((name) => !LATER.test(name)).map((name) => new URL(name, SCOPE).href);
}

async function digest(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
