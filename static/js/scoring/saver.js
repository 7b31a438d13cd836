// Saves units one after the other, and says only what is true: "Saved" is in the database.
import { read, seenOf, write } from "./fields.js";
import { showClash, showFault, clearNotes, showSaved } from "./notes.js";
import { signInAgain } from "./sign-in.js";

const WAIT = 600; // of quiet before typing is saved, in milliseconds
const TIMEOUT = 15_000;
const LONGEST_BACK_OFF = 16;
const SETTLE = 20_000;
const CLOSED = new Set([404, 423]);

export class Saver {
  constructor(form) {
    this.form = form;
    this.token = form.elements.csrfmiddlewaretoken.value;
    this.dirty = new Set(); // units that differ from what was saved
    this.held = new Set(); // of these, the ones that wait for a person: refused, or changed elsewhere
    this.timer = null; // of quiet, until what was typed is sent
    this.pause = null; // until what nobody answered is sent again
    this.sending = null; // {unit, body}: one request in flight, or waiting to be tried again as it was
    this.isWaiting = false; // nobody answered, or somebody has to sign in: `sending` is not on its way
    this.tries = 0;
    this.stopped = "";
    this.state = document.querySelector("[data-state]");
    this.announcer = document.querySelector("[data-announce]");
    window.addEventListener("online", () => this.retry());
  }

  get isClean() {
    return this.dirty.size === 0 && !this.sending;
  }

