// The page of one homework: an editor, the public checks, download, hand in.

import { handIn, reason } from "./hand_in.js";
import { Keep } from "./keep.js";
import { Ended, Python } from "./python.js";

const $ = (id) => document.getElementById(id);
const settings = JSON.parse($("settings").textContent);
const code = `${settings.homework}.py`;
const keep = new Keep(settings);
let editor = { text: () => $("plain").value, put: (text) => { $("plain").value = text; } };
let python = null;
let starter = "";
let running = false;

function trouble(text) {
  $("trouble").textContent = text;
  $("trouble").hidden = !text;
}

const files = () => ({ [code]: editor.text(), "answers.md": $("answers")?.value ?? "" });

function keepAll() {
  const good = keep.write(files());
  $("kept").textContent = good
    ? "It is kept in this browser as you type."
    : "This browser cannot keep it: download it before you leave.";
}

// A richer editor in place of the text area, which stays where it cannot be had.
async function enrich() {
  const cm = await import("./codemirror.js");
  const view = new cm.EditorView({
    doc: $("plain").value,
    parent: $("code"),
    extensions: [
      cm.basicSetup,
      cm.keymap.of([cm.indentWithTab]),
      cm.indentUnit.of("    "),
      cm.python(),
      cm.EditorView.contentAttributes.of({
        "aria-labelledby": "code-title",
        "aria-describedby": "code-help",
      }),
      cm.EditorView.updateListener.of((update) => {
        if (update.docChanged) keepAll();
      }),
    ],
  });
  $("plain").remove();
  editor = {
    text: () => view.state.doc.toString(),
    put: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
  };
}

function busy(on) {
  running = on;
  $("check").disabled = on;
  $("download").disabled = on;
  $("send").disabled = on;
  $("stop").hidden = !on;
}

function told(message) {
  if (message.kind === "stage") {
    $("status").textContent = message.text;
  } else if (message.kind === "checks") {
    $("live").replaceChildren();
    $("status").textContent = `0 of ${message.titles.length} checks have ended.`;
    $("status").dataset.of = message.titles.length;
    $("status").dataset.next = JSON.stringify(message.titles);
  } else if (message.kind === "ended") {
    const line = document.createElement("li");
    line.textContent = `${message.sign} ${message.title}`;
    $("live").append(line);
    $("status").textContent = `${$("live").children.length} of ${$("status").dataset.of} checks have ended.`;
  }
}

// The check during which the worker was ended.
function current() {
  const titles = JSON.parse($("status").dataset.next ?? "[]");
  return titles[$("live").children.length];
}

function show(result) {
  $("live").replaceChildren();
  $("result").hidden = false;
  if (result.problem !== undefined) {
    $("result").textContent = result.problem;
  } else {
    $("result").innerHTML = result.html; // made by our own code, which escapes all text
  }
  $("figures").replaceChildren(...(result.figures ?? []).map(figure));
  $("status").textContent = result.passed ? "All public checks pass." : "The checks have ended.";
  $("result").focus();
}

function figure({ title, png }) {
  const frame = document.createElement("figure");
  const picture = document.createElement("img");
  picture.src = `data:image/png;base64,${png}`;
  picture.alt = `Your figure: ${title}`;
  const caption = document.createElement("figcaption");
  caption.textContent = title;
  frame.append(picture, caption);
  return frame;
}

async function asked(message) {
  busy(true);
  trouble("");
  try {
    return await python.ask(message);
  } catch (error) {
    const during = error instanceof Ended ? current() : undefined;
    $("status").textContent = "";
    trouble(during ? `In “${during}”: ${error.message}` : error.message);
    if (!(error instanceof Ended)) python.end("");
    return null;
  } finally {
    busy(false);
  }
}

async function check() {
  $("result").hidden = true;
  $("figures").replaceChildren();
  delete $("status").dataset.next;
  $("status").textContent = "Starting.";
  const result = await asked({ kind: "check", homework: settings.homework, files: files() });
  if (result) show(result);
}

const zipped = () => asked({ kind: "archive", homework: settings.homework, files: files() });

function save(name, parts, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

async function download() {
  const zip = await zipped();
  if (zip) {
    save(`${settings.homework}.zip`, [zip], "application/zip");
  } else {
    // Without Python there is no zip, and nothing may be lost.
    save(code, [editor.text()], "text/x-python");
  }
}

function startOver() {
  if (!confirm("Put the starter back? What you wrote here is removed; download it first.")) return;
  keep.forget();
  editor.put(starter);
  if ($("answers")) $("answers").value = "";
  keepAll();
}

// A browser may keep no storage for pages; then the token is asked for again.
function rememberedToken() {
  try {
    return sessionStorage.getItem(settings.server) ?? "";
  } catch {
    return "";
  }
}

function rememberToken(token) {
  try {
    sessionStorage.setItem(settings.server, token);
  } catch {
    // See above.
  }
}

async function send(event) {
  event.preventDefault();
  const token = $("token").value.trim();
  rememberToken(token);
  const zip = await zipped();
  if (!zip) return;
  const tell = (text, page) => {
    const link = document.createElement("a");
    link.href = page;
    link.textContent = "Your result";
    $("receipt").replaceChildren(`${text} `, ...(/^https?:/.test(page ?? "") ? [link] : []));
  };
  busy(true);
  try {
    await handIn(settings.server, settings.homework, token, zip, tell);
  } catch (error) {
    tell(`${reason(error, settings.server)} Nothing was confirmed: try again, or download the zip and hand it in on the course's page.`);
  } finally {
    busy(false);
  }
}

// The result's colours go by the mark that notebooks put on their pages.
function followScheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const mark = () => { document.documentElement.dataset.theme = dark.matches ? "dark" : "light"; };
  dark.addEventListener("change", mark);
  mark();
}

async function begin() {
  followScheme();
  // Where there is no room for both, the work comes first.
  if (!matchMedia("(min-width: 64rem)").matches) document.querySelector(".handout").open = false;
  if (location.protocol === "file:") {
    trouble("Open this page from a web server; a browser runs no Python from a file. In its folder: python -m http.server");
    return;
  }
  const answer = await fetch(settings.starter);
  if (!answer.ok) throw new Error(`${settings.starter} is not there (${answer.status}).`);
  starter = await answer.text();
  const kept = keep.read();
  editor.put(kept?.files?.[code] ?? starter);
  if ($("answers")) $("answers").value = kept?.files?.["answers.md"] ?? "";
  if (kept && kept.starter !== settings.starterHash) {
    trouble("The course changed the starter since you began. What you wrote is kept; compare it with the new one, which “Start over” puts here.");
  }
  await enrich().catch(() => {});
  keepAll();
  $("plain")?.addEventListener("input", keepAll);
  $("answers")?.addEventListener("input", keepAll);
  $("check").addEventListener("click", check);
  $("stop").addEventListener("click", () => python.end("Stopped."));
  $("download").addEventListener("click", download);
  $("reset").addEventListener("click", startOver);
  if (settings.server) {
    $("hand-in").hidden = false;
    $("server").textContent = settings.server;
    $("token").value = rememberedToken();
    $("hand-in").addEventListener("submit", send);
  }
  python = new Python(settings, told);
  python.ready.then(
    () => { if (!running) $("status").textContent = "Ready."; },
    (error) => trouble(`Python could not be loaded: ${error.message} You can still write and download.`),
  );
}

begin().catch((error) => trouble(`This page could not be loaded: ${error.message}`));
