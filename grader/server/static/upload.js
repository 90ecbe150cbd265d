// Files and folders can be dropped on the form. Without this script the file chooser does it all.
"use strict";
const begin = () => {
  const area = document.querySelector("[data-drop]");
  if (!area) return;
  const form = area.closest("form");
  const input = area.querySelector("input[type=file]");
  const list = area.querySelector("[data-chosen]");
  const hint = area.querySelector("[data-drop-hint]");
  hint.hidden = false;
  let dropped = null; // of a folder: files with their paths, which an <input> cannot hold

  const show = (names) => {
    list.replaceChildren(
      ...names.slice(0, 50).map((name) => {
        const item = document.createElement("li");
        item.textContent = name;
        return item;
      }),
    );
    if (names.length > 50) list.append(`and ${names.length - 50} more`);
  };
  input.addEventListener("change", () => {
    dropped = null;
    show(Array.from(input.files, (file) => file.name));
  });

  const entriesOf = (reader) =>
    new Promise((resolve, reject) => reader.readEntries(resolve, reject));
  const filesOf = async (entry, path, found) => {
    if (entry.isFile) {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
      found.push([path + entry.name, file]);
    } else if (entry.isDirectory) {
      const reader = entry.createReader();
      for (let some = await entriesOf(reader); some.length; some = await entriesOf(reader)) {
        for (const each of some) await filesOf(each, `${path}${entry.name}/`, found);
      }
    }
  };

  for (const name of ["dragenter", "dragover"]) {
    area.addEventListener(name, (event) => {
      event.preventDefault();
      area.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    area.addEventListener(name, () => area.classList.remove("over"));
  }
  area.addEventListener("drop", async (event) => {
    event.preventDefault();
    const entries = Array.from(event.dataTransfer.items, (item) => item.webkitGetAsEntry()).filter(Boolean);
    const found = [];
    for (const entry of entries) await filesOf(entry, "", found);
    if (found.every(([path]) => !path.includes("/"))) {
      const transfer = new DataTransfer();
      for (const [, file] of found) transfer.items.add(file);
      input.files = transfer.files;
      dropped = null;
    } else {
      dropped = found;
      input.required = false;
    }
    show(found.map(([path]) => path));
  });

  form.addEventListener("submit", async (event) => {
    const button = form.querySelector("button[type=submit]");
    if (button.disabled) {
      event.preventDefault();
      return;
    }
    if (!dropped) {
      setTimeout(() => { button.disabled = true; });
      return;
    }
    event.preventDefault();
    button.disabled = true;
    const data = new FormData(form);
    data.delete(input.name);
    for (const [path, file] of dropped) data.append(input.name, file, path);
    try {
      const response = await fetch(form.action, { method: "POST", body: data });
      if (response.redirected) {
        window.location.assign(response.url);
        return;
      }
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      document.querySelector("main").replaceWith(page.querySelector("main"));
      begin(); // the form is another one now
    } catch {
      button.disabled = false;
      const told = document.createElement("li");
      told.textContent = "Nothing was sent: the server cannot be reached. Your files are still chosen; try again.";
      list.prepend(told);
    }
  });
};
begin();
window.addEventListener("pageshow", () => {
  const button = document.querySelector("form.hand-in button[type=submit]");
  if (button) button.disabled = false; // back from the next page
});
