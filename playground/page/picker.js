// Choosing from a long list by typing a few letters: "act as", people and channel selects, selects with many values.
import { el, freshId } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { float, heading, rowWords } from "./floating.js";
import { icon } from "./icons.js";

const SHOWN = 60; // more than anybody reads; typing narrows the rest

/**
 * A button that shows the choice and opens a searchable list.
 * `options()` gives [{value, label, detail?, group?, node?}] when the list opens, so it is never stale.
 * `onChange(values)` hears a person's choice, not write(). Returns {node, read, write}; read() gives the values.
 */
export function picker(about) {
  const { label, labelledBy, options, selected = [], multiple = false, most = Infinity, onChange } = about;
  const { placeholder = "Choose", testid } = about;
  let values = [...selected];
  const words = el("span", { class: "picker-words" });
  const named = { "aria-label": label, "aria-labelledby": labelledBy, "data-testid": testid };
  const opens = { "aria-haspopup": "listbox", "aria-expanded": "false", on: { click: open } };
  const button = el("button", { class: "picker", type: "button", ...named, ...opens }, words, icon("chevron"));
  show();

  function show() {
    const known = options();
    const chosen = values.map((value) => known.find((one) => one.value === value)?.label ?? value);
    const chips = chosen.map((one) => el("span", multiple ? { class: "chip" } : {}, withEmoji(one)));
    words.replaceChildren(...(chips.length ? chips : [el("span", { class: "placeholder" }, placeholder)]));
    button.dataset.value = values.join(",");
    if (label) button.setAttribute("aria-label", chosen.length ? `${label}: ${chosen.join(", ")}` : label);
  }

  function open() {
    const all = options();
    const what = label ?? placeholder;
    const id = freshId("list");
    const listbox = { role: "listbox", "aria-label": what, "aria-multiselectable": multiple ? "true" : null };
    const list = el("div", { class: "picker-list", id, ...listbox });
    const combobox = { role: "combobox", "aria-controls": id, "aria-expanded": "true", "aria-autocomplete": "list" };
    const said = { placeholder: "Search", "aria-label": `Search: ${what}` };
    const search = el("input", { class: "picker-search", type: "text", autocomplete: "off", ...combobox, ...said });
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
    const rowFor = (one) => {
      const state = { "aria-selected": String(values.includes(one.value)), "data-value": one.value };
      const props = { class: "picker-row", role: "option", id: freshId("option"), ...state };
      const detail = one.detail && withEmoji(one.detail);
      return el("div", { ...props, on: { click: () => choose(one.value) } }, one.node, rowWords(withEmoji(one.label), detail));
    };
    const fill = () => {
      const sought = search.value.trim().toLowerCase();
      const found = all.filter((one) => `${one.label} ${one.detail ?? ""}`.toLowerCase().includes(sought));
      const seen = found.slice(0, SHOWN);
      rows = seen.map(rowFor);
      const nodes = seen.flatMap((one, at) => [
        one.group && one.group !== seen[at - 1]?.group ? heading(one.group) : [],
        rows[at],
      ]);
      if (!found.length) nodes.push(note("Nothing found"));
      if (found.length > SHOWN) nodes.push(note(`${found.length - SHOWN} more. Type to narrow.`));
      const kept = list.scrollTop;
      list.replaceChildren(...nodes.flat());
      list.scrollTop = kept;
      const chosen = Math.max(0, seen.findIndex((one) => values.includes(one.value)));
      mark(sought ? 0 : multiple ? active : chosen);
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
    close = float(button, el("div", { class: "picker-panel" }, search, list));
    if (!close) return;
    list.style.height = `${list.offsetHeight}px`; // the panel must not jump while typing narrows the list
    search.focus();
    mark(active);
  }

  function write(next) {
    values = [...next];
    show();
  }

  return { node: button, read: () => [...values], write };
}

function note(words) {
  return el("p", { class: "picker-note" }, words);
}
