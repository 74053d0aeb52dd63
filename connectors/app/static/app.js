// The resident's page: one conversation, and beside it one's own applications and what is to be signed.
import { Refused, call, enterAs, office, onNewSession, startSession } from "./api.js";
import { showCases } from "./cases.js";
import { $, button, el, show } from "./dom.js";
import { forget, keep, recall } from "./keep.js";
import { startLine } from "./line.js";
import { startPhotos } from "./photo.js";
import { startPlaces } from "./place.js";
import { startReading } from "./reading.js";
import { showSign } from "./sign.js";
import { startTalk } from "./talk.js";
import { startWaiting } from "./waiting.js";

const ASKS = ["低保怎么申请", "我能申请什么", "我要申请", "查进度", "人工"];
const VIEWS = { "#/cases": "cases", "#/sign": "sign" };
const THINKING = 20_000;
const root = document.documentElement;

// The conversation ----------------------------------------------------------------------------------------------------

let waiting = null;
let thinking = 0;
let answered = 0;
let told = { holder: "bot", form: null, waiting: null, typing: false, sign: false };
let away = false;

const talk = startTalk({
  tap: (option) => once(() => waiting.tap(option), option.id),
  retry: (key) => waiting.retry(key),
  drop: (key) => waiting.drop(key),
});

waiting = startWaiting({
  shown: talk.shown,
  gone: (item, taken) => { talk.gone(item); if (answered < taken.seq) expect(); tellAway(false); },
  failed: talk.failed,
  problem: (item) => {
    if (item) talk.later();
    tellAway(Boolean(item));
  },
});

// A stiff finger taps twice.
let tapped = { what: "", at: 0 };
function once(act, what) {
  if (tapped.what === what && Date.now() - tapped.at < 1500) return;
  tapped = { what, at: Date.now() };
  act();
}

function ask(words) {
  go("");
  once(() => waiting.say(words), words);
}

function expect() {
  clearTimeout(thinking);
  thinking = setTimeout(() => { thinking = 0; tellTyping(); }, THINKING);
  tellTyping();
}

function tellTyping() {
  const writes = told.typing || (thinking !== 0 && told.holder === "bot");
  if ($("typing").hidden !== !writes) {
    $("typing").hidden = !writes;
    if (writes) talk.toBottom();
  }
}

function arrived(message) {
  if (message.author !== "resident") {
    answered = message.seq;
    clearTimeout(thinking);
    thinking = 0;
  }
  talk.message(message);
  tellTyping();
}

function stands(state) {
  told = state;
  tellTyping();
  const { form, waiting: queue, sign } = state;
  $("form-bar").hidden = !form;
  if (form) {
    $("form-words").textContent = `第 ${form.step} 步，共 ${form.of} 步`;
    $("form-done").max = form.of;
    $("form-done").value = form.step;
  }
  $("waiting").hidden = !queue;
  if (queue) {
    const ahead = queue.place > 1 ? `前面还有 ${queue.place - 1} 位` : "您排在最前面";
    show($("waiting-words"), `正在等人工，${ahead}${queue.minutes ? `，大约 ${queue.minutes} 分钟` : ""}。`);
  }
  $("to-sign").hidden = !sign;
}

function tellAway(is) {
  away = is || !navigator.onLine;
  const kept = waiting?.count() ?? 0;
  const mine = kept ? "您写的先存着，连上就发。" : "";
  const { help, rescue } = root.dataset;
  show($("offline"), away ? `${navigator.onLine ? "现在连不上，正在再试。" : "没有网络。"}${mine}急事请打 ${help}，救命打 ${rescue}。` : "");
}

// Beginning -----------------------------------------------------------------------------------------------------------

let line = null;

async function load() {
  for (let pause = 1000; ; pause = Math.min(30_000, pause * 2)) {
    try {
      const { messages, state } = await call("messages?limit=200");
      messages.forEach(arrived);
      stands(state);
      tellAway(false);
      break;
    } catch (error) {
      if (error instanceof Refused) return show($("problem"), error.message);
      tellAway(true);
      talk.loaded();
      await new Promise((done) => {
        const timer = setTimeout(done, pause);
        addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
      });
    }
  }
  talk.loaded();
  if (talk.empty() && !waiting.count()) waiting.enter().catch(() => { /* the page greets by itself */ });
}

async function begin() {
  startSession();
  onNewSession(() => {
    // Another person's conversation has no place beside this one.
    talk.clear();
    answered = 0;
    line?.again();
  });
  waiting.all().forEach(talk.shown);
  const vouched = assertion();
  if (vouched) await enter(vouched);
  await load();
  waiting.flush();
  line = startLine({
    after: talk.after,
    message: arrived,
    state: stands,
    up: () => { tellAway(false); talk.sending(); waiting.flush(); },
    down: (refused) => { tellAway(true); if (refused) show($("problem"), refused.message); },
  });
}

async function enter(vouched) {
  try {
    await enterAs(vouched);
    show($("problem"), "");
  } catch {
    show($("problem"), "没能认出您。可以先在这里问；要看自己的申请，请从原来的应用再打开一次。");
  }
}

// What the bureau's app hands over in the address is read once and taken out of it.
function assertion() {
  const found = new URLSearchParams(location.hash.slice(1)).get("assertion");
  if (found) history.replaceState(null, "", location.pathname + location.search);
  return found;
}

