// What arrives: a stream while the network lets one through, else asking again and again. `after()` is the number of the last
// message that was seen, so nothing is lost and nothing comes twice, whichever way it comes.
import { Away, Refused, call } from "./api.js";

const FIRST_WORD = 8000;
// The state is sent at once: a stream without a word is held up by a proxy on the way.
const SILENCE = 40_000;
// A beat comes every 15 seconds.
const SLOWEST = 30_000;

export function startLine({ after, message, state, up, down }) {
  let pause = 0;
  let polls = typeof ReadableStream === "undefined" || typeof TextDecoder === "undefined";
  let wakes = () => {};
  let current = null;

  let hurry = false;

  // Until so long has passed, or somebody has reason to hurry.
  async function rest(ms) {
    if (!hurry) {
      await new Promise((done) => {
        const timer = setTimeout(done, ms);
        wakes = () => { clearTimeout(timer); done(); };
      });
    }
    hurry = false;
  }

  async function catchUp() {
    for (;;) {
      const told = await call(`messages?after=${after()}&limit=200`);
      told.messages.forEach(message);
      state(told.state);
      if (!told.more) return;
    }
  }

  async function stream() {
    current = new AbortController();
    const answer = await call(`stream?after=${after()}`, { signal: current.signal, accept: "text/event-stream" });
    if (!answer.body?.getReader) { polls = true; return; }
    const reader = answer.body.getReader();
    const decoder = new TextDecoder();
    let kept = "";
    let heard = false;
    for (;;) {
      let timer;
      const late = new Promise((_, fail) => { timer = setTimeout(() => fail(new Away()), heard ? SILENCE : FIRST_WORD); });
      let part;
      try {
        part = await Promise.race([reader.read(), late]);
      } catch (error) {
        reader.cancel().catch(() => {});
        if (!heard && !current.signal.aborted && navigator.onLine) polls = true;
        throw error;
      } finally {
        clearTimeout(timer);
      }
      if (part.done) return;
      if (!heard) { heard = true; pause = 0; up(); }
      kept += decoder.decode(part.value, { stream: true }).replace(/\r\n?/g, "\n");
      const events = kept.split("\n\n");
      kept = events.pop();
      events.forEach(take);
    }
  }

  function take(block) {
    const fields = { event: "message", data: [] };
    for (const line of block.split("\n")) {
      const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
      if (name === "data") fields.data.push(value);
      else if (name) fields[name] = value;
    }
    if (!fields.data.length) return;
    const data = JSON.parse(fields.data.join("\n"));
    if (fields.event === "message") message(data);
    if (fields.event === "state") state(data);
  }

  async function run() {
    for (;;) {
      try {
        if (polls) {
          await catchUp();
          pause = 0;
          up();
          await rest(document.hidden ? 20_000 : 2500);
        } else {
          await stream();
          await rest(300);
        }
      } catch (error) {
        pause = Math.min(SLOWEST, Math.max(1000, pause * 2, (error.seconds ?? 0) * 1000));
        down(error instanceof Refused ? error : null);
        await rest(pause * (0.75 + Math.random() / 2));
      }
    }
  }

  const wake = () => { hurry = true; pause = 0; wakes(); };
  // A line that was open before the network changed may be dead and not know it.
  const again = () => { current?.abort(); wake(); };
  addEventListener("online", again);
  addEventListener("offline", () => { current?.abort(); down(null); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && polls) wake(); });
  run();
  return { again };
}
