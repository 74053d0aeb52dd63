// What was said and has not arrived. It stays here under its own key until the house has it, through lost networks and closed
// pages, and goes out in order; the key makes one of whatever arrives twice. Words and taps are kept on the device, photos
// only while the page is open.
import { Away, Refused, call, newKey } from "./api.js";
import { keep, onChange, recall } from "./keep.js";

const SLOWEST = 30_000;

export function startWaiting({ shown, gone, failed, problem }) {
  const photos = [];
  // Refused for good: shown until it is sent anew or dropped, and passed over meanwhile.
  const refused = new Map();
  let running = false;
  let again = false;
  let timer = 0;
  let pause = 0;

  const kept = () => recall("waiting", []);
  const all = () => [...kept(), ...photos].sort((a, b) => a.since - b.since || a.order - b.order);
  const drop = (key) => {
    keep("waiting", kept().filter((one) => one.key !== key));
    if (!kept().length) keep("waiting", null);
    const at = photos.findIndex((one) => one.key === key);
    if (at >= 0) photos.splice(at, 1);
    refused.delete(key);
  };
  const next = () => all().find((one) => !refused.has(one.key));

  function add(body, words, more = {}) {
    const item = { key: newKey(), body, words, since: Date.now(), order: all().length };
    if (more.blob) photos.push(Object.assign(item, more, { pictureKey: newKey() }));
    else keep("waiting", [...kept(), item]);
    shown(item);
    flush();
    return item;
  }

  async function sendOne(item) {
    let body = item.body;
    if (item.blob) {
      item.picture ??= (await call("pictures", {
        method: "POST", body: item.blob, type: "image/jpeg", key: item.pictureKey, patience: 60_000,
      })).picture;
      body = { type: "image", picture: item.picture };
    }
    return call("messages", { method: "POST", json: body, key: item.key });
  }

  async function work() {
    for (let item = next(); item; item = next()) {
      try {
        const taken = await sendOne(item);
        drop(item.key);
        gone(item, taken);
        pause = 0;
      } catch (error) {
        if (error instanceof Away) {
          pause = Math.min(SLOWEST, Math.max(1000, pause * 2, error.seconds * 1000));
          clearTimeout(timer);
          timer = setTimeout(flush, pause * (0.75 + Math.random() / 2));
          return problem(item);
        }
        if (!(error instanceof Refused)) throw error;
        refused.set(item.key, error.message);
        failed(item, error.message);
      }
    }
    problem(null);
  }

  // One tab at a time, where the browser can tell.
  async function flush() {
    if (running) { again = true; return; }
    running = true;
    clearTimeout(timer);
    try {
      do {
        again = false;
        if (navigator.locks) await navigator.locks.request("jiuzhutong.waiting", work);
        else await work();
      } while (again);
    } finally {
      running = false;
    }
  }

  // Under a new key: whoever says it again means it again.
  function retry(key) {
    const item = all().find((one) => one.key === key);
    if (!item) return;
    drop(key);
    item.blob ? add(null, item.words, { blob: item.blob, url: item.url }) : add(item.body, item.words);
  }

  addEventListener("online", () => { pause = 0; flush(); });
  addEventListener("beforeunload", (event) => { if (photos.length) event.preventDefault(); });
  onChange("waiting", () => kept().forEach(shown));
  return {
    say: (text) => add({ type: "text", text }, text),
    tap: (option) => add({ type: "choice", choice: option.id }, option.label),
    place: (place) => add({ type: "location", place }, place),
    photo: (blob, url) => add(null, "", { blob, url }),
    enter: () => call("messages", { method: "POST", json: { type: "enter" }, key: newKey() }),
    count: () => all().length,
    all, drop, flush, retry,
  };
}
