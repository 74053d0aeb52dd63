// How far each application is, on a page of its own.
import { Refused, call } from "./api.js";
import { $, button, dateOf, el } from "./dom.js";

const skeleton = () => el("div", { class: "skeleton", "aria-hidden": "true" }, el("i"), el("i"));

export async function showCases({ ask }) {
  const body = $("cases-body");
  body.replaceChildren(skeleton(), el("p", { class: "unseen" }, "正在取"));
  try {
    const { cases } = await call("cases");
    if (!cases.length) return void body.replaceChildren(none(ask));
    const full = await Promise.all(cases.map((one) => call(`cases/${encodeURIComponent(one.id)}`)));
    body.replaceChildren(...full.map(card));
  } catch (error) {
    body.replaceChildren(error instanceof Refused && error.status === 403 ? stranger(ask) : away(ask));
  }
}

const none = (ask) => el("div", { class: "column" },
  el("p", {}, "您还没有交过申请。交了以后，这里能看到办到哪一步。"),
  button("我要申请", () => ask("我要申请"), { class: "main" }));

const stranger = (ask) => el("div", { class: "column" },
  el("p", {}, "这里还不知道您是谁，先不能列出来。"),
  el("p", {}, "点“查进度”，核对两样信息，就能看到办到哪一步。"),
  button("查进度", () => ask("查进度"), { class: "main" }));

const away = (ask) => el("div", { class: "column" },
  el("p", { role: "alert" }, "现在没取到。您的申请还在，不受影响。"),
  button("再试一次", () => showCases({ ask }), { class: "main" }));

function card({ case: one, text, timeline }) {
  const title = el("h3", {}, one.programme);
  const lines = el("div", { class: "column" },
    el("p", {}, el("span", { class: "state-pill" }, one.state_name)),
    el("p", { class: "quiet" }, `编号 ${one.number}${one.who ? ` · 现在在${one.who}` : ""}`));
  if (one.due) lines.append(el("p", {}, `这一步最晚到 ${dateOf(`${one.due}T12:00:00+08:00`)}。`));
  const steps = el("ol", { class: "steps", "aria-label": "办到哪一步" }, ...timeline.map((step, index) => el("li", { "aria-current": index === timeline.length - 1 && "step" },
    el("strong", {}, step.state_name),
    el("p", { class: "quiet" }, el("time", { datetime: step.at }, dateOf(step.at))),
    ...(step.text ? [el("p", {}, `为什么：${step.text}`)] : []))));
  const said = el("details", { class: "basis" }, el("summary", {}, "完整说明"), el("p", { class: "words" }, text));
  return el("article", { class: "case" }, title, lines, steps, said);
}
