// Panels that float beside a button: menus, pickers, the list under the composer. They use the browser's own popovers,
// so Escape and a click elsewhere close the topmost one only, also inside a modal.
import { el } from "./dom.js";

// A press on the anchor of an open panel dismisses the panel, and the click that follows would open it again. So the
// press is remembered, and if the panel closed during it, that click is let pass.
let pressed = null;
let swallow = null;
document.addEventListener("pointerdown", (event) => ((pressed = event.target), (swallow = null)), true);
document.addEventListener("keydown", () => (pressed = swallow = null), true);

/** Show `panel` beside `anchor` and return a function that closes it; null if this very click has just closed it. */
export function float(anchor, panel, { onClose, align = "start" } = {}) {
  if (swallow === anchor) return (swallow = null);
  panel.classList.add("floating");
  panel.setAttribute("popover", "auto");
  (anchor.closest("dialog") ?? document.body).append(panel);
  panel.addEventListener("beforetoggle", (event) => {
    if (event.newState === "closed" && anchor.contains(pressed)) swallow = anchor;
  });
  panel.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    anchor.setAttribute("aria-expanded", "false");
    panel.remove();
    onClose?.();
  });
  panel.showPopover();
  beside(anchor, panel, align);
  anchor.setAttribute("aria-expanded", "true");
  return () => panel.matches(":popover-open") && panel.hidePopover();
}

/** Below the anchor if there is room, else above it; never outside the window. */
function beside(anchor, panel, align) {
  const at = anchor.getBoundingClientRect();
  const room = window.innerHeight - at.bottom;
  const height = panel.offsetHeight;
  const left = align === "end" ? at.right - panel.offsetWidth : at.left;
  panel.style.left = `${Math.max(8, Math.min(left, window.innerWidth - panel.offsetWidth - 8))}px`;
  panel.style.top = room > height + 12 || room > at.top ? `${Math.min(at.bottom + 4, window.innerHeight - height - 8)}px` : `${Math.max(8, at.top - height - 4)}px`;
}

/**
 * A menu of `items`: {label, detail?, run, danger?, action?} or {heading}. Arrow keys move, Enter runs, and the focus
 * goes back to the anchor when it closes. `action` becomes data-action on the item, for tests.
 */
export function menu(anchor, items, { testid, label, align } = {}) {
  const panel = el("div", { class: "menu", role: "menu", "aria-label": label, "data-testid": testid });
  let close = null;
  for (const item of items) {
    if (item.heading) panel.append(el("div", { class: "menu-heading", role: "presentation" }, item.heading));
    else
      panel.append(
        el(
          "button",
          { class: item.danger ? "menu-item danger" : "menu-item", type: "button", role: "menuitem", tabindex: -1, "data-action": item.action, "data-action-id": item.actionId, "data-value": item.value, on: { click: () => (close(), item.run()) } },
          item.icon ?? null,
          el("span", { class: "menu-words" }, item.label, item.detail ? el("span", { class: "menu-detail" }, item.detail) : null),
        ),
      );
  }
  panel.addEventListener("keydown", (event) => step(event, [...panel.querySelectorAll(".menu-item")]));
  close = float(anchor, panel, { align, onClose: () => !document.querySelector("dialog[open]:not(:focus-within)") && document.activeElement === document.body && anchor.focus() });
  if (close) panel.querySelector(".menu-item")?.focus();
  return close;
}

/** Move the focus among `stops` with the arrow keys, Home and End. */
export function step(event, stops) {
  const at = stops.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: stops.length - 1 }[event.key];
  if (next === undefined || !stops.length) return;
  event.preventDefault();
  stops[(next + stops.length) % stops.length].focus();
}
