// Panels that float beside a button: menus, pickers, the list under the composer. They use the browser's own popovers,
// so Escape and a click elsewhere close the topmost one only, also inside a modal.
import { el } from "./dom.js";
import { iconButton } from "./icons.js";

// A press on the anchor of an open panel dismisses the panel, and the click that follows would open it again. So the
// press is remembered, and if the panel closed during it, that click is let pass.
let pressed = null;
let swallow = null;
document.addEventListener("pointerdown", (event) => ((pressed = event.target), (swallow = null)), true);
document.addEventListener("keydown", () => (pressed = swallow = null), true);

/** Show `panel` beside `anchor` and return a function that closes it; null if this very click has just closed it. */
export function float(anchor, panel, { align = "start" } = {}) {
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
    if (document.activeElement === document.body) anchor.focus(); // the focus went down with the panel
  });
  panel.showPopover();
  beside(anchor, panel, align);
  anchor.setAttribute("aria-expanded", "true");
  return () => panel.matches(":popover-open") && panel.hidePopover();
}

/** Below the anchor if there is room, else above it; never outside the window. */
function beside(anchor, panel, align) {
  const at = anchor.getBoundingClientRect();
  const [width, height] = [panel.offsetWidth, panel.offsetHeight];
  const room = window.innerHeight - at.bottom;
  const left = align === "end" ? at.right - width : at.left;
  const below = Math.min(at.bottom + 4, window.innerHeight - height - 8);
  const above = Math.max(8, at.top - height - 4);
  panel.style.left = `${Math.max(8, Math.min(left, window.innerWidth - width - 8))}px`;
  panel.style.top = `${room > height + 12 || room > at.top ? below : above}px`;
}

/** What a row of a list says: a label, and below it a detail in smaller letters. */
export function rowWords(label, detail) {
  const below = detail ? el("span", { class: "menu-detail" }, detail) : null;
  return el("span", { class: "menu-words" }, label, below);
}

/**
 * A menu of `items`: {label, detail?, run, icon?, danger?, action?, actionId?, value?} or {heading}. Arrow keys move and
 * Enter runs. The last three of an item become data-action, data-action-id and data-value, so that it can be found.
 */
function menu(anchor, items, { testid, label, align }) {
  const panel = el("div", { class: "menu", role: "menu", "aria-label": label, "data-testid": testid });
  const close = float(anchor, panel, { align });
  if (!close) return;
  for (const item of items) panel.append(item.heading ? heading(item.heading) : menuItem(item, close));
  panel.addEventListener("keydown", (event) => step(event, [...panel.querySelectorAll(".menu-item")]));
  beside(anchor, panel, align);
  panel.querySelector(".menu-item")?.focus();
}

export function heading(words) {
  return el("div", { class: "menu-heading", role: "presentation" }, words);
}

function menuItem({ label, detail, run, icon, danger, action, actionId, value }, close) {
  const props = { class: danger ? "menu-item danger" : "menu-item", type: "button", role: "menuitem", tabindex: -1 };
  const data = { "data-action": action, "data-action-id": actionId, "data-value": value };
  const choose = () => {
    close();
    run();
  };
  return el("button", { ...props, ...data, on: { click: choose } }, icon, rowWords(label, detail));
}

/** An icon that opens a menu. `items` is asked for them each time, with the button as a place for further panels. */
export function menuButton(name, label, items, { testid, buttonTestid, align } = {}) {
  const open = () => menu(button, items(button), { testid, label, align });
  const button = iconButton(name, label, open, { "aria-haspopup": "menu", "aria-expanded": "false" });
  if (buttonTestid) button.dataset.testid = buttonTestid;
  return button;
}

/** Move the focus among `stops` with the arrow keys, Home and End. */
export function step(event, stops) {
  const at = stops.indexOf(document.activeElement);
  const places = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1 };
  const next = { ...places, Home: 0, End: stops.length - 1 }[event.key];
  if (next === undefined || !stops.length) return;
  event.preventDefault();
  stops[(next + stops.length) % stops.length].focus();
}
