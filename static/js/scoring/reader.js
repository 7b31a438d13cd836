// The proposal's text on the right: its width, and what is selected in it.

const KEY = "t2eval-reader-width"; // a number of pixels, nothing else
const [NARROWEST, WIDEST, STEP] = [260, 760, 24];

function set(workspace, divider, width) {
  const kept = Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)));
  workspace.style.setProperty("--reader-width", `${kept}px`);
  divider.setAttribute("aria-valuenow", kept);
  return kept;
}

function drag(workspace, divider, event) {
  event.preventDefault();
  divider.setPointerCapture(event.pointerId);
  const right = document.querySelector(".reader").getBoundingClientRect().right;
  const move = (moved) => localStorage.setItem(KEY, set(workspace, divider, right - moved.clientX));
  divider.addEventListener("pointermove", move);
  divider.addEventListener("lostpointercapture", () => divider.removeEventListener("pointermove", move), { once: true });
}

export function watchReader() {
  const workspace = document.querySelector("[data-workspace]");
  const divider = document.querySelector("[data-divider]");
  divider.hidden = false;
  divider.setAttribute("aria-valuemin", NARROWEST);
  divider.setAttribute("aria-valuemax", WIDEST);
  const width = () => document.querySelector(".reader").getBoundingClientRect().width;
  divider.setAttribute("aria-valuenow", Math.round(width()));
  const kept = Number(localStorage.getItem(KEY));
  if (kept) set(workspace, divider, kept);
  divider.addEventListener("pointerdown", (event) => drag(workspace, divider, event));
  divider.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: STEP, ArrowRight: -STEP }[event.key];
    if (!by) return;
    event.preventDefault();
    localStorage.setItem(KEY, set(workspace, divider, width() + by));
  });
}
