// One message of the conversation, built from data.
import { button, dateOf, dayOf, el, timeOf } from "./dom.js";
import { readButton } from "./reading.js";

const WHO = { resident: "您", bot: "救助通", officer: "工作人员", system: "提示" };
// So many characters of a longer answer large type shows at first; the rest is one tap away.
const SHORT = 120;

export function bubble(message, tap, photos) {
  const box = el("div", { class: "bubble" }, el("span", { class: "unseen" }, `${WHO[message.author] ?? "提示"}：`));
  if (message.card?.title) box.append(el("h2", {}, message.card.title));
  if (message.picture) box.append(picture(message, photos));
  if (message.text) words(box, message.text, Boolean(message.card));
  if (message.card) box.append(...basis(message.card));
  if (message.options?.length) box.append(options(message.options, tap));
  if (message.options?.length || message.card) box.classList.add("wide");
  return box;
}

export function item(message, tap, photos) {
  const made = el("div", { class: `said ${message.author}`, "data-id": message.id });
  if (message.author === "officer") made.append(el("p", { class: "who" }, message.name || "工作人员"));
  made.append(bubble(message, tap, photos));
  const below = el("p", { class: "below" });
  if (message.at) below.append(el("time", { datetime: message.at }, timeOf(message.at)));
  if (message.author !== "resident" && message.text) below.append(readButton(spoken(message)));
  made.append(below);
  return made;
}

export const separator = (at) => el("p", { class: "day" }, el("time", { datetime: at }, dayOf(at)));

function picture(message, photos) {
  const known = photos.get(message.picture) ?? photos.get(message.id);
  if (known) return el("img", { src: known, alt: "您发的照片" });
  return el("p", { class: "quiet" }, "照片已收到，加密存着。");
}

function words(box, text, folds) {
  const parts = text.split(/\n{2,}/).map((part) => el("p", {}, part.trim()));
  const cut = folds && document.documentElement.classList.contains("large") ? head(text) : text;
  if (cut === text) return void box.append(...parts);
  const short = el("p", {}, cut);
  const more = button("接着看", () => {
    short.replaceWith(...parts);
    more.remove();
    parts[0].tabIndex = -1;
    parts[0].focus();
  }, { class: "more" });
  box.append(short, more);
}

// The first sentences that are short together; a text a little longer than that is shown whole.
export function head(text) {
  if ([...text].length <= SHORT) return text;
  let taken = "";
  for (const sentence of text.match(/[^。！？\n]*[。！？\n]+|[^。！？\n]+$/g) ?? []) {
    if (taken && [...(taken + sentence)].length > SHORT) break;
    taken += sentence;
  }
  return taken.trim();
}

function basis(card) {
  const clauses = new Map();
  for (const source of card.sources) clauses.set(title(source), [...(clauses.get(title(source)) ?? []), source.clause]);
  const named = [...clauses].map(([name, found]) => name + [...new Set(found.filter(Boolean))].join("、"));
  const line = [
    named.length ? `依据：${named.join("；")}` : "",
    card.as_of && named.length ? `截至 ${card.as_of}` : "",
    card.place ?? "",
  ].filter(Boolean).join(" · ");
  if (!line) return [];
  if (!card.sources.length) return [el("p", { class: "basis" }, line)];
  const list = el("ul", {}, ...card.sources.map((source) => el("li", {},
    [title(source), source.number, source.clause, source.date && `${dateOf(source.date)}起`].filter(Boolean).join("，"))));
  return [el("details", { class: "basis" }, el("summary", {}, line), list)];
}

const title = ({ title }) => (!title || title.startsWith("《") ? title ?? "" : `《${title}》`);

function options(all, tap) {
  const list = el("ul", { class: "rows" });
  all.forEach((option, index) => {
    list.append(el("li", {}, button(`${index + 1}. ${option.label}`, () => tap(option), { class: "option" })));
  });
  return list;
}

export function spoken(message) {
  const choices = (message.options ?? []).map((option, index) => `${index + 1}，${option.label}`);
  return [message.card?.title, message.text, ...choices].filter(Boolean).join("。");
}
