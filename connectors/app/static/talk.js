// The conversation on the screen: what the house has, in the order of its numbers, and below it what has not arrived yet.
import { item, separator, spoken } from "./bubbles.js";
import { $, button, el, show } from "./dom.js";
import { readNew } from "./reading.js";

const photos = new Map();
// Pictures that were sent from this page, by the key and the id they have; after a reload only words stand for them.

export function startTalk({ tap, retry, drop }) {
  const log = $("talk");
  const pending = new Map();
  const seen = new Set();
  let last = 0;
  let day = "";
  let live = false;

  const near = () => $("scroll").scrollHeight - $("scroll").scrollTop - $("scroll").clientHeight < 120;
  const toBottom = () => { $("scroll").scrollTop = $("scroll").scrollHeight; };

  // A long answer is read from its beginning.
  function reveal(element) {
    const box = $("scroll");
    if (element.offsetHeight < box.clientHeight - 24) toBottom();
    else box.scrollTop += element.getBoundingClientRect().top - box.getBoundingClientRect().top - 12;
  }

  function message(told) {
    last = Math.max(last, told.seq);
    if (seen.has(told.seq)) return;
    seen.add(told.seq);
    const mine = told.key ? pending.get(told.key) : undefined;
    if (mine?.photo) photos.set(told.picture || told.id, mine.photo);
    const follows = near();
    const made = item(told, tap, photos);
    made.dataset.seq = told.seq;
    if (mine) { mine.element.replaceWith(made); pending.delete(told.key); }
    place(made, told);
    $("empty").hidden = true;
    if (!live) return;
    if (follows || told.author === "resident") reveal(made);
    if (told.author !== "resident") readNew(spoken(told));
  }

  function place(made, told) {
    const before = [...log.querySelectorAll(".said")].find((one) => one !== made && (!one.dataset.seq || Number(one.dataset.seq) > told.seq));
    if (before ? made.nextElementSibling !== before : made !== log.lastElementChild) log.insertBefore(made, before ?? null);
    const on = new Date(told.at).toLocaleDateString("en-CA", { timeZone: "Asia/Shanghai" });
    if (on > day) {
      day = on;
      made.before(separator(told.at));
    }
  }

  // Said here and not yet with the house.
  function shown(one) {
    if (pending.has(one.key)) return;
    const told = { id: one.key, author: "resident", text: one.words, picture: one.url ? one.key : "", at: new Date(one.since).toISOString() };
    if (one.url) photos.set(one.key, one.url);
    const element = item(told, tap, photos);
    const state = el("span", { class: "state" }, navigator.onLine ? "正在发" : "待发送");
    element.querySelector(".below").append(state);
    pending.set(one.key, { element, state, photo: one.url });
    log.append(element);
    $("empty").hidden = true;
    toBottom();
  }

  function gone(one) {
    pending.get(one.key)?.state.remove();
  }

  function failed(one, why) {
    const held = pending.get(one.key);
    if (!held) return;
    held.state.className = "bad";
    held.state.textContent = `没发成：${why}`;
    held.state.after(
      button("再发一次", () => { remove(one.key); retry(one.key); }),
      button("不发了", () => { remove(one.key); drop(one.key); }));
  }

  function remove(key) {
    pending.get(key)?.element.remove();
    pending.delete(key);
  }

  function later() {
    for (const { state } of pending.values()) if (state.className === "state") state.textContent = "待发送";
  }
  const sending = () => {
    for (const { state } of pending.values()) if (state.className === "state") state.textContent = "正在发";
  };

  function loaded() {
    if (live) return;
    live = true;
    $("skeleton").hidden = true;
    $("empty").hidden = seen.size + pending.size > 0;
    toBottom();
    requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
  }

  function clear() {
    for (const element of [...log.children]) if (element.dataset.seq || element.className === "day") element.remove();
    seen.clear();
    last = 0;
    day = "";
    show($("problem"), "");
  }

  log.addEventListener("load", (event) => { if (event.target.tagName === "IMG" && near()) toBottom(); }, true);
  return { message, shown, gone, failed, later, sending, loaded, clear, toBottom, after: () => last, empty: () => seen.size === 0 };
}
