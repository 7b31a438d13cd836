// Evidence without leaving the page: a selected passage, or anything else that is named; cited where it was wanted.

import { markPassages } from "./reader.js";

const dialog = document.querySelector("[data-evidence-dialog]");
const entry = dialog.querySelector("[data-evidence-form]");
const fields = dialog.querySelector("[data-evidence-fields]");
let wantedBy = null; // the unit that is to cite what is entered

async function ask(form, query = "", options = {}) {
  const reply = await fetch(`${entry.dataset.url}${query}`, {
    credentials: "same-origin",
    ...options,
    headers: { Accept: "application/json", ...options.headers },
  });
  return reply.json();
}

async function open(form, saver, unit, known = {}) {
  if (!(await saver.settled())) return saver.explain();
  wantedBy = unit;
  const { html, message } = await ask(form, `?${new URLSearchParams(known)}`).catch(() => ({ message: "The server does not answer. Try again in a moment." }));
  fields.innerHTML = html || "";
  if (!html) fields.textContent = message;
  dialog.showModal();
  const first = known.kind ? fields.querySelector('[name="claim"]') : fields.querySelector("input, textarea");
  first?.focus();
  return undefined;
}

/** A new box in every cell's list, ticked where it was wanted. */
function offer(form, evidence) {
  for (const list of form.querySelectorAll("[data-citations]")) {
    const unit = list.closest("[data-unit]");
    const label = document.createElement("label");
    label.className = "citation";
    const box = Object.assign(document.createElement("input"), {
      type: "checkbox",
      name: `${unit.dataset.prefix}citations`,
      value: evidence.id,
      checked: unit === wantedBy,
    });
    const words = document.createElement("span");
    words.textContent = `[${evidence.number}] E${evidence.grade} ${evidence.claim}`;
    label.append(box, words);
    list.querySelector("p")?.remove();
    list.append(label);
    if (unit === wantedBy) {
      unit.querySelector(".cell__citations").open = true;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
    }
  }
  document.querySelector("[data-evidence-list]")?.insertAdjacentHTML("beforeend", evidence.html);
  markPassages();
}

function countCited(form) {
  for (const place of form.querySelectorAll("[data-cited]")) {
    place.textContent = place.closest("[data-unit]").querySelectorAll("[data-citations] input:checked").length || "none";
  }
}

/** What is selected in the proposal's text: the words, and the heading that they stand under. */
function selected() {
  const selection = document.getSelection();
  const quote = selection.toString().trim();
  const place = selection.anchorNode?.parentElement?.closest(".reader .source-text");
  if (!quote || !place) return null;
  const heading = place.closest("section")?.querySelector("h3")?.textContent || "Summary";
  return { kind: "passage", quote: quote.slice(0, 2000), page: heading.slice(0, 120) };
}

function complain(message) {
  const note = Object.assign(document.createElement("p"), { className: "field__error", textContent: message });
  note.setAttribute("role", "alert");
  fields.prepend(note);
}

export function watchEvidence(form, saver) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-new-evidence]");
    if (!button) return;
    event.preventDefault();
    open(form, saver, button.closest("[data-unit]"));
  });
  form.addEventListener("input", () => countCited(form));
  form.addEventListener("scorecard:filled", () => countCited(form));
  let lastUnit = null;
  for (const name of ["focusin", "input"]) {
    form.addEventListener(name, (event) => {
      lastUnit = event.target.closest("[data-cell]") || lastUnit;
    });
  }
  const mark = document.querySelector("[data-mark]");
  if (!mark) return; // a documented case, whose evidence stands
  document.addEventListener("selectionchange", () => {
    mark.hidden = !selected();
  });
  mark.addEventListener("click", () => open(form, saver, lastUnit, selected() || {}));
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  entry.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (entry.dataset.busy) return;
    entry.dataset.busy = "yes";
    const options = { method: "POST", body: new URLSearchParams(new FormData(entry)), headers: { "X-CSRFToken": saver.token } };
    const said = await ask(form, "", options).catch(() => ({ message: "The server does not answer. What you typed stays here: try again in a moment." }));
    delete entry.dataset.busy;
    if (said.evidence) {
      dialog.close();
      offer(form, said.evidence);
      countCited(form);
    } else if (said.html) fields.innerHTML = said.html;
    else complain(said.message);
  });
}
