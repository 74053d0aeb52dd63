// Where somebody is, chosen from the list of divisions this service has. The phone's position is not asked for: to make a
// name of it, it would have to be sent to somebody else.
import { el, show } from "./dom.js";

const LEVELS = ["省、自治区、直辖市", "市、州（直辖市选区）", "区、县"];
const known = new Map();

async function below(code) {
  if (!known.has(code)) {
    const answer = await fetch(`places?of=${encodeURIComponent(code)}`);
    if (!answer.ok) throw new Error(`places ${answer.status}`);
    known.set(code, (await answer.json()).places);
  }
  return known.get(code);
}

export function startPlaces($, send) {
  const fields = $("placing-fields");
  const chosen = () => [...fields.querySelectorAll("select")].filter((one) => one.value);

  let asked = 0;
  async function offer(level, code) {
    const mine = ++asked;
    while (fields.children.length > level) fields.lastElementChild.remove();
    if (level >= LEVELS.length || !code) return;
    try {
      const places = await below(code);
      if (!places.length || mine !== asked) return;
      const select = el("select", { id: `placing-${level}` }, el("option", { value: "" }, "请选"));
      for (const one of places) select.append(el("option", { value: one.code }, one.name));
      select.addEventListener("change", () => offer(level + 1, select.value));
      fields.append(el("div", {}, el("label", { for: select.id }, LEVELS[level]), select));
      show($("placing-problem"), "");
    } catch {
      show($("placing-problem"), "地名表没取到。请在下面写出来，比如“武汉市洪山区”。");
    }
  }

  $("placing-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const names = chosen().map((one) => one.selectedOptions[0].textContent);
    const words = names.join("") + $("placing-more").value.trim();
    if (!words) return show($("placing-problem"), "请选一个地方，或者写出来。");
    $("placing").close();
    $("placing-more").value = "";
    send(words);
  });
  return () => { if (!fields.children.length) offer(0, "000000"); };
}
