// A click on a line of code says where the comment belongs. Without this script one writes it.
"use strict";
(() => {
  const section = document.querySelector("[data-commenting]");
  if (!section) return;
  const place = section.querySelector("#place");
  const number = section.querySelector("#line");
  const text = section.querySelector("#text");
  const bank = section.querySelector("#bank");
  const choose = (value) => {
    const option = Array.from(place.options).find((each) => each.value === value);
    if (option) place.value = value;
    return Boolean(option);
  };
  for (const listing of document.querySelectorAll("pre.code")) {
    const heading = listing.previousElementSibling;
    if (!heading) continue;
    listing.addEventListener("click", (event) => {
      const line = event.target.closest(".line");
      if (!line || String(window.getSelection())) return;
      if (!choose(`file:${heading.textContent}`)) return;
      number.value = Array.from(listing.querySelectorAll(".line")).indexOf(line) + 1;
      section.scrollIntoView({ block: "end" });
      text.focus();
    });
  }
  for (const figure of document.querySelectorAll("figure img")) {
    const title = figure.closest("figure").querySelector("figcaption code").textContent;
    figure.addEventListener("click", () => {
      if (choose(`figure:${title}`)) text.focus();
    });
  }
  bank?.addEventListener("change", () => {
    const [points, ...words] = bank.value.split(":");
    text.value = words.join(":");
    section.querySelector("form:last-of-type #points").value = points === "0" ? "" : points;
    bank.value = "";
    text.focus();
  });
})();
