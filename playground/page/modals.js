// The app's modals: the open stack of views. The top one is shown; the others wait, with what was typed in them.
import { appName, wentWell } from "./clicks.js";
import { trapTab } from "./dialogs.js";
import { announce, el } from "./dom.js";
import { iconButton } from "./icons.js";
import { textObject } from "./mrkdwn.js";
import { act, attempt, Refused } from "./server.js";
import { on, store } from "./state.js";
import { ViewBody } from "./view_body.js";

const FIELDS = "input, textarea, select, .picker";

const mounted = new Map(); // view id -> Modal
let before = null; // what had the focus before the first view opened

on("views", () => {
  const open = new Set(store.views.map((view) => view.id));
  if (store.views.length && !mounted.size) before = document.activeElement;
  for (const [id, modal] of mounted) if (!open.has(id)) modal.remove();
  store.views.forEach((view, depth) => {
    if (!mounted.has(view.id)) mounted.set(view.id, new Modal(view.id));
    mounted.get(view.id).update(view, depth);
  });
  const top = store.views.at(-1);
  for (const [id, modal] of mounted) if (id !== top?.id) modal.hide();
  if (top) mounted.get(top.id).show();
  else if (before) {
    if (before.isConnected) before.focus();
    before = null;
  }
});

class Modal {
  constructor(id) {
    this.id = id;
    this.busy = false;
    const close = () => this.close();
    this.title = el("h2", { class: "modal-title", id: `title-${id}` });
    this.back = iconButton("back", "Back", close);
    this.body = el("div", { class: "modal-body" });
    this.content = new ViewBody(this.body, id);
    this.problem = el("p", { class: "modal-problem", role: "alert", hidden: true });
    this.cancel = el("button", { class: "button", type: "button", "data-action": "close", on: { click: close } });
    this.submit = el("button", { class: "button primary", type: "submit", "data-action": "submit" });
    const head = el("header", { class: "modal-head" }, this.back, this.title, iconButton("close", "Close", close));
    const from = el("span", { class: "faint modal-app" }, appName());
    const foot = el("footer", { class: "modal-foot" }, from, this.cancel, this.submit);
    const form = el("form", { novalidate: true }, head, this.body, this.problem, foot);
    const about = { "data-testid": "modal", "data-view-id": id, "aria-labelledby": `title-${id}` };
    this.dialog = el("dialog", { class: "modal", ...about }, form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault(); // Escape: the app may want to hear of it, so the view closes by way of the server
      this.close();
    });
    trapTab(this.dialog);
    document.body.append(this.dialog);
  }

  update(view, depth) {
    this.view = view;
    this.dialog.dataset.callbackId = view.callback_id ?? "";
    this.title.replaceChildren(...nodes(view.title));
    this.cancel.replaceChildren(...(view.close ? nodes(view.close) : ["Cancel"]));
    this.back.hidden = depth === 0;
    this.submit.hidden = !view.submit;
    this.draw();
    this.content.update(view.blocks);
  }

  draw() {
    this.submit.disabled = this.busy;
    this.submit.replaceChildren(...(this.busy ? ["Sending"] : nodes(this.view.submit)));
  }

  show() {
    if (this.dialog.open) return;
    this.dialog.showModal();
    const wished = this.body.querySelector("[autofocus]") ?? this.body.querySelector(FIELDS);
    (wished ?? (this.view.submit ? this.submit : this.cancel)).focus();
  }

  hide() {
    if (this.dialog.open) this.dialog.close();
  }

  remove() {
    this.hide();
    this.dialog.remove();
    mounted.delete(this.id);
  }

  complain(text) {
    this.problem.textContent = text;
    this.problem.hidden = !text;
  }

  async close() {
    if (this.closing) return;
    this.closing = true;
    // A view that the server has forgotten (it was started anew) must not hold the page: it goes in any case.
    await attempt("close", { view_id: this.id });
    store.views = store.views.filter((view) => view.id !== this.id);
    this.remove();
    const top = store.views.at(-1);
    if (top) mounted.get(top.id)?.show();
    else if (before?.isConnected) before.focus();
  }

  /** Send what was filled in; one sending at a time, however often Enter is pressed. */
  async send() {
    if (this.busy || !this.view.submit) return;
    this.busy = true;
    this.complain("");
    this.draw();
    try {
      const answer = await act("submit", { view_id: this.id, values: this.content.form.values() });
      this.take(answer.errors ?? {});
      if (!wentWell(answer) || answer.reason) this.complain(untaken(answer.reason));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.answer.errors) this.take(error.answer.errors);
      else this.complain(error.code === "unreachable" ? error.message : untaken(error.code));
    } finally {
      this.busy = false;
      this.draw();
    }
  }

  take(errors) {
    const rest = this.content.form.showErrors(this.body, errors);
    this.complain(rest.join(" "));
    if (Object.keys(errors).length) announce(`Not sent: ${Object.values(errors).join(". ")}`);
  }
}

function untaken(reason) {
  const why = reason ? ` (${String(reason).replaceAll("_", " ")})` : "";
  return `${appName()} did not take this${why}. What you wrote is still here; try again in a moment.`;
}

function nodes(text) {
  return textObject(text).map((one) => (one instanceof Node ? one : document.createTextNode(one)));
}