function startEmbedded() {
  if (new URLSearchParams(location.search).get("embed") !== "1") return;
  root.classList.add("embedded");
  const origins = root.dataset.origins.split(" ").filter(Boolean);
  addEventListener("message", (event) => {
    if (origins.includes(event.origin) && typeof event.data?.assertion === "string") enter(event.data.assertion);
  });
  if (parent !== window) for (const origin of origins) parent.postMessage({ jiuzhutong: "ready" }, origin);
}

// Views and dialogs ---------------------------------------------------------------------------------------------------

function go(hash) {
  for (const one of document.querySelectorAll("dialog[open]")) one.close();
  if (location.hash === hash) return;
  if (hash) location.hash = hash;
  else history.pushState(null, "", location.pathname + location.search);
  view();
}

function view() {
  const name = VIEWS[location.hash] ?? "chat";
  for (const id of ["chat", "cases", "sign"]) $(id).hidden = id !== name;
  $("back").hidden = name === "chat";
  root.classList.toggle("aside", name !== "chat");
  document.querySelector(".skip").hidden = name !== "chat";
  document.title = { chat: "救助通", cases: "我的申请 · 救助通", sign: "签名 · 救助通" }[name];
  if (name === "cases") showCases({ ask });
  if (name === "sign") showSign({ done: () => go("") });
  if (name === "chat") talk.toBottom();
  else $(`${name}-title`).focus();
}

function startViews() {
  addEventListener("hashchange", () => {
    const vouched = assertion();
    if (vouched) enter(vouched);
    view();
  });
  addEventListener("popstate", view);
  $("back").addEventListener("click", () => go(""));
  $("to-cases").addEventListener("click", (event) => { event.preventDefault(); go("#/cases"); });
  $("to-sign-button").addEventListener("click", () => go("#/sign"));
  const placing = startPlaces($, (words) => once(() => waiting.place(words), words));
  document.addEventListener("click", (event) => {
    const opens = event.target.closest("[data-open]")?.dataset.open;
    if (opens) {
      for (const one of document.querySelectorAll("dialog[open]")) one.close();
      if (opens === "placing") placing();
      $(opens).showModal();
    }
    if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  });
  startPhotos($, (blob, problem) => {
    show($("problem"), problem);
    if (blob) waiting.photo(blob, URL.createObjectURL(blob));
  });
  for (const id of ["asks", "asks-again"]) {
    $(id).append(...ASKS.map((words) => el("li", {}, button(words, () => ask(words)))));
  }
  $("forget-yes").addEventListener("click", () => {
    waiting.all().forEach((item) => waiting.drop(item.key));
    $("say").value = "";
    forget();
    location.replace(location.pathname + location.search);
  });
}

// The line to write in ------------------------------------------------------------------------------------------------

function startWriting() {
  const say = $("say");
  const grow = () => {
    say.style.height = "auto";
    say.style.height = `${Math.min(132, say.scrollHeight + 2)}px`;
  };
  say.value = recall("typed", "");
  grow();
  say.addEventListener("input", () => { grow(); keep("typed", say.value || null); });
  say.addEventListener("keydown", (event) => {
    // 229: some keyboards end a word with Enter and say so only this way.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    $("form").requestSubmit();
  });
  $("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const words = say.value.trim();
    say.focus();
    if (!words) return;
    say.value = "";
    keep("typed", null);
    grow();
    show($("problem"), "");
    waiting.say(words);
  });
  $("person").addEventListener("click", () => ask("人工"));
  $("no-wait").addEventListener("click", () => ask("不等了"));
}

// Type size, keyboards that cover the page, the network ---------------------------------------------------------------

function setLarge(large) {
  root.classList.toggle("large", large);
  $("large").setAttribute("aria-pressed", String(large));
}

function startLooks() {
  setLarge(root.classList.contains("large"));
  $("large").addEventListener("click", () => {
    const large = !root.classList.contains("large");
    keep("large", large ? "yes" : "no");
    setLarge(large);
    talk.toBottom();
  });
  let tallest = 0;
  const fit = () => {
    const height = Math.round(visualViewport.height * visualViewport.scale);
    tallest = Math.max(tallest, height);
    root.style.setProperty("--seen", `${height}px`);
    root.classList.toggle("keyboard", document.activeElement === $("say") && height < tallest * 0.75);
  };
  if (window.visualViewport) {
    fit();
    visualViewport.addEventListener("resize", () => { fit(); talk.toBottom(); });
    addEventListener("orientationchange", () => { tallest = 0; fit(); });
    // A keyboard that pushes the page up would hide its head.
    visualViewport.addEventListener("scroll", () => { if (visualViewport.scale === 1 && visualViewport.offsetTop) scrollTo(0, 0); });
  }
  addEventListener("offline", () => tellAway(true));
  addEventListener("online", () => tellAway(away));
}

async function tellOffice() {
  try {
    const { name } = await office();
    $("office").textContent = name || "救助通";
  } catch { /* the name that stands there is good enough */ }
}

startLooks();
startReading();
startViews();
startWriting();
startEmbedded();
const opened = begin();
view();
tellOffice();
if ("serviceWorker" in navigator && isSecureContext) navigator.serviceWorker.register("sw.js").catch(() => { /* online only */ });
await opened;
