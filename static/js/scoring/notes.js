// What stands beside a unit about its saving.
import { controls } from "./fields.js";

const box = (unit) => unit.querySelector("[data-notes]");

const element = (tag, text = "", name = "") => {
  const made = document.createElement(tag);
  made.textContent = text;
  if (name) made.className = name;
  return made;
};

export function clearNotes(unit) {
  box(unit).replaceChildren();
  unit.classList.remove("cell--error");
}

export function showFault(unit, message) {
  const note = element("p", message, "field__error");
  note.setAttribute("role", "alert");
  box(unit).replaceChildren(note);
  unit.classList.add("cell--error");
}

/** Both texts: what the page holds stays in the fields, what is stored stands above them. */
export function showClash(unit, said, { keepMine, takeTheirs }) {
  const note = element("div", "", "note note--warning cell__clash");
  note.setAttribute("role", "alert");
  const by = said.who ? ` by ${said.who} at ${said.when}` : "";
  note.append(element("p", `Saved elsewhere${by}: ${said.stored.headline}`, "cell__clash-title"));
  const words = said.stored.rationale ?? said.stored.recommendation_reason;
  if (words) note.append(element("p", words, "cell__clash-words pre-line"));
  if (said.stored.cited?.length) note.append(element("p", `Cites ${said.stored.cited.map((number) => `[${number}]`).join(" ")}`, "small"));
  note.append(element("p", "What you typed here is still below, and is not saved. Keep either.", "small"));
  const choices = element("div", "", "cluster");
  for (const [text, act] of [["Keep what I typed here", keepMine], ["Take what is saved", takeTheirs]]) {
    const button = element("button", text, "button button--small");
    button.type = "button";
    button.addEventListener("click", () => {
      act();
      controls(unit)[0]?.focus();
    });
    choices.append(button);
  }
  note.append(choices);
  box(unit).replaceChildren(note);
}

export function showSaved(unit, said) {
  clearNotes(unit);
  unit.querySelector(".field__error")?.remove();
  const cap = unit.querySelector("[data-cap]");
  if (cap && "cap_note" in said) {
    cap.textContent = said.cap_note;
    cap.hidden = !said.cap_note;
  }
  const asCited = unit.querySelector('[data-grade] option[value=""]');
  if (asCited && said.best_grade !== undefined) asCited.textContent = said.best_grade === null ? "As cited" : `As cited: E${said.best_grade}`;
}
