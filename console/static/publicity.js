// The publicity desk, livelier: places are offered, what is typed is looked at by the server, keys work. All else works without.
"use strict";

const form = document.getElementById("draft");
const typing = target => target.closest("input, textarea, select") !== null;

function later(work, pause) {
  let waiting;
  return (...given) => { clearTimeout(waiting); waiting = setTimeout(() => work(...given), pause); };
}

async function piece(address, sent) {
  const answer = await fetch(address, sent);
  if (answer.redirected) location.assign("/sign-in");
  if (!answer.ok) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// Places: from the provinces down, or by name.
const offer = later(async box => {
  try {
    const typed = box.value.replace(/^\d{6} /, "");
    const fresh = await piece("/places?" + new URLSearchParams({ typed }), {});
    document.getElementById("places").replaceChildren(...fresh.querySelectorAll("option"));
  } catch { /* the box takes a name or a code as before */ }
}, 200);
document.addEventListener("input", event => { if (event.target.matches("[data-places]")) offer(event.target); });
document.addEventListener("focusin", event => { if (event.target.matches("[data-places]")) offer(event.target); });

// Clauses: those that are cited of the document chosen beside.
document.addEventListener("focusin", event => {
  const row = event.target.matches("input") && event.target.closest(".clause");
  if (!row) return;
  const wanted = row.querySelector("select").value;
  const found = [...document.querySelectorAll("datalist[data-document]")].find(list => list.dataset.document === wanted);
  if (found) event.target.setAttribute("list", found.id); else event.target.removeAttribute("list");
});

// What is typed, as the server judges and shows it. The boxes themselves are never touched.
let changed = false, asked = 0;
const look = later(async () => {
  const turn = ++asked;
  try {
    const fresh = await piece(form.dataset.look, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (turn !== asked) return;
    for (const there of fresh.querySelectorAll("[data-part]")) {
      const here = document.getElementById(there.id);
      if (here && here.innerHTML !== there.innerHTML) here.replaceChildren(...document.importNode(there, true).childNodes);
    }
  } catch { /* saving says what is wrong */ }
}, 500);

function dirty() {
  changed = true;
  document.getElementById("unsaved").hidden = false;
}

if (form && form.dataset.look) {
  form.addEventListener("input", event => {
    if (event.target.name !== "where") dirty();
    look();
  });
  form.addEventListener("change", look);
  form.addEventListener("submit", () => { changed = false; });
  addEventListener("beforeunload", event => { if (changed) event.preventDefault(); });
  for (const rows of form.querySelectorAll("[data-rows]")) {
    const more = document.createElement("button");
    more.type = "button";
    more.className = "quiet";
    more.textContent = "＋ 再加一条";
    more.addEventListener("click", () => {
      const row = rows.lastElementChild.cloneNode(true);
      for (const box of row.querySelectorAll("input, select")) box.value = "";
      rows.append(row);
      row.querySelector("select").focus();
    });
    rows.after(more);
  }
}

document.addEventListener("keydown", event => {
  if (event.isComposing) return;
  if (form && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
    const save = form.querySelector('button[value="save"]');
    if (save) { event.preventDefault(); form.requestSubmit(save); }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
  if (typing(event.target)) return;
  const rows = [...document.querySelectorAll("#rows a:not(.small)")];
  const at = rows.findIndex(row => row === document.activeElement);
  const wanted = {
    "/": () => document.getElementById("find"),
    j: () => rows[Math.min(at + 1, rows.length - 1)],
    k: () => rows[Math.max(at - 1, 0)],
    e: () => document.querySelector("[data-edit]"),
  }[event.key.toLowerCase()];
  const target = wanted && wanted();
  if (!target) return;
  event.preventDefault();
  target.focus();
});
