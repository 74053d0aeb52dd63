// Making and finding elements. Words go in as text, never as HTML.
export const $ = (id) => document.getElementById(id);

export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

export function button(words, act, attributes = {}) {
  const made = el("button", { type: "button", ...attributes }, words);
  made.addEventListener("click", act);
  return made;
}

const zone = { timeZone: "Asia/Shanghai" };
const DAY = new Intl.DateTimeFormat("zh-CN", { ...zone, year: "numeric", month: "long", day: "numeric", weekday: "long" });
const TIME = new Intl.DateTimeFormat("zh-CN", { ...zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const PLAIN = new Intl.DateTimeFormat("zh-CN", { ...zone, year: "numeric", month: "long", day: "numeric" });

// The day and the time in China, whatever the clock of the phone.
export const dayOf = (moment) => DAY.format(new Date(moment));
export const timeOf = (moment) => TIME.format(new Date(moment));
export const dateOf = (moment) => PLAIN.format(new Date(moment));

export function show(element, words) {
  element.textContent = words;
  element.hidden = !words;
}
