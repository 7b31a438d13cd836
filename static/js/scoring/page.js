// The scoring page, which is complete without any of this: here it saves by itself, takes keys, and shows what a score means.
import { answered, hasFigure, isAnswered } from "./fields.js";
import { watchEvidence } from "./evidence.js";
import { watchKeys } from "./keys.js";
import { watchReader } from "./reader.js";
import { watchResult } from "./result.js";
import { watchRisks } from "./risks.js";
import { Saver } from "./saver.js";
import { showAnchor } from "./anchors.js";

const form = document.querySelector("[data-scorecard]");
const saver = new Saver(form);
document.querySelector("[data-workspace]").dataset.scripted = "yes"; // what only those without a script need may step back

function count() {
  const cells = [...form.querySelectorAll("[data-cell]")];
  for (const place of document.querySelectorAll("[data-answered]")) place.textContent = answered(cells);
  for (const place of document.querySelectorAll(".progress__count[data-section]")) {
    const own = cells.filter((cell) => cell.dataset.section === place.dataset.section);
    const done = answered(own);
    place.textContent = `${done}/${own.length}`;
    const bar = place.closest("li").querySelector("progress");
    bar.value = done;
    bar.setAttribute("aria-label", `${done} of ${own.length} answered`);
  }
  for (const cell of cells) {
    cell.classList.toggle("cell--answered", isAnswered(cell));
    const grade = cell.querySelector("[data-grade]");
    if (grade) grade.disabled = !hasFigure(cell); // a grade belongs to a score: without one there is nothing to keep
  }
}

form.addEventListener("input", (event) => {
  const unit = event.target.closest("[data-unit]");
  if (!unit) return;
  const isTyping = event.target.matches("textarea");
  saver.changed(unit, { soon: !isTyping });
  if (!isTyping) count();
});
form.addEventListener("focusout", (event) => {
  if (event.target.matches("textarea")) saver.flush();
});

// A real form is sent only when all that it holds is saved, so that no answer of the network can cost a word.
let isPassing = false;
form.addEventListener("submit", async (event) => {
  if (isPassing) return;
  event.preventDefault();
  const { submitter } = event;
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  const isSaved = await saver.settled();
  delete form.dataset.busy;
  if (!isSaved) return saver.explain();
  if (submitter?.matches("[data-plain]")) return;
  setTimeout(() => {
    isPassing = true; // only now: while this submission is still being told about, the browser refuses another
    form.requestSubmit(submitter);
  });
});
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]");
  if (!link || saver.isClean || saver.isStuck || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
  if (link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  if (await saver.settled()) location.assign(link.href);
  else saver.explain();
});
window.addEventListener("beforeunload", (event) => {
  if (!saver.isClean && !isPassing) event.preventDefault();
});
window.addEventListener("pagehide", () => saver.sendAll());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") saver.flush();
});

form.addEventListener("scorecard:filled", count);
watchKeys(form, saver);
watchRisks(form);
watchReader();
watchEvidence(form, saver);
watchResult();
showAnchor(form);
count();
document.querySelector(".errors")?.focus();
