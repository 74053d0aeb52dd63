// The page of the simulated WeChat. Everything it shows comes from api/ on the same host; nothing is ever put in as HTML.
import { bubble, clock, el } from "./bubbles.js";
import { showTravelled, tellBudget } from "./line.js";

const $ = (id) => document.getElementById(id);
const NAMES = { wechat: "微信", mini: "小程序", weibo: "微博" };
const WORDS = {
  wechat: "没有关注这个公众号，关注了才能说话。", mini: "", weibo: "没有关注这个账号，可以关注，也可以在微博里提到它。",
};
const MODES = { secure: "安全模式 · 加密", compatible: "兼容模式", plain: "明文模式" };
const GAP = 3 * 60 * 1000;

let people = [];
let phone = "wechat";
let me = "";
let seen = new Map();
let account = {};
let loading = 0;

async function ask(path, options) {
  const answer = await fetch(`api/${path}`, options);
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

function remember(key, value) {
  try {
    if (value === undefined) return localStorage.getItem(`sandbox.${key}`);
    localStorage.setItem(`sandbox.${key}`, value);
  } catch { /* a browser without storage forgets, and works */ }
  return null;
}

// Residents -------------------------------------------------------------------------------------------------------

function listPeople() {
  $("people-list").replaceChildren(...people.map((person) => {
    const button = el("button", { type: "button" });
    if (person.fresh) button.append(el("span", { class: "fresh" }, "新消息"));
    button.append(el("strong", {}, `${person.name} · ${person.city}`), el("span", {}, person.about));
    button.setAttribute("aria-current", String(person.id === me));
    button.addEventListener("click", () => { openPanel("people", "choose", false); choose(person.id); $("say").focus(); });
    return el("li", {}, button);
  }));
}

async function choose(id) {
  me = id;
  remember("resident", id);
  const person = people.find((p) => p.id === id);
  person.fresh = false;
  seen = new Map();
  $("talk").replaceChildren();
  $("travelled").replaceChildren();
  $("typing").hidden = true;
  complain("");
  $("me").textContent = `${person.name} · ${person.city}`;
  listPeople();
  setLarge(remember("large") === null ? person.large : remember("large") === "yes");
  await load();
}

// Load the whole conversation: at the start, after a change of person, and whenever the live line came back.
async function load() {
  const mine = ++loading;
  const found = await ask(`residents/${encodeURIComponent(me)}`);
  if (mine !== loading || found.id !== me) return;
  account = found;
  for (const message of found.messages) show(message, false);
  for (const entry of found.travelled) showTravelled(entry);
  tellBudget(found.budget);
  setFollows(found.follows);
  $("typing").hidden = !found.typing;
  $("questions").replaceChildren(...found.questions.map((question) => {
    const button = el("button", { type: "button" }, question);
    button.addEventListener("click", () => { act({ kind: "text", text: question }); $("say").focus(); });
    return el("li", {}, button);
  }));
  tellEmpty();
  toBottom();
}

function setFollows(follows) {
  const person = people.find((p) => p.id === me);
  $("stranger").hidden = follows;
  $("form").hidden = !follows;
  if (!follows) openPanel("kinds", "more", false);
  $("stranger-words").textContent = `${person.name}${WORDS[phone]}`;
  $("questions").hidden = $("try-title").hidden = !follows;
}

// The conversation ------------------------------------------------------------------------------------------------

function show(message, live) {
  if (seen.has(message.seq)) return;
  const last = [...seen.values()].pop();
  seen.set(message.seq, message);
  const item = el("li", { class: message.who });
  if (!last || new Date(message.at) - new Date(last.at) > GAP) {
    item.append(el("time", { class: "time", datetime: message.at }, clock(message.at)));
  }
  item.append(el("span", { class: "unseen" }, message.who === "resident" ? "您说：" : message.who === "account" ? "救助通说：" : `${NAMES[phone]}提示：`));
  item.append(bubble(message, tap));
  const near = $("scroll").scrollHeight - $("scroll").scrollTop - $("scroll").clientHeight < 120;
  $("talk").append(item);
  if (message.who !== "resident") $("typing").hidden = true;
  tellEmpty();
  if (live && (near || message.who === "resident")) toNewest(item);
  for (const image of item.querySelectorAll("img")) image.addEventListener("load", () => near && toBottom());
}

function tellEmpty() { $("empty").hidden = seen.size > 0; }
// A long answer is read from its beginning.
function toNewest(item) {
  const box = $("scroll");
  if (item.offsetHeight < box.clientHeight - 24) toBottom();
  else box.scrollTop += item.getBoundingClientRect().top - box.getBoundingClientRect().top - 12;
}
function toBottom() { $("scroll").scrollTop = $("scroll").scrollHeight; }
function tap(option) { act({ kind: "tap", option: option.id || option.label }); }

async function act(what) {
  try {
    await ask(`residents/${encodeURIComponent(me)}/acts`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(what),
    });
    complain("");
    return true;
  } catch {
    complain("没发出去。请看看救助通还开着没有，再试一次。");
    return false;
  }
}

function complain(words) {
  $("problem").textContent = words;
  $("problem").hidden = !words;
}

async function sendPicture(file) {
  try {
    const small = file.size > 1024 * 1024 ? await shrunk(file) : file;
    await ask(`residents/${encodeURIComponent(me)}/picture`, { method: "POST", body: small });
    complain("");
  } catch {
    complain("这张图片发不了。请换一张 PNG 或 JPEG 图片。");
  }
}

