// The officer's own result, asked for by itself once something is saved.

const PAUSE = 1200;

export function watchResult() {
  const place = document.querySelector("[data-result]");
  let timer = null;
  const ask = async () => {
    const reply = await fetch(place.dataset.result, { headers: { "HX-Request": "true" }, credentials: "same-origin" }).catch(() => null);
    if (reply?.ok) place.innerHTML = await reply.text();
  };
  document.body.addEventListener("scorecard-saved", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  ask();
}
