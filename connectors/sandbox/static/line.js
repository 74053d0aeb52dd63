// The small log beside the phone: what travelled between the platform and the account, readable by an engineer.
import { el } from "./bubbles.js";

const $ = (id) => document.getElementById(id);
const EXACT = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hour12: false,
});
const UNTIL = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false,
});
const MODES = { secure: "密文", compatible: "明文加密文", plain: "明文" };
const KEPT = 300;
const CALLS = {
  "message/custom/send": "客服消息", "messages/reply": "私信回复", "message/subscribe/send": "订阅通知", "message/template/send": "模板消息",
  "message/custom/typing": "输入状态", stable_token: "取访问凭证", token: "取访问凭证（旧）",
  "media/upload": "上传素材", "media/get": "取素材", "openapi/quota/get": "查调用额度", clear_quota: "清调用额度",
};

function title(entry) {
  if (entry.what === "push") return `推送 · ${entry.title}`;
  if (entry.what === "call") return CALLS[entry.title] ?? entry.title;
  return entry.title;
}

function about(entry) {
  const { about: a } = entry;
  const words = [];
  if (entry.what === "push" && a.mode) words.push(`第 ${a.delivery} 次`, "已签名", MODES[a.mode], `${a.bytes} 字节`);
  if (entry.what === "answer") {
    if (a.delivery > 1 || !entry.good) words.push(`第 ${a.delivery} 次`);
    if (a.status) words.push(`HTTP ${a.status}`, `${a.bytes} 字节`);
    if (entry.ms !== null) words.push(entry.ms < 1000 ? `${Math.round(entry.ms)} 毫秒` : `${(entry.ms / 1000).toFixed(1)} 秒`);
  }
  if (entry.what === "call") {
    words.push(a.errcode === 0 ? "成功" : `错误码 ${a.errcode}`);
    if (a.left !== undefined) words.push(`还能发 ${a.left} 条`);
  }
  return words.join(" · ");
}

export function showTravelled(entry) {
  const list = $("travelled");
  const key = `t${entry.number}`;
  if (list.querySelector(`[data-number="${key}"]`)) return;
  // → to the account, ← back from it, · on the platform itself.
  const [sign, spoken, look] = { push: ["→", "发往公众号", "out"], answer: ["←", "公众号应答", "back"], call: ["←", "公众号调用", "back"], notice: ["·", "平台", "own"] }[entry.what];
  const item = el("li", { "data-number": key, class: `${look}${entry.good ? "" : " bad"}` });
  const arrow = el("span", { class: "sign", role: "img", "aria-label": spoken }, sign);
  item.append(arrow, el("span", { class: "title" }, title(entry)), el("time", { datetime: entry.at }, EXACT.format(new Date(entry.at))));
  const words = about(entry);
  if (words) item.append(el("span", { class: "about" }, words));
  if (entry.bare || entry.plain || entry.about.why || entry.about.id) item.append(details(entry));
  const near = list.scrollHeight - list.scrollTop - list.clientHeight < 120;
  list.append(item);
  while (list.children.length > KEPT) list.firstChild.remove();
  $("log-empty").hidden = true;
  if (near) list.scrollTop = list.scrollHeight;
}

// Filled when it is opened for the first time: nobody sees XML who did not ask for it.
function details(entry) {
  const box = el("details", {}, el("summary", {}, "看原文"));
  box.addEventListener("toggle", () => {
    if (box.children.length > 1) return;
    if (entry.about.id) box.append(el("p", {}, `编号 ${entry.about.id}`));
    if (entry.about.why) box.append(el("p", {}, `原因 ${entry.about.why}`));
    if (entry.bare && entry.bare !== entry.plain) box.append(el("p", {}, "线上"), el("pre", {}, entry.bare));
    if (entry.plain) box.append(el("p", {}, "明文"), el("pre", {}, entry.plain));
  });
  return box;
}

export function tellBudget({ left, until }) {
  const many = left < 1000 ? `还能主动发 ${left} 条` : "主动发不限条数";
  $("budget").textContent = until
    ? `账号${many}，到 ${UNTIL.format(new Date(until))} 为止；被动回复不算。`
    : "账号现在不能主动发消息，要等居民先开口。";
}
