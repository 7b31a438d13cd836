// The likelihood × consequence grid: a press sets both levels; the lists beside it stay the form.

function levels(cell) {
  const chosen = (name) => cell.querySelector(`input[name$="-${name}"]:checked`)?.value ?? "";
  return [chosen("likelihood"), chosen("consequence")];
}

function show(cell) {
  const [likelihood, consequence] = levels(cell);
  for (const square of cell.querySelectorAll("[data-square]")) {
    square.classList.toggle("risk-grid__square--chosen", square.dataset.square === `${likelihood}-${consequence}`);
    const [row, column] = square.dataset.square.split("-");
    square.classList.toggle("risk-grid__square--near", (row === likelihood) !== (column === consequence));
  }
}

export function watchRisks(form) {
  for (const cell of form.querySelectorAll(".cell--risk")) {
    cell.addEventListener("click", (event) => {
      const square = event.target.closest("[data-square]");
      if (!square || cell.disabled) return;
      const [likelihood, consequence] = square.dataset.square.split("-");
      for (const [name, value] of [["likelihood", likelihood], ["consequence", consequence]]) {
        cell.querySelector(`input[name$="-${name}"][value="${value}"]`).checked = true;
      }
      cell.querySelector('input[name$="-consequence"]:checked').dispatchEvent(new Event("input", { bubbles: true }));
    });
    cell.addEventListener("input", () => show(cell));
    cell.addEventListener("scorecard:filled", () => show(cell));
    show(cell);
  }
}