// A phone's photo is larger than the sandbox keeps; WeChat makes pictures smaller, too.
async function shrunk(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
  const canvas = el("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
}

// Panels, dialogs, type size ---------------------------------------------------------------------------------------

function openPanel(panel, button, open) {
  const is = open ?? $(button).getAttribute("aria-expanded") !== "true";
  $(button).setAttribute("aria-expanded", String(is));
  if (panel === "kinds") $(panel).hidden = !is;
  else $(panel).classList.toggle("open", is);
}

function setLarge(large) {
  document.documentElement.classList.toggle("large", large);
  $("large").setAttribute("aria-pressed", String(large));
  toBottom();
}

const QUESTIONS = {
  location: { title: "发一个位置", fields: [["label", "地方的名字", () => account.place]] },
  scan: { title: "扫一个二维码", fields: [["scene", "二维码里的场景值", () => "street_0231"]] },
  mention: { title: "在微博里提到救助通", fields: [["text", "微博的内容", () => "@救助通 低保怎么申请"]] },
  link: { title: "发一个链接", fields: [["title", "标题", () => "网上看到的低保政策"], ["url", "网址", () => "https://example.org/dibao"]] },
};
let asking = "";

function openAsk(kind) {
  asking = kind;
  $("ask-title").textContent = QUESTIONS[kind].title;
  $("ask-fields").replaceChildren(...QUESTIONS[kind].fields.map(([name, words, value]) => {
    const input = el("input", { name, required: "", maxlength: 200 });
    input.value = value();
    return el("label", {}, words, input);
  }));
  $("ask").showModal();
  $("ask-fields").querySelector("input").select();
}

// Wiring -----------------------------------------------------------------------------------------------------------

$("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = $("say").value;
  if (!text.trim()) return $("say").focus();
  $("say").value = "";
  if (!await act({ kind: "text", text })) $("say").value = $("say").value || text;
  $("say").focus();
});
$("say").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); $("form").requestSubmit(); }
});
$("more").addEventListener("click", () => { openPanel("kinds", "more"); toBottom(); });
$("choose").addEventListener("click", () => { openPanel("log", "open-log", false); openPanel("people", "choose"); });
$("open-log").addEventListener("click", () => { openPanel("people", "choose", false); openPanel("log", "open-log"); });
$("large").addEventListener("click", () => {
  const large = $("large").getAttribute("aria-pressed") !== "true";
  remember("large", large ? "yes" : "no");
  setLarge(large);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || $("ask").open) return;
  for (const [panel, button] of [["people", "choose"], ["log", "open-log"], ["kinds", "more"]]) {
    if ($(button).getAttribute("aria-expanded") === "true") { openPanel(panel, button, false); $(button).focus(); }
  }
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act], [data-ask], [data-key]");
  if (!button) return;
  if (button.dataset.ask) return openAsk(button.dataset.ask);
  openPanel("kinds", "more", false);
  act(button.dataset.key ? { kind: "menu", key: button.dataset.key } : { kind: button.dataset.act });
});
$("pick").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", () => {
  openPanel("kinds", "more", false);
  if ($("file").files[0]) sendPicture($("file").files[0]);
  $("file").value = "";
});
$("ask-no").addEventListener("click", () => $("ask").close());
$("ask-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const what = { kind: asking };
  for (const input of $("ask-fields").querySelectorAll("input")) what[input.name] = input.value;
  $("ask").close();
  openPanel("kinds", "more", false);
  act(what);
});

function sayDay(day) {
  $("day-said").textContent = day ? `按${day}的政策回答，清空就是今天。` : "按今天的政策回答。";
}
$("day").addEventListener("change", async () => {
  const { day } = await ask("day", { method: "POST", body: JSON.stringify({ day: $("day").value }) });
  sayDay(day);
});

function listen() {
  const live = new EventSource("api/live");
  let first = true;
  live.addEventListener("open", () => { if (!first) load(); first = false; });
  live.addEventListener("message", (event) => {
    const { kind, openid, data } = JSON.parse(event.data);
    if (openid !== me && openid !== "") {
      const person = people.find((p) => p.id === openid);
      if (person && kind === "shown" && data.who !== "resident") { person.fresh = true; listPeople(); }
      return;
    }
    if (kind === "shown") show(data, true);
    if (kind === "travelled") showTravelled(data);
    if (kind === "typing") { $("typing").hidden = !data; toBottom(); }
    if (kind === "follow") setFollows(data);
    if (kind === "budget") tellBudget(data);
  });
}

const state = await ask("state");
people = state.residents;
phone = state.phone;
document.title = `救助通 · 模拟${NAMES[phone]}`;
for (const place of document.querySelectorAll("[data-name]")) place.textContent = NAMES[phone];
for (const button of document.querySelectorAll("[data-on]")) button.hidden = !button.dataset.on.split(" ").includes(phone);
$("phones").hidden = state.phones.length < 2;
$("phones").replaceChildren(...state.phones.map((one) => {
  const link = el("a", { href: one.page }, NAMES[one.phone]);
  if (one.phone === phone) link.setAttribute("aria-current", "page");
  return el("li", {}, link);
}));
$("mode").textContent = phone === "weibo" ? "签名，不加密" : MODES[state.mode];
$("menu").replaceChildren(...state.menu.map(({ key, label }) => el("button", { type: "button", "data-key": key }, label)));
$("day").value = state.day;
sayDay(state.day);
const before = remember("resident");
listen();
await choose(people.some((p) => p.id === before) ? before : people[0].id);
