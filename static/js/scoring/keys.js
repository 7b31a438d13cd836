// Single keys, only while a score control has the focus (WCAG 2.1.4).
import { controls } from "./fields.js";

const GRADES = "abcde";
const ABSENCES = { n: "nei", x: "na", Delete: "", Backspace: "" };

const groupOf = (radio) => [...radio.closest("[data-unit]").querySelectorAll(`input[name="${CSS.escape(radio.name)}"]`)];

function choose(radio, value) {
  const wanted = groupOf(radio).find((each) => each.value === value);
  if (!wanted) return false;
  wanted.checked = true;
  wanted.focus();
  wanted.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

function grade(unit, place) {
  const select = unit.querySelector("[data-grade]");
  if (!select || select.disabled) return false;
  select.value = String(place);
  select.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

function goOn(form, from) {
  const units = [...form.querySelectorAll("[data-unit]:not([data-closed])")];
  const next = units[units.indexOf(from) + 1];
  if (!next) return form.querySelector('[value="submit"]').focus();
  const all = controls(next);
  const first = all.find((control) => control.type === "radio" && control.checked) || all[0];
  first.focus();
  next.scrollIntoView({ block: "center" });
  return undefined;
}

function pressed(event, form) {
  const radio = event.target;
  const unit = radio.closest("[data-unit]");
  if (event.key === "?") return showKeys();
  if (event.key in ABSENCES) return choose(radio, ABSENCES[event.key]);
  if (/^\d$/.test(event.key)) return choose(radio, event.key);
  if (event.key === "r") return focusReason(unit);
  return GRADES.includes(event.key) && event.key.length === 1 && grade(unit, GRADES.indexOf(event.key));
}

function focusReason(unit) {
  const reason = unit.querySelector("textarea");
  reason?.focus();
  return Boolean(reason);
}

function showKeys() {
  document.querySelector("[data-keys-dialog]").showModal();
  return true;
}

export function watchKeys(form, saver) {
  const help = document.querySelector("[data-show-keys]");
  help.hidden = false;
  help.addEventListener("click", showKeys);
  form.addEventListener("keydown", (event) => {
    const isModified = event.ctrlKey || event.metaKey;
    const unit = event.target.closest("[data-unit]");
    if (isModified && event.key === "Enter" && unit) {
      event.preventDefault();
      saver.flush();
      goOn(form, unit);
    } else if (isModified && event.key === "s") {
      event.preventDefault();
      saver.flush();
    } else if (!isModified && !event.altKey && event.target.matches('input[type="radio"]') && pressed(event, form)) {
      event.preventDefault();
    } else if (event.key === "Enter" && event.target.matches('input[type="radio"], input[type="checkbox"]')) {
      event.preventDefault(); // Enter in a form presses its first button, which nobody means here
    }
  });
}
