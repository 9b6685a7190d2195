// Keeps the shell, never a page of a person's: what is asked for goes to the network, and where there is none,
// the page for that stands in.
const OURS = `hes-app ${self.registration.scope} `;  // each world of a server has an application of its own
const CACHE = `${OURS}SHELL_VERSION`;
const at = (path) => new URL(path, self.location).href;
const OFFLINE = { tr: at("cevrimdisi"), en: at("cevrimdisi?lang=en") };
const SHELL = [OFFLINE.tr, OFFLINE.en, at("app.js"), at("icon.svg"), at("icon-maskable.svg")];

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE).then((cache) => cache.addAll(SHELL.map((url) => new Request(url, { credentials: "omit" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith(OURS) && name !== CACHE;
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") {
    const language = new URL(request.url).searchParams.get("lang") === "en" ? "en" : "tr";
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE[language])));
  } else if (request.method === "GET" && SHELL.includes(request.url)) {
    event.respondWith(fetch(request).catch(() => caches.match(request.url)));
  }
});
