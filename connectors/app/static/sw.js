// The page opens without a network too. Only its own files are kept here, under the number of their contents; nothing anybody
// wrote, and no answer of the API. `SHELL` is written above by the server.
/* global SHELL */
const NAME = `jiuzhutong-${SHELL.version}`;
const PATIENCE = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(SHELL.files)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("jiuzhutong-") && name !== NAME) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  const path = address.pathname.slice(new URL(self.registration.scope).pathname.length);
  if (request.mode === "navigate" && path === "") event.respondWith(page(request, address));
  else if (path.startsWith("static/")) event.respondWith(file(request));
});

// As it is now; after a while, or without a network, as it was kept.
async function page(request, address) {
  const kept = address.searchParams.get("embed") === "1" ? "./?embed=1" : "./";
  const late = new Promise((_, fail) => { setTimeout(() => fail(new Error("late")), PATIENCE); });
  try {
    return await Promise.race([fetch(request), late]);
  } catch {
    return (await caches.match(kept)) ?? Response.error();
  }
}

const file = async (request) => (await caches.match(request)) ?? fetch(request);