  changed(unit, { soon = false } = {}) {
    this.dirty.add(unit);
    this.held.delete(unit);
    if (this.stopped) return this.say(this.stopped, true);
    if (!this.tries && !this.isWaiting) this.say("Not saved yet");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), soon ? 0 : WAIT);
  }

  /** Nothing of what is unsaved can be saved by waiting. */
  get isStuck() {
    return Boolean(this.stopped) || (!this.sending && this.dirty.size > 0 && this.dirty.size === this.held.size);
  }

  flush() {
    clearTimeout(this.timer);
    if (this.sending || this.stopped) return;
    const unit = [...this.dirty].find((each) => !this.held.has(each));
    if (!unit) return this.rest();
    this.send(unit, this.body(unit));
  }

  body(unit) {
    const fields = read(unit);
    fields.set("revision", this.form.elements.revision.value);
    return fields.toString();
  }

  /** Nothing is on its way: say what stands. */
  rest() {
    this.tries = 0;
    if (this.held.size) this.say(`Not saved: ${this.held.size === 1 ? "one answer needs" : "some answers need"} you, see the mark`, true);
  }

  async send(unit, body) {
    this.sending = { unit, body };
    if (!this.tries) this.say("Saving…");
    let reply;
    try {
      reply = await this.post(unit, body);
    } catch {
      return this.tryAgain("offline");
    }
    await this.take(unit, body, reply);
  }

  post(unit, body, more = {}) {
    return fetch(unit.dataset.url, {
      method: "POST",
      body,
      credentials: "same-origin",
      redirect: "error",
      headers: {
        Accept: "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
        "If-Match": `"${seenOf(unit).value}"`,
        "X-CSRFToken": this.token,
        "X-Officer": this.form.dataset.officer,
      },
      signal: more.keepalive ? undefined : AbortSignal.timeout(TIMEOUT),
      ...more,
    });
  }

  async take(unit, body, reply) {
    const said = await reply.json().catch(() => ({}));
    if (reply.ok && said.version) return this.saved(unit, body, said);
    if (reply.status === 409) return this.clash(unit, said);
    if (reply.status === 422) return this.refused(unit, said);
    if (reply.status === 401 || said.code === "another-user") return this.signIn(said.message);
    if (said.code === "stale-token") return this.renew();
    if (CLOSED.has(reply.status) || reply.status === 403) return this.stop(said.message);
    return this.tryAgain(reply.status === 503 ? "the database is away" : "the server does not answer", reply);
  }

  saved(unit, body, said) {
    seenOf(unit).value = said.version;
    this.sending = null;
    this.tries = 0;
    if (this.body(unit) === body) this.dirty.delete(unit);
    showSaved(unit, said);
    if (this.dirty.size === this.held.size) this.say(`Saved ${said.saved_at}`);
    document.body.dispatchEvent(new CustomEvent("scorecard-saved"));
    this.flush();
  }

  refused(unit, said) {
    this.sending = null;
    this.held.add(unit);
    showFault(unit, said.message || "This answer was refused.");
    this.flush();
  }

  clash(unit, said) {
    this.sending = null;
    this.held.add(unit);
    showClash(unit, said, {
      keepMine: () => this.settle(unit, said.version),
      takeTheirs: () => {
        write(unit, said.stored);
        this.settle(unit, said.version);
      },
    });
    this.flush();
  }

  settle(unit, version) {
    seenOf(unit).value = version;
    clearNotes(unit);
    this.changed(unit, { soon: true });
  }

  async signIn(why) {
    this.isWaiting = true;
    this.say("Not saved: signed out", true);
    this.token = await signInAgain(this.form, why);
    this.retry();
  }

  /** The token is old, since the officer signed in elsewhere: fetch the new one, and send once more. */
  async renew() {
    if (this.hasRenewed) return this.stop("This page is too old to save from. Copy what is not saved, and reload it.");
    this.hasRenewed = true;
    try {
      const reply = await fetch(this.form.dataset.session, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (reply.status === 401) return this.signIn();
      this.token = (await reply.json()).token;
    } catch {
      this.hasRenewed = false;
      return this.tryAgain("offline");
    }
    await this.resend();
    this.hasRenewed = false;
  }

  stop(message) {
    this.sending = null;
    this.stopped = `Not saved: ${message || "this scorecard is closed"}`;
    this.say(this.stopped, true);
    this.form.classList.add("scoring__form--stopped");
    document.querySelector("[data-stopped]").hidden = false;
    document.querySelector("[data-stopped-why]").textContent = message || "";
  }

  /** The same words again, until somebody answers: only then is it known what was kept. */
  tryAgain(why, reply) {
    this.tries += 1;
    const asked = Number(reply?.headers.get("Retry-After") || 0);
    const pause = Math.min(LONGEST_BACK_OFF, Math.max(asked, 2 ** (this.tries - 1)));
    this.say(`Not saved: ${why}, trying again in ${pause} s`, this.tries === 1);
    this.isWaiting = true;
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.retry(), pause * 1000);
  }

  retry() {
    clearTimeout(this.pause);
    if (this.sending && !this.isWaiting) return undefined; // on its way
    this.isWaiting = false;
    if (this.sending) return this.resend();
    this.flush();
    return undefined;
  }

  resend() {
    return this.send(this.sending.unit, this.sending.body);
  }

  /** On leaving: whatever is not saved goes out at once, and the browser sees it off. */
  sendAll() {
    if (this.stopped) return;
    for (const unit of this.dirty) if (!this.held.has(unit)) this.post(unit, this.body(unit), { keepalive: true }).catch(() => {});
  }

  /** True once all is saved; false where it cannot be, or takes too long. */
  async settled() {
    this.flush();
    const end = Date.now() + SETTLE;
    while (!this.isClean && !this.stopped && Date.now() < end) {
      if (this.isStuck) return false;
      await new Promise((go) => setTimeout(go, 50));
    }
    return this.isClean;
  }

  explain() {
    const [unit] = this.held;
    this.say(this.stopped || "Not sent: some answers are not saved yet", true);
    unit?.focus();
  }

  say(text, loudly = false) {
    this.state.textContent = text;
    this.state.classList.toggle("save-bar__state--bad", text.startsWith("Not saved:") || text.startsWith("Not sent:"));
    if (loudly && this.announcer.textContent !== text) this.announcer.textContent = text;
    if (text.startsWith("Saved")) this.announcer.textContent = "";
  }
}
