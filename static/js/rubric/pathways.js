// The strength of each theory against the largest, as weights are typed.
const form = document.querySelector("#weights-form");
const rows = [...form.querySelectorAll("[data-weight]")];

function show() {
  const weights = rows.map((row) => Math.max(0, Number(row.querySelector("[data-number]").value) || 0));
  const largest = Math.max(...weights);
  rows.forEach((row, index) => {
    const share = largest ? (100 * weights[index]) / largest : 0;
    row.querySelector("[data-share]").textContent = `${share.toFixed(1)} %`;
    row.querySelector("meter").value = share;
  });
}

form.addEventListener("input", show);
