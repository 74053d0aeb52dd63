// One bubble of the conversation, built from data. Text goes in as text, never as HTML.
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const DAY = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", month: "long", day: "numeric" });
const TIME = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hour12: false });

// The time in China, whatever the clock of the machine; with the day when it is not today.
export function clock(moment) {
  const at = new Date(moment);
  return DAY.format(at) === DAY.format(new Date()) ? TIME.format(at) : `${DAY.format(at)} ${TIME.format(at)}`;
}

const SOUND = "M4 10v4h3l4 3V7l-4 3zM15 9.5a3.5 3.5 0 0 1 0 5M17.5 7a7 7 0 0 1 0 10";

function soundSign() {
  const sign = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  sign.setAttribute("viewBox", "0 0 24 24");
  sign.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SOUND);
  sign.append(path);
  return sign;
}

export function bubble(message, tap) {
  const box = el("div", { class: "bubble" });
  if (message.media && (message.kind === "image")) {
    box.append(el("img", { src: `api/media/${encodeURIComponent(message.media)}`, alt: message.who === "resident" ? "您发的图片" : "图片" }));
  } else if (message.kind === "voice") {
    const line = el("span", { class: "sound" }, soundSign());
    line.append("语音（没有转成文字）");
    box.append(line);
  } else if (message.pieces.length) {
    written(box, message.pieces, tap);
  } else if (message.url) {
    box.append(el("a", { href: message.url, rel: "noreferrer noopener", target: "_blank" }, message.text));
  } else {
    paragraphs(box, message.text);
  }
  if (message.kind === "menu") {
    for (const option of message.options) box.append(row(option.label, option, tap));
    if (message.tail) paragraphs(box, message.tail);
  }
  if (box.querySelector(".option:not(.inline)")) box.classList.add("rows");
  return box;
}

// Text with links. A menu link that has a line to itself becomes a full row with its number; one inside a sentence a
// small button in its place.
function written(box, pieces, tap) {
  let line = [];
  const flush = () => { paragraphs(box, ...line); line = []; };
  pieces.forEach((piece, index) => {
    if (!piece.option) {
      line.push(piece.url ? el("a", { href: piece.url, rel: "noreferrer noopener", target: "_blank" }, piece.text) : piece.text);
      return;
    }
    const before = typeof line.at(-1) === "string" ? line.at(-1) : line.length ? "x" : "";
    const start = /(^|\n)(\s*\d*[.、．]?\s*)$/.exec(before);
    const next = pieces[index + 1];
    if (start && (!next || /^\s*(\n|$)/.test(next.text))) {
      if (line.length) line[line.length - 1] = before.slice(0, start.index);
      flush();
      box.append(row(start[2].trim() ? `${start[2].trim()} ${piece.text}` : piece.text, piece.option, tap));
    } else {
      line.push(row(piece.text, piece.option, tap, "option inline"));
    }
  });
  flush();
}

function row(label, option, tap, look = "option") {
  const button = el("button", { type: "button", class: look }, label);
  button.addEventListener("click", () => tap(option));
  return button;
}

// Blank lines make paragraphs; the line that names the rule is set quietly.
function paragraphs(box, ...parts) {
  let here = null;
  const start = () => { here = el("p"); box.append(here); };
  for (const part of parts) {
    if (typeof part !== "string") {
      if (!here) start();
      here.append(part);
      continue;
    }
    part.split(/\n{2,}/).forEach((text, index) => {
      if (index > 0) here = null;
      const bare = here ? text : text.replace(/^\n+/, "");
      if (!bare.trim()) return;
      if (!here) start();
      here.append(bare);
    });
  }
  for (const made of box.querySelectorAll("p")) {
    if (made.textContent.startsWith("依据：")) made.classList.add("source");
    if (made.lastChild?.nodeType === Node.TEXT_NODE) made.lastChild.data = made.lastChild.data.trimEnd();
  }
}
