// The room of conversations, livelier: what came is marked, keys work, an alarm is seen. Everything else works without this.
"use strict";

const room = document.getElementById("talks");
const talk = room.dataset.conversation;
const title = document.title;
const cut = document.getElementById("line-state").textContent;
let shown = JSON.parse(room.dataset.live);

const find = selector => document.querySelector(selector);
const typing = target => target.closest("input, textarea, select, [contenteditable]") !== null;

// One look at the server's page as it is now, for the parts that may change; the boxes somebody types in stay as they are.
async function page(address) {
  const answer = await fetch(address, { headers: { "X-Live": "1" } });
  if (answer.redirected || answer.status === 403) location.assign("/sign-in");
  if (!answer.ok) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// Where this page is looked at again: after a form its own address is that of a deed.
const address = () => talk ? `/conversations/${encodeURIComponent(talk)}?view=${encodeURIComponent(room.dataset.view)}` : `/conversations?view=${encodeURIComponent(room.dataset.view)}`;

function replace(fresh, ids) {
  for (const id of ids) {
    const here = document.getElementById(id), there = fresh.getElementById(id);
    // Nothing is taken from under somebody's fingers: what is being typed there stays until they are done.
    if (here && here.contains(document.activeElement) && typing(document.activeElement)) continue;
    if (here && there) here.replaceChildren(...document.importNode(there, true).childNodes);
  }
}

let refreshing = false, again = false;
async function refreshTalk() {
  if (refreshing) { again = true; return; }
  refreshing = true;
  try {
    const fresh = await page(address());
    // Who holds it decides which boxes there are: when that changed, and nothing is being written, the page is loaded anew.
    const held = fresh.getElementById("talks").dataset.held;
    const busy = [...document.querySelectorAll("textarea")].some(box => box.value.trim());
    if (held !== room.dataset.held && !busy) { location.reload(); return; }
    answered(fresh, busy);
    const photos = [...document.querySelectorAll("#lines figure[data-picture]")].map(one => [one.closest("li").id, one]);
    replace(fresh, ["head", "alarm", "lines", "situation", "window"]);
    // A photo that was shown for a reason stays as long as this page does.
    for (const [line, photo] of photos) document.getElementById(line)?.append(photo);
    pointed();
    if (held !== room.dataset.held) find("#changed").hidden = false;
  } catch {
    find("#line-state").hidden = false;
  } finally {
    refreshing = false;
    if (again) { again = false; refreshTalk(); }
  }
}

// The line that was asked for stays marked, also after it was fetched anew, when the browser no longer knows it by its address.
function pointed() {
  for (const line of document.querySelectorAll("#lines .pointed")) line.classList.remove("pointed");
  const asked = location.hash && document.getElementById(location.hash.slice(1));
  if (asked && asked.closest("#lines")) asked.classList.add("pointed");
}

// A colleague answered while something is being written: said here, and asked once more when it is sent.
function answered(fresh, busy) {
  const here = find("#seen"), there = fresh.getElementById("seen");
  if (!here || !there) return;
  const old = document.querySelectorAll("#lines .said.officer").length;
  if (!busy) here.value = there.value;
  else if (fresh.querySelectorAll("#lines .said.officer").length > old) find("#answered").hidden = false;
}

// "陈工正在回复": told to colleagues while the keys are pressed, and a moment longer.
let told = 0;
function writes(box) {
  const now = Date.now();
  if (!box.value.trim() || now - told < 4000) return;
  told = now;
  const form = new URLSearchParams({ form_token: box.form.elements.form_token.value });
  fetch(`/conversations/${encodeURIComponent(talk)}/typing`, { method: "POST", body: form }).catch(() => {});
}

function writing(names) {
  const line = find("#writing");
  if (!line) return;
  line.hidden = !names.length;
  line.textContent = names.length ? `${names.join("、")}正在回复居民，先别动这个会话` : "";
}

// The time the platform leaves us runs while nobody touches the page; when it is over, the page is asked what holds now.
function countDown() {
  const rest = find("#window [data-seconds]");
  if (!rest) return;
  rest.dataset.ends ||= performance.now() + rest.dataset.seconds * 1000;
  const seconds = Math.floor((rest.dataset.ends - performance.now()) / 1000);
  if (seconds <= 0) { refreshTalk(); return; }
  const minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60);
  rest.textContent = hours ? `${hours}小时${minutes % 60}分` : `${minutes}分钟`;
  rest.parentElement.classList.toggle("overdue", hours === 0 || rest.parentElement.classList.contains("overdue"));
}

async function refreshList() {
  const fresh = await page(address());
  const at = document.activeElement && document.activeElement.closest("#rows a");
  replace(fresh, ["views", "rows"]);
  shown = JSON.parse(fresh.getElementById("talks").dataset.live);
  if (at) { const same = find(`#rows a[href="${CSS.escape(at.getAttribute("href"))}"]`); if (same) same.focus(); }
  arrived({ ...shown });
}

