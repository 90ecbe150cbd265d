// Marks by keyboard, saves by itself, and shows the next answer without loading a page. Without this
// script the same forms and links do it all.
"use strict";
(() => {
  const root = document.querySelector("[data-marking]");
  if (!root) return;
  const announce = document.querySelector("[data-announce]");
  const keys = document.querySelector("[data-keys]");
  const quick = document.querySelector("[data-quick]");
  const SAVE_MS = 600;
  const RENEW_MS = 4 * 60 * 1000; // a claim lasts 15 minutes
  let timer = 0;
  let dirty = false;
  let moving = false; // while the next answer is under way, keys are not for this one
  let trouble = false; // what was entered was not taken, so nobody may go on without seeing why
  let sent = Promise.resolve();

  const find = (selector) => root.querySelector(selector);
  const form = () => find("[data-form]");
  const say = (text) => { announce.textContent = text; };
  const told = (text) => {
    const saved = find("[data-saved]");
    if (saved) saved.textContent = text;
    say(text);
  };

  // The switch for single keys, for those whom they disturb: remembered in this browser.
  document.querySelector("[data-keys-switch]").hidden = false;
  for (const [box, name] of [[keys, "marking-keys"], [quick, "marking-quick"]]) {
    const kept = localStorage.getItem(name);
    if (kept !== null) box.checked = kept === "on";
    box.addEventListener("change", () => localStorage.setItem(name, box.checked ? "on" : "off"));
  }

  const ask = (address, body) =>
    fetch(address, {
      method: body ? "POST" : "GET",
      headers: { "X-Part": "answer", Accept: "text/html" },
      body,
    });
  const entered = (then) => {
    const data = new URLSearchParams(new FormData(form()));
    data.set("then", then);
    return data;
  };
  const total = () => {
    const points = find("#points");
    const boxes = Array.from(root.querySelectorAll("[data-item]"));
    if (!points || !boxes.length) return;
    const worth = boxes.filter((box) => box.checked).map((box) => Number(box.dataset.worth));
    points.placeholder = String(Math.round(worth.reduce((a, b) => a + b, 0) * 1e6) / 1e6);
  };

  const show = (html, address) => {
    root.innerHTML = html;
    dirty = false;
    if (address && address !== window.location.pathname + window.location.search) {
      window.history.pushState({}, "", address);
    }
    find("[data-heading]").focus({ preventScroll: true });
    window.scrollTo({ top: Math.min(window.scrollY, root.offsetTop) });
    const problem = find("[data-problem], [data-held]");
    say(problem ? problem.textContent : find("[data-progress]").textContent);
    document.dispatchEvent(new CustomEvent("answer-shown"));
  };

  // Of an answer that stays, only what was saved changes, so that nobody loses the place where they write.
  const refresh = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const name of ["[data-saved]", "[data-progress]", ".bar"]) {
      const fresh = page.querySelector(name);
      const there = find(name);
      if (fresh && there) there.replaceWith(fresh);
    }
    const seen = page.querySelector("[name=seen]");
    if (seen && form()) form().elements.seen.value = seen.value;
    const until = page.querySelector("[data-until]");
    if (until && form()) form().dataset.until = until.dataset.until;
    say(find("[data-saved]").textContent);
  };

  const failed = (error) => {
    moving = false;
    trouble = true;
    dirty = true;
    const why = (error.message || "the server cannot be reached").replace(/\.$/, "");
    told(`Not saved: ${why}. What you entered is still here; try again.`);
  };
  const read = async (response) => {
    const html = await response.text();
    if (html.includes("<html")) {
      const page = new DOMParser().parseFromString(html, "text/html");
      throw new Error(page.querySelector("main p")?.textContent || "the server cannot answer");
    }
    return html;
  };

  // Whoever has signed in again, in another tab, has another token for the forms of this page.
  const renewToken = async () => {
    const address = new URL(window.location.href);
    address.searchParams.set("window", root.dataset.window); // else it would be another window's
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const csrf = page.querySelector("[data-marking]")?.dataset.csrf;
    if (!csrf || csrf === root.dataset.csrf) return false;
    // Its first part says whose it is: what one person entered is never saved as another's.
    if (csrf.split(".")[0] !== root.dataset.csrf.split(".")[0]) return false;
    root.dataset.csrf = csrf;
    for (const each of root.querySelectorAll("[name=csrf]")) each.value = csrf;
    return true;
  };

  // One request after the other: each says which mark it has seen.
  const post = (address, body, stays) => {
    sent = sent.then(async () => {
      const form_ = form();
      if (form_ && body.has("seen")) body.set("seen", form_.elements.seen.value);
      let response = await ask(address, body);
      if (response.status === 403 && await renewToken()) {
        body.set("csrf", root.dataset.csrf);
        response = await ask(address, body);
      }
      const html = await read(response);
      trouble = stays && response.status !== 200;
      if (stays && response.status === 200) {
        refresh(html);
      } else if (stays && response.status === 422) {
        const page = new DOMParser().parseFromString(html, "text/html");
        told(page.querySelector("[data-problem]").textContent.trim());
        dirty = true;
      } else {
        show(html, response.headers.get("X-Address"));
      }
      moving = false;
    }).catch(failed);
    return sent;
  };

  const save = () => {
    clearTimeout(timer);
    if (!dirty || !form()) return;
    dirty = false;
    post(form().action, entered("stay"), true);
  };
  const move = (then) => {
    if (moving || !form() || form().querySelector("fieldset").disabled) return;
    clearTimeout(timer);
    moving = true;
    post(form().action, entered(then), false);
  };
  const visit = (link) => {
    if (moving || !link) return;
    trouble = false;
    save();
    moving = true;
    sent = sent.then(async () => {
      if (trouble) {
        moving = false;
        return;
      }
      const response = await ask(link.href);
      show(await read(response), response.headers.get("X-Address"));
      moving = false;
    }).catch(failed);
  };
  const undo = () => {
    const undoing = find("[data-undo]");
    if (moving || !undoing) return;
    save();
    moving = true;
    post(undoing.action, new URLSearchParams(new FormData(undoing)), false);
  };

  const changed = (event) => {
    if (!event.target.closest("[data-form]")) return;
    dirty = true;
    total();
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_MS);
  };
  root.addEventListener("input", changed);
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.target.matches("[data-undo]")) {
      undo();
      return;
    }
    const then = event.submitter ? event.submitter.value : "next";
    if (then === "stay") {
      dirty = true;
      save();
    } else {
      move(then);
    }
  });
  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-before], [data-after], [data-next]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    visit(link);
  });

  const tick = (digit) => {
    const boxes = root.querySelectorAll("[data-item]");
    const box = boxes[digit - 1];
    if (!box || moving || box.closest("fieldset").disabled) return;
    if (!quick.checked) {
      box.click();
      return;
    }
    for (const each of boxes) each.checked = each === box;
    find("#points").value = "";
    move("next");
  };
  const next = () => {
    if (form() && !form().querySelector("fieldset").disabled && dirty) move("next");
    else visit(find("[data-next]"));
  };
  const ACTIONS = {
    n: next,
    f: () => move("full"),
    z: () => move("zero"),
    u: undo,
    p: () => visit(find("[data-before]")),
    x: () => visit(find("[data-after]")),
    e: () => find("#points")?.focus(),
    c: () => find("#comment")?.focus(),
    o: () => find("[data-file]")?.click(),
    q: () => { quick.click(); say(quick.checked ? "A digit marks and goes on" : "A digit ticks"); },
  };
  document.addEventListener("keydown", (event) => {
    const field = event.target.matches("textarea, select, input:not([type=checkbox])");
    if (field) {
      if (event.key === "Escape") {
        event.target.blur();
        find("[data-heading]").focus({ preventScroll: true });
      } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        move("next");
      }
      return;
    }
    if (!keys.checked || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const action = /^[1-9]$/.test(event.key) ? () => tick(Number(event.key)) : ACTIONS[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  });

  setInterval(async () => {
    if (!form() || find("[data-held]")) return;
    const body = new URLSearchParams({ csrf: root.dataset.csrf, window: root.dataset.window, names: root.dataset.names });
    try {
      const response = await fetch(form().dataset.renew, { method: "POST", body });
      const held = await response.json();
      if (held.mine) form().dataset.until = held.until;
      else told(`${held.who} is marking this answer now, because your own claim of it ran out.`);
    } catch { /* the next one may be heard */ }
  }, RENEW_MS);
  window.addEventListener("pagehide", () => {
    if (dirty && form()) navigator.sendBeacon(form().action, entered("stay"));
    if (!form()) return;
    const { csrf, window: name } = root.dataset;
    const body = new URLSearchParams({ csrf, window: name, until: form().dataset.until });
    navigator.sendBeacon(root.dataset.leave, body);
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
  window.addEventListener("popstate", () => window.location.reload());
  document.documentElement.dataset.markingReady = "yes";
})();
