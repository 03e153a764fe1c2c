// Choosing from a long list by typing a few letters: "act as", people and channel selects, selects with many values.
import { el, freshId } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { float } from "./floating.js";
import { icon } from "./icons.js";

const SHOWN = 60; // more than anybody reads; typing narrows the rest

/**
 * A button that shows the choice and opens a searchable list.
 * `options()` gives [{value, label, detail?, group?, node?}] when the list opens, so it is never stale.
 * `onChange(values)` hears a person's choice, not write(). Returns {node, read, write}; read() gives the values.
 */
export function picker({ label, labelledBy, options, selected = [], multiple = false, most = Infinity, placeholder = "Choose", testid, onChange }) {
  let values = [...selected];
  const words = el("span", { class: "picker-words" });
  const button = el("button", { class: "picker", type: "button", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-label": label, "aria-labelledby": labelledBy, "data-testid": testid, on: { click: open } }, words, icon("chevron"));
  show();

  function show() {
    const known = options();
    const chosen = values.map((value) => known.find((one) => one.value === value)?.label ?? value);
    words.replaceChildren(...(chosen.length ? (multiple ? chosen.map((one) => el("span", { class: "chip" }, withEmoji(one))) : withEmoji(chosen[0])) : [el("span", { class: "placeholder" }, placeholder)]));
    button.dataset.value = values.join(",");
    if (label) button.setAttribute("aria-label", chosen.length ? `${label}: ${chosen.join(", ")}` : label);
  }

  function open() {
    const all = options();
    const listId = freshId("list");
    const list = el("div", { class: "picker-list", id: listId, role: "listbox", "aria-label": label ?? placeholder, "aria-multiselectable": multiple || null });
    const search = el("input", { class: "picker-search", type: "text", role: "combobox", "aria-controls": listId, "aria-expanded": "true", "aria-autocomplete": "list", placeholder: "Search", "aria-label": `Search: ${label ?? placeholder}`, autocomplete: "off" });
    let rows = [];
    let active = 0;
    let close = null;

    const mark = (index) => {
      active = Math.max(0, Math.min(index, rows.length - 1));
      rows.forEach((row, at) => row.classList.toggle("active", at === active));
      if (rows[active]) {
        search.setAttribute("aria-activedescendant", rows[active].id);
        rows[active].scrollIntoView({ block: "nearest" });
      }
    };
    const choose = (value) => {
      if (multiple) {
        if (values.includes(value)) values = values.filter((one) => one !== value);
        else if (values.length < most) values = [...values, value];
        fill();
      } else {
        values = [value];
        close();
        button.focus();
      }
      show();
      onChange?.(values);
    };
    const fill = () => {
      const sought = search.value.trim().toLowerCase();
      const found = all.filter((one) => `${one.label} ${one.detail ?? ""}`.toLowerCase().includes(sought));
      const nodes = [];
      let group = null;
      rows = [];
      for (const one of found.slice(0, SHOWN)) {
        if (one.group && one.group !== group) nodes.push(el("div", { class: "menu-heading", role: "presentation" }, (group = one.group)));
        const row = el("div", { class: "picker-row", role: "option", id: freshId("option"), "aria-selected": String(values.includes(one.value)), "data-value": one.value, on: { click: () => choose(one.value) } }, one.node ?? null, el("span", { class: "menu-words" }, withEmoji(one.label), one.detail ? el("span", { class: "menu-detail" }, withEmoji(one.detail)) : null));
        rows.push(row);
        nodes.push(row);
      }
      if (!found.length) nodes.push(el("p", { class: "picker-note" }, "Nothing found"));
      if (found.length > SHOWN) nodes.push(el("p", { class: "picker-note" }, `${found.length - SHOWN} more. Type to narrow.`));
      const kept = list.scrollTop;
      list.replaceChildren(...nodes);
      list.scrollTop = kept;
      mark(sought ? 0 : multiple ? active : Math.max(0, found.slice(0, SHOWN).findIndex((one) => values.includes(one.value))));
    };
    search.addEventListener("input", fill);
    search.addEventListener("keydown", (event) => {
      const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (move) mark(active + move);
      else if (event.key === "Enter") rows[active]?.click();
      else if (event.key === "Tab") return void close();
      else return;
      event.preventDefault();
    });

    fill();
    close = float(button, el("div", { class: "picker-panel" }, search, list), { onClose: () => document.activeElement === document.body && button.focus() });
    if (!close) return;
    list.style.height = `${list.offsetHeight}px`; // the panel must not jump while typing narrows the list
    search.focus();
    mark(active);
  }

  return { node: button, read: () => [...values], write: (next) => ((values = [...next]), show()) };
}
