// Comfort on the scoring page, which is complete without it: counts as you go, a word before leaving with
// unsaved answers, and the same place after saving.
"use strict";

const form = document.querySelector("[data-scorecard]");

const isAnswered = (cell) => {
  const groups = new Set([...cell.querySelectorAll('input[type="radio"]')].map((radio) => radio.name));
  return [...groups].every((name) => form.elements[name].value !== "");
};

const count = () => {
  const cells = [...form.querySelectorAll("[data-cell]")];
  const answered = cells.filter(isAnswered);
  for (const place of document.querySelectorAll("[data-answered]")) place.textContent = answered.length;
  for (const place of document.querySelectorAll(".progress__count[data-section]")) {
    const own = (cell) => cell.dataset.section === place.dataset.section;
    const [done, all] = [answered.filter(own).length, cells.filter(own).length];
    place.textContent = `${done}/${all}`;
    const bar = place.closest("li").querySelector("progress");
    bar.value = done;
    bar.setAttribute("aria-label", `${done} of ${all} answered`);
  }
};

let isChanged = document.querySelector("[data-unsaved]") !== null;

form.addEventListener("change", count);
form.addEventListener("input", () => {
  isChanged = true;
  form.querySelector("[data-saved]").textContent = "unsaved changes";
});
form.addEventListener("submit", () => {
  isChanged = false;
  sessionStorage.setItem("scorecard-place", `${location.pathname} ${window.scrollY}`);
});
window.addEventListener("beforeunload", (event) => {
  if (isChanged) event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    form.requestSubmit(form.querySelector('.save-bar [value="save"]'));
  }
});

const [path, height] = (sessionStorage.getItem("scorecard-place") || "").split(" ");
sessionStorage.removeItem("scorecard-place");
const problems = document.querySelector(".errors");
if (problems) problems.focus();
else if (path === location.pathname && !location.hash) window.scrollTo(0, Number(height));
