// Brings a part of the page up to date every few seconds, while nobody is in it.
"use strict";
(() => {
  const part = document.querySelector("[data-again]");
  if (!part || !window.DOMParser) return;
  const renew = async () => {
    if (document.hidden || part.contains(document.activeElement)) return;
    if (String(window.getSelection())) return;
    try {
      const answer = await fetch(window.location.href, { headers: { accept: "text/html" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-again]");
      if (!fresh) {
        window.location.reload(); // what was waited for has ended
      } else if (!part.contains(document.activeElement)) {
        part.replaceChildren(...fresh.childNodes);
      }
    } catch {
      // The server is away; the next time may be better.
    }
  };
  window.setInterval(renew, 1000 * Number(part.dataset.again));
})();
