// The anchor of the score that the pointer or the focus is on, always in sight beside the scale.

const LEVEL = '.segments__scale input[type="radio"]';

function wordsOf(radio) {
  const anchor = document.getElementById(radio.getAttribute("aria-describedby"));
  return anchor ? anchor.querySelector("span").textContent : "";
}

function show(cell, radio) {
  const line = cell.querySelector("[data-anchor]");
  if (!line) return;
  const shown = radio || cell.querySelector(`${LEVEL}:checked`);
  line.replaceChildren();
  if (!shown) return;
  const level = document.createElement("b");
  level.textContent = shown.value;
  line.append(level, ` ${wordsOf(shown)}`);
  line.classList.toggle("cell__anchor--chosen", shown.checked);
}

export function showAnchor(form) {
  const cellOf = (event) => event.target.closest?.("[data-cell]");
  for (const name of ["pointerover", "focusin", "input"]) {
    form.addEventListener(name, (event) => {
      const radio = event.target.closest(".segment")?.querySelector(LEVEL) || (event.target.matches(LEVEL) ? event.target : null);
      if (radio) show(cellOf(event), radio);
      else if (name === "input" && cellOf(event)) show(cellOf(event), null);
    });
  }
  form.addEventListener("pointerout", (event) => {
    if (event.target.closest(".segments__scale") && cellOf(event)) show(cellOf(event), null);
  });
  form.addEventListener("scorecard:filled", (event) => {
    if (cellOf(event)) show(cellOf(event), null);
  });
  for (const cell of form.querySelectorAll("[data-cell]")) show(cell, null);
}
