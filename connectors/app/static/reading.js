// Replies read aloud by the browser itself. Where it has no Chinese voice, nothing offers to read.
import { $, button } from "./dom.js";
import { keep, recall } from "./keep.js";

const speech = window.speechSynthesis;
let speaking = null;

const voice = () => speech?.getVoices().find((one) => /^(zh|cmn)([-_]|$)/i.test(one.lang) && !/HK|TW/i.test(one.lang))
  ?? speech?.getVoices().find((one) => /^(zh|cmn)/i.test(one.lang));
export const canRead = () => Boolean(voice());

function hush() {
  speech.cancel();
  speaking?.setAttribute("aria-pressed", "false");
  if (speaking) speaking.textContent = "读出来";
  speaking = null;
}

function read(words, from) {
  hush();
  const said = new SpeechSynthesisUtterance(words);
  said.voice = voice();
  said.lang = "zh-CN";
  said.rate = 0.9;
  if (from) {
    speaking = from;
    from.setAttribute("aria-pressed", "true");
    from.textContent = "不读了";
    said.addEventListener("end", () => { if (speaking === from) hush(); });
    said.addEventListener("error", () => { if (speaking === from) hush(); });
  }
  speech.speak(said);
}

// The button under a reply; hidden until a voice is there, because browsers tell of their voices late.
export function readButton(words) {
  const made = button("读出来", () => (made === speaking ? hush() : read(words, made)), { class: "read", "aria-pressed": "false" });
  made.hidden = !canRead();
  return made;
}

export const readsAloud = () => canRead() && recall("aloud") === "yes";
export function readNew(words) { if (readsAloud()) read(words, null); }

function tell() {
  for (const one of document.querySelectorAll(".read")) one.hidden = !canRead();
  $("aloud").hidden = !canRead();
  $("aloud").setAttribute("aria-pressed", String(recall("aloud") === "yes"));
}

export function startReading() {
  $("aloud").addEventListener("click", () => {
    keep("aloud", recall("aloud") === "yes" ? null : "yes");
    if (recall("aloud") !== "yes") hush();
    tell();
  });
  speech?.addEventListener?.("voiceschanged", tell);
  addEventListener("pagehide", () => speech?.cancel());
  tell();
}
