// The bars of weights, on a page that works without them: one is moved, those that are not held give way, all sum to 100.
import { rescale, TOTAL } from "./rescale.js";

const QUIET = 500; // milliseconds without a move, after which it is told

const form = document.querySelector("#weights-form");
const places = [...form.querySelectorAll("[data-weight]")].map((row) => ({
  row,
  number: row.querySelector("[data-number]"),
  slider: row.querySelector("[data-slider]"),
  lock: row.querySelector("[data-lock]"),
}));
let before = null; // the weights before the present one was moved, so that moving it back brings the others back
let moving = null;
let settled = []; // what stands once a field that was emptied is left
let telling;

const units = (text) => Math.max(0, Math.round(Number(text) * 100) || 0);
const text = (unit) => String(unit / 100);
const percent = (share) => `${(100 * share).toFixed(1)} %`;
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const current = () => places.map((place) => units(place.number.value));
const locked = () => new Set(places.flatMap((place, index) => (place.lock.checked ? [index] : [])));

function show() {
  const now = current();
  const total = sum(now);
  settled = now;
  places.forEach(({ row, slider }, index) => {
    const share = total ? now[index] / total : 0;
    slider.value = now[index] / 100;
    slider.setAttribute("aria-valuetext", text(now[index]));
    for (const part of row.querySelectorAll("[data-share]")) part.textContent = percent(share * Number(part.dataset.share));
  });
  form.querySelector("[data-sum]").textContent = text(total);
  form.querySelector("[data-off]").hidden = total === TOTAL;
  showMirrors(now, total);
}

// A section whose share of the weight lies within half a point of its share of the criteria.
function showMirrors(now, total) {
  const counts = places.map(({ row }) => Number(row.dataset.count || 0));
  const all = sum(counts);
  const differ = new Set(counts).size > 1;
  let any = false;
  places.forEach(({ row }, index) => {
    const mirrors = differ && total > 0 && Math.abs(now[index] * all - counts[index] * total) * 200 <= total * all;
    const mark = row.querySelector("[data-mirror]");
    if (mark) mark.hidden = !mirrors;
    any ||= mirrors;
  });
  const note = document.querySelector("[data-mirrors]");
  if (note) note.hidden = !any;
}

function tell(index) {
  clearTimeout(telling);
  telling = setTimeout(() => {
    const name = (place) => `${place.row.dataset.title} ${place.number.value}`;
    const others = places.filter((_, place) => place !== index).map(name).join(", ");
    form.querySelector("[data-told]").textContent = `${name(places[index])}. ${others}. Sum ${text(sum(current()))}.`;
  }, QUIET);
}

function changed() {
  form.dispatchEvent(new CustomEvent("weights-changed"));
}

// What is being typed stays as it is typed; what it is held to is written when the field is left.
function move(index, value, isTyped) {
  if (moving !== index) [before, moving] = [current(), index];
  const rescaled = rescale(before, index, value, locked());
  if (rescaled) {
    places.forEach(({ number }, place) => {
      if (!(isTyped && place === index)) number.value = text(rescaled[place]);
    });
  }
  show();
  tell(index);
  changed();
}

places.forEach(({ number, slider, lock }, index) => {
  slider.addEventListener("input", () => move(index, units(slider.value), false));
  number.addEventListener("input", () => {
    if (number.value !== "") move(index, units(number.value), true);
  });
  number.addEventListener("change", () => {
    if (number.value === "") number.value = text(settled[index]);
    else move(index, units(number.value), false);
  });
  lock.addEventListener("change", () => { moving = null; });
});
for (const band of form.querySelectorAll("[data-band]")) band.addEventListener("input", changed);

form.dataset.scripted = "yes"; // what only those without a script need steps back, and the sliders come
show();
