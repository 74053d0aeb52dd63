// Before the first paint: whoever reads in large type sees large type at once, and nothing jumps.
try {
  const asked = new URLSearchParams(location.search).get("elder");
  if (asked === "1" || (asked === null && localStorage.getItem("jiuzhutong.large") === "\"yes\"")) {
    document.documentElement.classList.add("large");
  }
} catch { /* a browser that keeps nothing */ }
