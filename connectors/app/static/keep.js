// All that stays on this device between two visits, under one prefix, so that one act forgets it. A browser that keeps
// nothing (private windows, embedded pages) has it until the page is closed.
const PREFIX = "jiuzhutong.";
const unkept = new Map();

export function keep(name, value) {
  unkept.delete(name);
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    unkept.set(name, value);
  }
}

export function recall(name, otherwise = null) {
  if (unkept.has(name)) return unkept.get(name) ?? otherwise;
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

// The size of type stays: it says nothing about anybody, and whoever needs it should not have to look for it again.
export function forget() {
  unkept.clear();
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(PREFIX) && name !== `${PREFIX}large`) localStorage.removeItem(name);
    }
  } catch { /* nothing was kept */ }
}

// Another tab of this page changed what is kept.
export function onChange(name, tell) {
  addEventListener("storage", (event) => { if (event.key === PREFIX + name) tell(); });
}
