// The page's own line icons, drawn here so that it needs no icon font.
import { drawing, el } from "./dom.js";

const line = (d) => ["path", { d, fill: "none", stroke: "currentColor", "stroke-width": 1.6, "stroke-linecap": "round", "stroke-linejoin": "round" }];
const dot = (cx, cy, r = 1.4) => ["circle", { cx, cy, r, fill: "currentColor" }];

const ICONS = {
  bolt: [line("M11 2.5 4.5 11.5h5L9 17.5l6.5-9h-5z")],
  channel: [line("M7.5 3.5 6 16.5M14 3.5l-1.5 13M3.5 7.5h13.5M3 12.5h13.5")],
  tracker: [line("M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14z"), dot(10, 10, 1.8)],
  close: [line("M5 5l10 10M15 5 5 15")],
  back: [line("M12 4.5 6.5 10l5.5 5.5")],
  down: [line("M10 4v11.5M5 10.5l5 5 5-5")],
  chevron: [line("M5.5 8l4.5 4.5L14.5 8")],
  lock: [line("M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9")],
  menu: [line("M3.5 5.5h13M3.5 10h13M3.5 14.5h13")],
  more: [dot(4.5, 10), dot(10, 10), dot(15.5, 10)],
  people: [line("M7.5 9.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4zM2.5 16c.4-2.800 2.200-4.200 5-4.200s4.600 1.400 5 4.200M13 4.500a2.500 2.500 0 0 1 0 4.800M14.500 12.200c1.700.5 2.700 1.800 3 3.800")],
  reply: [line("M3.5 5.500a1.500 1.500 0 0 1 1.500-1.500h10a1.500 1.500 0 0 1 1.500 1.500v6a1.500 1.500 0 0 1-1.500 1.500H9l-3.500 3v-3H5a1.500 1.500 0 0 1-1.500-1.500z")],
  search: [line("M8.8 14.300a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11zM13 13l4 4")],
  send: [line("M3 10 17 3.500 12.500 17l-3-5.500z")],
  smile: [line("M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM7 11.500c.7 1.300 1.700 2 3 2s2.300-.7 3-2"), dot(7.700, 8.300, 1), dot(12.300, 8.300, 1)],
  file: [line("M5.500 3h6l3.500 3.500V17H5.500zM11.500 3v3.500H15")],
};

export function icon(name) {
  return drawing(ICONS[name], "icon");
}

/** A button that is only an icon; `label` is its name for those who cannot see it, and its tooltip. */
export function iconButton(name, label, run, more = {}) {
  const props = { class: "icon-button", type: "button", "aria-label": label, title: label, ...more };
  return el("button", { ...props, on: { click: run } }, icon(name));
}
