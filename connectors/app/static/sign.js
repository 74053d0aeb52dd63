// Signing the consent to the economic check: by finger or mouse, or with the name typed and a tick, for whoever cannot draw.
import { Refused, call, newKey } from "./api.js";
import { $, button, el, show } from "./dom.js";

const INK = "#1B1F24";
const HEIGHT = 220;

export async function showSign({ done }) {
  const body = $("sign-body");
  body.replaceChildren(el("p", { role: "status" }, "正在取要签的内容…"));
  let asked;
  try {
    asked = (await call("signature")).to_sign;
  } catch {
    return void body.replaceChildren(el("p", { role: "alert" }, "现在没取到要签的内容。"), button("再试一次", () => showSign({ done }), { class: "main" }));
  }
  if (!asked) return void body.replaceChildren(el("p", {}, "现在没有要签的。"), button("返回谈话", done, { class: "main" }));
  body.replaceChildren(...page(asked, done));
}

function page(asked, done) {
  const pad = drawing();
  const sent = { png: "", key: "" };
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const name = el("input", { id: "sign-name", maxlength: 20, autocomplete: "name" });
  const tick = el("input", { type: "checkbox", id: "sign-tick" });
  const undo = button("退一笔", pad.undo);
  const clear = button("重写", pad.clear);
  const send = button("签好了，同意", sign, { class: "main" });

  async function sign() {
    const typed = name.value.trim();
    if (!pad.drawn() && !typed) return show(problem, "请在框里写上名字，或者在下面打上名字。");
    if (!pad.drawn() && !tick.checked) return show(problem, "请在“我本人同意”前面打勾。");
    show(problem, "");
    send.disabled = true;
    const png = (pad.drawn() ? pad.canvas : written(typed)).toDataURL("image/png").split(",")[1];
    try {
      const { draft, consent, sha256 } = asked;
      if (sent.png !== png) Object.assign(sent, { png, key: newKey() });
      await call("signatures", { method: "POST", json: { draft, consent, sha256, png }, key: sent.key });
      done();
    } catch (error) {
      send.disabled = false;
      if (error instanceof Refused && ["text_changed", "nothing_to_sign"].includes(error.code)) return showSign({ done });
      show(problem, error instanceof Refused ? error.message : "没发出去，您写的还在。请看看网络，再点一次。");
    }
  }

  return [
    el("h3", {}, asked.title),
    el("p", { class: "paper-text", tabindex: "0", role: "region", "aria-label": "要签的内容" }, asked.text),
    el("p", { class: "quiet" }, `这份内容是 ${asked.version} 写的。签了以后也可以收回。`),
    el("p", { id: "pad-words" }, "同意的话，请用手指在框里写您的名字："),
    pad.box,
    el("div", { class: "pair" }, undo, clear),
    el("details", { class: "basis" }, el("summary", {}, "不方便写字？打上名字也行"),
      el("div", { class: "column" }, el("label", { for: "sign-name" }, "您的名字"), name,
        el("label", { class: "tick" }, tick, el("span", {}, "我本人同意上面写的内容")))),
    problem, send, button("先不签，返回谈话", done),
  ];
}

function drawing() {
  const canvas = el("canvas", { role: "img", "aria-label": "签名框，用手指或鼠标写；不方便写，下面可以打上名字" });
  const hint = el("span", { class: "hint", "aria-hidden": "true" }, "在这里写");
  const box = el("div", { class: "pad" }, canvas, hint);
  const strokes = [];
  let stroke = null;

  function paint() {
    const scale = 2;
    const width = canvas.clientWidth || 320;
    canvas.width = width * scale;
    canvas.height = HEIGHT * scale;
    const brush = canvas.getContext("2d");
    brush.scale(scale, scale);
    brush.fillStyle = "#fff";
    brush.fillRect(0, 0, width, HEIGHT);
    Object.assign(brush, { strokeStyle: INK, fillStyle: INK, lineWidth: 4, lineCap: "round", lineJoin: "round" });
    for (const points of strokes) {
      brush.beginPath();
      brush.moveTo(points[0][0], points[0][1]);
      for (const [x, y] of points) brush.lineTo(x, y);
      if (points.length === 1) brush.lineTo(points[0][0] + 0.1, points[0][1]);
      brush.stroke();
    }
    hint.hidden = strokes.length > 0;
  }
  const where = (event) => {
    const frame = canvas.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  };
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    stroke = [where(event)];
    strokes.push(stroke);
    paint();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) stroke.push(where(one));
    paint();
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { stroke = null; });
  new ResizeObserver(() => { if (canvas.clientWidth * 2 !== canvas.width) paint(); }).observe(box);
  return {
    canvas, box,
    drawn: () => strokes.some((points) => points.length > 3),
    undo: () => { strokes.pop(); paint(); },
    clear: () => { strokes.length = 0; paint(); },
  };
}

// A typed name, as a picture like a drawn one.
function written(words) {
  const canvas = el("canvas", { width: 640, height: 160 });
  const brush = canvas.getContext("2d");
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, 640, 160);
  brush.fillStyle = INK;
  brush.font = `64px ${getComputedStyle(document.body).fontFamily}`;
  brush.textBaseline = "middle";
  brush.fillText(words, 24, 84, 592);
  return canvas;
}
