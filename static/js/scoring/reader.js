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

/** Passages that are evidence already, marked where they stand in the text. */
export function markPassages() {
  for (const quote of document.querySelectorAll("[data-quote]:not([data-marked])")) {
    const words = quote.textContent;
    quote.dataset.marked = "yes";
    for (const text of document.querySelectorAll(".reader p.source-text")) {
      const node = [...text.childNodes].find((each) => each.nodeType === Node.TEXT_NODE && each.data.includes(words));
      if (!node) continue;
      const passage = node.splitText(node.data.indexOf(words));
      passage.splitText(words.length);
      const mark = document.createElement("mark");
      mark.title = `Evidence [${quote.dataset.quote}]`;
      passage.replaceWith(mark);
      mark.append(passage);
      break;
    }
  }
}

export function watchReader() {
  markPassages();
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
