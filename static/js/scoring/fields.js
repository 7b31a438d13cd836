// A unit is what is saved by itself: the fieldset of one cell, or that of the recommendation.

export const prefixOf = (unit) => unit.dataset.prefix || "";

export const controls = (unit) =>
  [...unit.querySelectorAll("input, select, textarea")].filter((control) => control.name && control.type !== "hidden");

export const bare = (unit, control) => control.name.slice(prefixOf(unit).length);

/** The unit's fields as they are sent, without the prefix that tells cells apart on the page. */
export function read(unit) {
  const fields = new URLSearchParams();
  for (const control of controls(unit)) {
    if (/^(radio|checkbox)$/.test(control.type) && !control.checked) continue;
    fields.append(bare(unit, control), control.value);
  }
  return fields;
}

/** Make the unit show a stored answer. */
export function write(unit, stored) {
  for (const control of controls(unit)) {
    const name = bare(unit, control);
    const value = stored[name];
    if (control.type === "radio") control.checked = control.value === String(value ?? "");
    else if (control.type === "checkbox") control.checked = (stored.citations || []).includes(control.value);
    else control.value = value ?? "";
  }
  unit.dispatchEvent(new CustomEvent("scorecard:filled", { bubbles: true }));
}

export function isAnswered(cell) {
  const radios = [...cell.querySelectorAll('input[type="radio"]')];
  const names = new Set(radios.map((radio) => radio.name));
  return [...names].every((name) => radios.some((radio) => radio.name === name && radio.checked && radio.value !== ""));
}

export const hasFigure = (cell) => /^\d$/.test(cell.querySelector(".segments input:checked")?.value ?? "");

export const answered = (cells) => cells.filter(isAnswered).length;

export const seenOf = (unit) => unit.querySelector("[data-seen]");
