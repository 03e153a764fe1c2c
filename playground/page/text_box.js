// A text box that grows with its text, completes /commands, @names and #channels, and sends with Enter.
import { el, freshId } from "./dom.js";
import { rowWords } from "./floating.js";
import { icon } from "./icons.js";
import { avatar, detailOf, realNameOf, shownName } from "./people.js";
import { store } from "./state.js";

const OFFERED = 8;

/**
 * `send(text)` answers whether it went; only then is the box emptied. `typed(text)` hears of every change, `escape` of
 * the Escape key, `commands` says whether a slash at the start offers commands. Returns {node, area, submit, grow}.
 */
export function textBox({ label, value = "", placeholder = "", commands = false, send, escape, typed }) {
  const listId = freshId("offers");
  const list = el("div", { class: "offers", id: listId, role: "listbox", "aria-label": "Suggestions", hidden: true });
  const combobox = { role: "combobox", "aria-controls": listId, "aria-expanded": "false", "aria-autocomplete": "list" };
  const area = el("textarea", { ...combobox, class: "composer-text", rows: 1, "aria-label": label, placeholder, value });
  const node = el("div", { class: "composer-box" }, list, area);
  let offers = [];
  let active = 0;
  let sending = false;

  function grow() {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 200)}px`;
  }

  function mark(index) {
    active = (index + offers.length) % offers.length;
    [...list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === active)));
    area.setAttribute("aria-activedescendant", list.children[active].id);
    list.children[active].scrollIntoView({ block: "nearest" });
  }

  function row(one) {
    const props = { class: "picker-row", role: "option", id: freshId("offer"), "data-value": one.insert.trim() };
    const choose = (event) => {
      event.preventDefault(); // the text must keep the focus
      take(one);
    };
    return el("div", { ...props, on: { mousedown: choose } }, one.node, rowWords(one.label, one.detail));
  }

  function offer() {
    offers = offersFor(area.value.slice(0, area.selectionStart), commands);
    list.replaceChildren(...offers.map(row));
    list.hidden = !offers.length;
    area.setAttribute("aria-expanded", String(offers.length > 0));
    area.removeAttribute("aria-activedescendant");
    if (offers.length) mark(0);
  }

  function take(one) {
    const at = area.selectionStart;
    area.setRangeText(one.insert, at - one.replaces, at, "end");
    area.dispatchEvent(new Event("input"));
  }

  /** Somebody who typed a name to its end wants to send with Enter, not to choose it from the list. */
  function written(one) {
    return area.value.slice(0, area.selectionStart).slice(-one.replaces) === one.insert.trim();
  }

  async function submit() {
    const text = area.value.trim();
    if (!text || sending) return;
    sending = true;
    node.setAttribute("aria-busy", "true");
    const went = await send(area.value.startsWith(" ") ? ` ${text}` : text);
    sending = false;
    node.removeAttribute("aria-busy");
    if (!went) return;
    area.value = "";
    typed?.("");
    grow();
    offer();
  }

  /** A key while suggestions are shown; answers whether it was for them. */
  function choosing(event) {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const accepts = event.key === "Enter" && !event.shiftKey && !written(offers[active]);
    if (move) mark(active + move);
    else if (event.key === "Tab" || accepts) take(offers[active]);
    else if (event.key === "Escape") list.hidden = true;
    else return false;
    return true;
  }

  area.addEventListener("input", () => {
    grow();
    offer();
    typed?.(area.value);
  });
  area.addEventListener("blur", () => (list.hidden = true));
  area.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (!list.hidden && choosing(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape" && escape) {
      event.stopPropagation();
      escape();
    }
  });
  return { node, area, submit, grow };
}

/** What to offer for the word that ends `before`: {label, detail?, node?, insert, replaces: letters to take away}. */
function offersFor(before, commands) {
  if (commands && /^\/\S*$/.test(before)) return commandsFor(before);
  const [, sign, word] = before.match(/(?:^|[\s(])([@#])([\p{L}\p{N}._-]*)$/u) ?? [];
  if (sign === "@") return peopleFor(word.toLowerCase());
  return sign === "#" ? channelsFor(word.toLowerCase()) : [];
}

function commandsFor(typed) {
  const fitting = store.app.commands.filter((one) => one.command.startsWith(typed));
  return fitting.map((one) => ({
    label: `${one.command} ${one.usage_hint ?? ""}`,
    detail: one.description,
    node: icon("bolt"),
    insert: `${one.command} `,
    replaces: typed.length,
  }));
}

function peopleFor(word) {
  const names = (user) => `${user.name} ${shownName(user)} ${realNameOf(user.id) ?? ""}`.toLowerCase().split(" ");
  const fits = (user) => !user.deleted && names(user).some((part) => part.startsWith(word));
  const fitting = [...store.users.values()].filter(fits).slice(0, OFFERED);
  return fitting.map((user) => ({
    label: shownName(user),
    detail: detailOf(user),
    node: avatar(user.id),
    insert: `@${user.name} `,
    replaces: word.length + 1,
  }));
}

function channelsFor(word) {
  const fitting = store.channels.filter((one) => one.name.startsWith(word)).slice(0, OFFERED);
  return fitting.map(({ name }) => ({ label: `#${name}`, insert: `#${name} `, replaces: word.length + 1 }));
}