// New things stand above the list until somebody wants them: rows never move under the mouse.
function arrived(now) {
  for (const link of document.querySelectorAll("#views a")) {
    const name = link.dataset.view, count = now.counts[name];
    if (count === undefined) continue;
    link.querySelector(".count").textContent = count;
    link.classList.toggle("alarm", name === "distress" && count > 0);
  }
  const fresh = now.ids.filter(id => !shown.ids.includes(id)).length;
  const gone = shown.ids.filter(id => !now.ids.includes(id)).length;
  const alarm = now.counts.distress > shown.counts.distress;
  // Where nobody waited there is no row to move: whoever comes first is shown at once.
  if (fresh && !find("#rows a")) { refreshList(); return; }
  const bar = find("#arrived"), button = find("#arrived button");
  button.hidden = !(fresh || gone || alarm);
  bar.querySelector("p").hidden = !button.hidden;
  bar.classList.toggle("alarm", alarm);
  const words = [];
  if (alarm) words.push("有新的紧急会话");
  if (fresh) words.push(`新来${fresh}个`);
  if (gone) words.push(`${gone}个有变化`);
  button.textContent = words.length ? `${words.join("，")}，点这里显示` : "";
  escalated(now.counts.escalated);
  document.title = now.counts.distress ? `（紧急${now.counts.distress}）${title}` : title;
}

// What was escalated to this supervisor stands beside the menu's word for it.
function escalated(number) {
  const link = find('.top nav a[href="/supervising"]');
  if (!link || number === undefined) return;
  link.dataset.late = number || "";
  link.title = number ? `升级给您的有${number}件` : "";
}

function listen() {
  const stream = new EventSource("/live?" + new URLSearchParams({ view: room.dataset.view, conversation: talk }));
  let seen = room.dataset.mark, watching = null;
  stream.onmessage = event => {
    const state = find("#line-state");
    state.hidden = true;
    state.textContent = cut;
    const now = JSON.parse(event.data);
    arrived(now);
    writing(now.writing || []);
    const changed = now.mark !== seen || (watching !== null && now.watching !== watching);
    seen = now.mark; watching = now.watching;
    if (talk && changed) refreshTalk();
  };
  stream.onerror = () => {
    const state = find("#line-state");
    if (stream.readyState === EventSource.CLOSED) {
      // Signed out, or the service was busy for a moment: the browser gives up, the page does not.
      state.textContent = "登录可能已经结束。先抄下没发的话，再刷新重新登录。";
      setTimeout(listen, 5000);
    }
    state.hidden = false;
  };
}

addEventListener("hashchange", pointed);
document.addEventListener("keydown", event => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
  if (typing(event.target)) return;
  const rows = [...document.querySelectorAll("#rows a")];
  const at = rows.findIndex(row => row === document.activeElement);
  const current = at >= 0 ? at : rows.findIndex(row => row.getAttribute("aria-current"));
  const go = { j: () => rows[Math.min(current + 1, rows.length - 1)], k: () => rows[Math.max(current - 1, 0)] }[event.key.toLowerCase()];
  const box = { r: "#reply", n: "#note", "/": "#find" }[event.key.toLowerCase()];
  const target = go ? go() : box ? find(box) : null;
  if (!target) return;
  event.preventDefault();
  const folded = target.closest("details");
  if (folded) folded.open = true;
  target.focus();
});

document.addEventListener("click", event => {
  const use = event.target.closest("[data-use]");
  const reply = find("#reply");
  if (use && reply) {
    event.preventDefault();
    const words = use.closest("li").querySelector("[data-words]").textContent;
    reply.value = reply.value.trim() ? `${reply.value.trimEnd()}\n${words}` : words;
    reply.focus();
  }
  if (event.target.closest("#arrived button")) refreshList();
});

document.addEventListener("input", event => { if (event.target.id === "reply") writes(event.target); });

// A reply goes without leaving the page: whatever breaks on the way, what was written is still there.
document.addEventListener("submit", async event => {
  const form = event.target;
  if (!form.querySelector("#reply")) return;
  event.preventDefault();
  const button = form.querySelector("button.primary"), unsent = find("#unsent"), box = find("#reply");
  button.disabled = true;
  unsent.hidden = true;
  try {
    const answer = await fetch(form.action, { method: "POST", headers: { "X-Stays": "1" }, body: new URLSearchParams(new FormData(form)) });
    if (answer.status === 204) {
      box.value = "";
      find("#refused")?.remove();
      find("#answered").hidden = true;
      await refreshTalk();
    } else {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html"), seen = page.getElementById("seen");
      unsent.textContent = `没有发出去。${page.querySelector("#refused, #problem")?.textContent ?? ""}`;
      unsent.hidden = false;
      replace(page, ["lines", "window"]);
      // They have read now what came meanwhile.
      if (seen) find("#seen").value = seen.value;
    }
  } catch {
    unsent.textContent = "没有发出去：系统暂时没有回应。您写的还在，请过一会儿再点“回复”。";
    unsent.hidden = false;
  } finally {
    button.disabled = false;
  }
});

// A search for approved words leaves the page, and what was written, where it is.
document.addEventListener("submit", async event => {
  if (event.target.id !== "canned-form") return;
  event.preventDefault();
  try {
    replace(await page(address() + "&" + new URLSearchParams(new FormData(event.target))), ["canned"]);
  } catch {
    find("#line-state").hidden = false;
  }
});

arrived(shown);
setInterval(countDown, 5000);
countDown();
listen();
