// Dialogs and notices: a question before something is done, and a short word when something was refused.
import { el, announce } from "./dom.js";

const NOTICE_SECONDS = 7;

/**
 * Open `dialog` as a modal one and keep the Tab key inside it. The browser already makes the rest of the page inert;
 * without this, Tab would still leave for the browser's own buttons.
 */
export function openModally(dialog) {
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    const stops = [...dialog.querySelectorAll("a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled])")].filter((one) => one.tabIndex >= 0 && one.offsetParent);
    const edge = event.shiftKey ? stops[0] : stops.at(-1);
    if (!stops.length || document.activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? stops.at(-1) : stops[0]).focus();
  });
  dialog.showModal();
}

/** Ask before something is done. Resolves to true or false; Escape means no. */
export function ask({ title, text, confirm, deny = "Cancel", danger = false }) {
  const before = document.activeElement;
  return new Promise((resolve) => {
    const answer = (yes) => {
      dialog.close();
      dialog.remove();
      before?.focus?.();
      resolve(yes);
    };
    const dialog = el(
      "dialog",
      { class: "modal ask", "data-testid": "confirm", "aria-label": "Please confirm", on: { cancel: (event) => (event.preventDefault(), answer(false)) } },
      el("h2", { class: "modal-title" }, title),
      el("div", { class: "modal-body" }, text),
      el("footer", { class: "modal-foot" }, el("button", { class: "button", type: "button", "data-action": "deny", on: { click: () => answer(false) } }, deny), el("button", { class: `button ${danger ? "danger" : "primary"}`, type: "button", "data-action": "confirm", on: { click: () => answer(true) } }, confirm)),
    );
    document.body.append(dialog);
    openModally(dialog);
    dialog.querySelector("[data-action=confirm]").focus();
  });
}

/** A notice at the foot of the page. A popover, because it has to be seen above an open modal too. */
export function notice(text) {
  document.querySelectorAll(".notice").forEach((one) => one.remove());
  const node = el("div", { class: "notice", popover: "manual", role: "status", "data-testid": "notice" }, text);
  document.body.append(node);
  node.showPopover();
  announce(text);
  setTimeout(() => node.remove(), NOTICE_SECONDS * 1000);
}
