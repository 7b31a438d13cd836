// Signing in again in place, when the session has ended while somebody wrote.

const dialog = document.querySelector("[data-sign-in-dialog]");
let isAwaited = false; // somebody's words wait for the sign-in

/** The new token, once the officer of this page is signed in again. The dialog stays until then. */
export function signInAgain(form, why) {
  const entry = dialog.querySelector("[data-sign-in-form]");
  const error = dialog.querySelector("[data-sign-in-error]");
  if (why) dialog.querySelector("[data-sign-in-why]").textContent = `${why} What you typed is on this page; it is saved as soon as you are back.`;
  entry.elements.username.value = form.dataset.username;
  entry.elements.password.value = "";
  error.hidden = true;
  isAwaited = true;
  if (!dialog.open) dialog.showModal();
  entry.elements.password.focus();
  return new Promise((resolve) => {
    entry.onsubmit = async (event) => {
      event.preventDefault();
      const outcome = await attempt(form, entry).catch(() => ({ message: "The server does not answer. Try again in a moment." }));
      if (outcome.token && outcome.user === form.dataset.officer) {
        isAwaited = false;
        dialog.close();
        entry.elements.password.value = "";
        return resolve(outcome.token);
      }
      error.textContent = outcome.token
        ? `${outcome.name} is signed in now, and this scorecard is not theirs. Sign in as ${form.dataset.username}.`
        : outcome.message;
      error.hidden = false;
      return undefined;
    };
  });
}

async function attempt(form, entry) {
  const session = await fetch(form.dataset.session, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  const known = session.ok ? await session.json() : null;
  if (known?.user === form.dataset.officer) return known; // signed in again in another tab meanwhile
  const page = await fetch(form.dataset.signIn, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  const { token } = await page.json();
  const reply = await fetch(form.dataset.signIn, {
    method: "POST",
    body: new URLSearchParams({ username: entry.elements.username.value, password: entry.elements.password.value }),
    credentials: "same-origin",
    headers: { Accept: "application/json", "X-CSRFToken": token },
  });
  return reply.json();
}

// Escape would leave the page unsaved and silent: the way out is to sign in, or to copy and leave. A browser lets the
// closing be prevented once only, so the dialog comes back.
dialog.addEventListener("cancel", (event) => event.preventDefault());
dialog.addEventListener("close", () => {
  if (isAwaited) dialog.showModal();
});
