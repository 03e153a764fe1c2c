// Dialogs and notices: a question before something is done, and a short word when something was refused.
import { announce, el, freshId } from "./dom.js";

const NOTICE_SECONDS = 7;
const STOPS = ["a[href]", "button", "input", "select", "textarea"].map((one) => `${one}:not([disabled])`).join(",");

/**
 * Keep the Tab key inside a modal `dialog`. The browser makes the rest of the page inert by itself; without this, Tab
 * would still leave for the browser's own buttons.
 */
export function trapTab(dialog) {
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    const stops = [...dialog.querySelectorAll(STOPS)].filter((one) => one.tabIndex >= 0 && one.offsetParent);
    const [edge, other] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (!stops.length || document.activeElement !== edge) return;
    event.preventDefault();
    other.focus();
  });
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
    const cancel = (event) => {
      event.preventDefault();
      answer(false);
    };
    const button = (action, look, words, yes) => {
      const props = { class: `button ${look}`, type: "button", "data-action": action };
      return el("button", { ...props, on: { click: () => answer(yes) } }, words);
    };
    const heading = freshId("question");
    const props = { class: "modal ask", "data-testid": "confirm", "aria-labelledby": heading };
    const dialog = el(
      "dialog",
      { ...props, on: { cancel } },
      el("h2", { class: "modal-title", id: heading }, title),
      el("div", { class: "modal-body" }, text),
      el(
        "footer",
        { class: "modal-foot" },
        button("deny", "", deny, false),
        button("confirm", danger ? "danger" : "primary", confirm, true),
      ),
    );
    document.body.append(dialog);
    trapTab(dialog);
    dialog.showModal();
    dialog.querySelector("[data-action=confirm]").focus();
  });
}

/** A notice near the top of the page. A popover, because it has to be seen above an open modal too. */
export function notice(text) {
  document.querySelectorAll(".notice").forEach((one) => one.remove());
  const node = el("div", { class: "notice", popover: "manual", role: "status", "data-testid": "notice" }, text);
  document.body.append(node);
  node.showPopover();
  announce(text);
  setTimeout(() => node.remove(), NOTICE_SECONDS * 1000);
}

/** Put `text` on the clipboard and say so. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    notice("Copied");
  } catch {
    notice(text); // no permission for the clipboard: show it, so that it can be copied by hand
  }
}
