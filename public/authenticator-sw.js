// The authenticator app's service worker: what shows a one-time password works offline and survives deployments.
// It never touches what is about a person: only the names below are ever kept.
const cacheName = "ichido-authenticator-v1";
const pages = ["/authenticator", "/authenticator/start"];
const fixed = [
  "/manifest.webmanifest",
  "/icon.svg",
  "/icons/icon-192.png",
  "/icons/icon-512.png",
  "/icons/icon-maskable-512.png",
  "/icons/apple-touch-icon.png",
];
const institution = "/institution.json";
const patienceMilliseconds = 4000;

const isAsset = (path) => path.startsWith("/_next/static/");
// Only a built asset is immutable; a development server's is not, and is never kept.
const mayBeKept = (response) => response.ok && /immutable/.test(response.headers.get("cache-control") ?? "");
const isPage = (response) =>
  response.ok && !response.redirected && (response.headers.get("content-type") ?? "").startsWith("text/html");

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(cacheName);
      await Promise.all(
        pages.map(async (page) => {
          const response = await fetch(page, { cache: "no-cache" });
          if (isPage(response)) await keepPage(cache, page, response);
        }),
      );
      await Promise.allSettled([...fixed, institution].map((path) => cache.add(path)));
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith("ichido-authenticator-") && name !== cacheName);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && pages.includes(url.pathname)) event.respondWith(networkFirst(event, url.pathname, true));
  else if (url.pathname === institution) event.respondWith(networkFirst(event, institution, false));
  else if (isAsset(url.pathname)) event.respondWith(assetFirst(request, url.pathname));
  else if (fixed.includes(url.pathname)) event.respondWith(networkFirst(event, url.pathname, false));
});

// The first visit loads before this worker runs: the page then names the assets it used, fonts included.
self.addEventListener("message", (event) => {
  if (!Array.isArray(event.data?.assets)) return;
  const paths = event.data.assets.filter((path) => typeof path === "string" && isAsset(path));
  event.waitUntil(caches.open(cacheName).then((cache) => keepAssets(cache, paths)));
});

async function networkFirst(event, path, page) {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(path);
  const fromNetwork = (async () => {
    // The browser keeps the fragment to itself; a query would only split the cache.
    const response = await fetch(event.request);
    if (page ? isPage(response) : response.ok) {
      const copy = response.clone();
      event.waitUntil(page ? keepPage(cache, path, copy) : cache.put(path, copy));
      return response;
    }
    if (response.type === "opaqueredirect" || !kept) return response;
    throw new Error(`${path} answered ${response.status}`);
  })();
  if (!kept) return fromNetwork;
  const patience = new Promise((resolve) => setTimeout(resolve, patienceMilliseconds, kept));
  return Promise.race([fromNetwork.catch(() => kept), patience]);
}

async function assetFirst(request, path) {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(path);
  if (kept) return kept;
  const response = await fetch(request);
  if (mayBeKept(response)) await cache.put(path, response.clone());
  return response;
}

// A new deployment's page replaces the kept one only when all it needs is kept too, so that losing the network
// in between leaves a whole older app and not half a new one.
async function keepPage(cache, path, response) {
  await keepAssets(cache, assetsIn(await response.clone().text()));
  await cache.put(path, response);
  await dropUnused(cache);
}

function assetsIn(html) {
  return [...new Set(html.match(/\/_next\/static\/[\w./~-]+\.(?:js|css|woff2)/g) ?? [])];
}

// What a script loads only when it is asked for (the camera's reader, an approval) must be there without a network, too.
function laterIn(script) {
  return (script.match(/static\/chunks\/[\w./~-]+\.(?:js|css)(?=")/g) ?? []).map((path) => `/_next/${path}`);
}

// A hundred fonts are for rarer characters: those are kept as they are used, and keep their names.
const isRarer = (path) => path.includes("/noto-sans-jp-");

function fontsIn(styles) {
  return [...styles.matchAll(/\.\.\/media\/([\w.~-]+\.woff2)/g)].map(([, file]) => `/_next/static/media/${file}`).filter((path) => !isRarer(path));
}

// Returns what there is to keep for `paths`, which is more than they are.
async function keepAssets(cache, paths, seen = new Set()) {
  const fresh = paths.filter((path) => !seen.has(path));
  for (const path of fresh) seen.add(path);
  await Promise.all(
    fresh.map(async (path) => {
      let response = await cache.match(path);
      if (!response) {
        response = await fetch(path);
        if (!response.ok) throw new Error(`${path} answered ${response.status}`);
        if (mayBeKept(response)) await cache.put(path, response.clone());
      }
      if (path.endsWith(".js")) await keepAssets(cache, laterIn(await response.text()), seen);
      else if (path.endsWith(".css")) await keepAssets(cache, fontsIn(await response.text()), seen);
    }),
  );
  return seen;
}

// What no kept page needs belongs to older deployments.
async function dropUnused(cache) {
  const kept = await Promise.all(pages.map((page) => cache.match(page)));
  if (kept.some((page) => !page)) return;
  const needed = await keepAssets(cache, (await Promise.all(kept.map((page) => page.text()))).flatMap(assetsIn));
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (isAsset(pathname) && !isRarer(pathname) && !needed.has(pathname)) await cache.delete(pathname);
  }
}
