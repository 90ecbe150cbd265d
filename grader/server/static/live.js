// Shows checks as they end. Without this script the page reloads itself every few seconds.
"use strict";
(() => {
  const section = document.querySelector("[data-live]");
  if (!section || !window.EventSource) return;
  const list = section.querySelector("[data-live-checks]");
  const state = section.querySelector("[data-live-state]");
  const source = new EventSource(section.dataset.live);
  const shown = new Set(Array.from(list.children, (item) => item.dataset.title));
  let passed = 0;
  const part = (name, text, className) => {
    const element = document.createElement(name);
    element.textContent = text;
    if (className) element.className = className;
    return element;
  };
  list.replaceChildren();
  shown.clear();
  source.addEventListener("check", (event) => {
    const check = JSON.parse(event.data);
    const item = document.createElement("li");
    const word = part("span", ` ${check.words}`, check.passed ? "good" : "bad");
    const sign = part("span", check.sign, "sign");
    sign.setAttribute("aria-hidden", "true");
    word.prepend(sign);
    item.append(word, " ", part("bdi", check.title));
    list.append(item);
    if (check.passed) passed += 1;
    const count = list.children.length;
    state.textContent = `${count} check${count === 1 ? "" : "s"} so far, ${passed} passed`;
  });
  source.addEventListener("started", () => {
    list.replaceChildren();
    passed = 0;
    state.textContent = "Being graded now";
  });
  source.addEventListener("waiting", (event) => {
    const ahead = JSON.parse(event.data).ahead;
    state.textContent = ahead ? `Waiting: ${ahead} before yours` : "Yours is next";
  });
  const end = () => {
    source.close();
    state.textContent = "Graded. The report is being loaded.";
    window.location.reload();
  };
  source.addEventListener("ended", end);
  // A connection that broke is made again by the browser; one that was refused is not.
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) {
      state.textContent = "Checks do not appear here any more. Load the page again.";
    }
  });
})();
