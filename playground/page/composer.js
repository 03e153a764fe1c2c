// Writing: the box under a conversation, and the same box for rewriting a message. Enter sends, Shift+Enter breaks the line.
import { el, freshId } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./floating.js";
import { avatar, handleOf, shownName } from "./people.js";
import { attempt } from "./server.js";
import { runCommand, shortcutItems } from "./shortcuts.js";
import { channelById, store } from "./state.js";

const OFFERED = 8;

/** What was typed, escaped, so that typed markup stays text. The server makes @names, #channels and addresses references. */
export function toSlack(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** The other way, for rewriting a message: what its author would have typed. */
export function fromSlack(text) {
  return text
    .replace(/<@(\w+)(?:\|[^>]*)?>/g, (whole, id) => (store.users.has(id) ? `@${store.users.get(id).name}` : whole))
    .replace(/<#(\w+)(?:\|([^>]*))?>/g, (whole, id, name) => `#${channelById(id)?.name ?? name ?? id}`)
    .replace(/<!(here|channel|everyone)>/g, "@$1")
    .replace(/<(https?:[^|>]+)(?:\|[^>]*)?>/g, "$1")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");
}

/** A text box that grows, completes and sends. `send(text)` answers whether it went; only then is the box emptied. */
function box({ label, value = "", placeholder = "", commands = false, send, escape, typed }) {
  const listId = freshId("offers");
  const list = el("div", { class: "offers", id: listId, role: "listbox", "aria-label": "Suggestions", hidden: true });
  const area = el("textarea", { class: "composer-text", rows: 1, "aria-label": label, placeholder, role: "combobox", "aria-controls": listId, "aria-expanded": "false", "aria-autocomplete": "list", value });
  const node = el("div", { class: "composer-box" }, list, area);
  let offers = [];
  let active = 0;
  let sending = false;

  const grow = () => {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 200)}px`;
  };
  const mark = (index) => {
    active = (index + offers.length) % offers.length;
    [...list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === active)));
    area.setAttribute("aria-activedescendant", list.children[active].id);
    list.children[active].scrollIntoView({ block: "nearest" });
  };
  const offer = () => {
    offers = offersFor(area.value.slice(0, area.selectionStart), commands);
    list.replaceChildren(...offers.map((one) => el("div", { class: "picker-row", role: "option", id: freshId("offer"), "data-value": one.insert.trim(), on: { mousedown: (event) => (event.preventDefault(), take(one)) } }, one.node ?? null, el("span", { class: "menu-words" }, one.label, one.detail ? el("span", { class: "menu-detail" }, one.detail) : null))));
    list.hidden = !offers.length;
    area.setAttribute("aria-expanded", String(offers.length > 0));
    area.removeAttribute("aria-activedescendant");
    if (offers.length) mark(0);
  };
  const take = (one) => {
    const at = area.selectionStart;
    area.setRangeText(one.insert, at - one.replaces, at, "end");
    area.dispatchEvent(new Event("input"));
  };
  // Somebody who typed a name to its end wants to send, not to choose it from the list.
  const written = (one) => area.value.slice(0, area.selectionStart).slice(-one.replaces) === one.insert.trim();
  const submit = async () => {
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
  };

  area.addEventListener("input", () => {
    grow();
    offer();
    typed?.(area.value);
  });
  area.addEventListener("blur", () => (list.hidden = true));
  area.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (!list.hidden) {
      const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (move) mark(active + move);
      else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !written(offers[active]))) take(offers[active]);
      else if (event.key === "Escape") list.hidden = true;
      else if (event.key !== "Enter" || event.shiftKey) return;
      else submit();
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

/** What to offer for the word that is being typed: commands at the start, people after @, channels after #. */
function offersFor(before, commands) {
  const command = commands && before.match(/^\/\S*$/);
  if (command) return store.app.commands.filter((one) => one.command.startsWith(command[0])).map((one) => ({ label: `${one.command} ${one.usage_hint ?? ""}`, detail: one.description, insert: `${one.command} `, replaces: before.length, node: icon("bolt") }));
  const [, sign, word] = before.match(/(?:^|[\s(])([@#])([\p{L}\p{N}._-]*)$/u) ?? [];
  if (!sign) return [];
  const sought = word.toLowerCase();
  if (sign === "#") return store.channels.filter((one) => one.name.startsWith(sought)).slice(0, OFFERED).map((one) => ({ label: `#${one.name}`, insert: `#${one.name} `, replaces: word.length + 1 }));
  return [...store.users.values()]
    .filter((user) => !user.deleted && `${user.name} ${shownName(user)}`.toLowerCase().split(" ").some((part) => part.startsWith(sought)))
    .slice(0, OFFERED)
    .map((user) => ({ label: shownName(user), detail: handleOf(user), insert: `@${user.name} `, replaces: word.length + 1, node: avatar(user.id) }));
}

/** The composer of a channel or, with `thread`, of a thread. Its draft outlives a visit elsewhere. */
export function composer({ channel, thread = null, label, placeholder, sent }) {
  const key = thread ? `${channel}/${thread}` : channel;
  const send = async (text) => {
    const went = !thread && text.startsWith("/") ? await runCommand(text, channel) : (await attempt("post", { channel, text: toSlack(text.trim()), ...(thread ? { thread_ts: thread } : {}) })) !== null;
    if (went) sent?.();
    return went;
  };
  const { node, area, submit, grow } = box({ label, placeholder, commands: !thread, value: store.drafts.get(key) ?? "", send, typed: (text) => store.drafts.set(key, text) });
  const button = el("button", { class: "icon-button send", type: "button", "aria-label": "Send", title: "Send", "data-testid": "send", on: { click: () => (submit(), area.focus()) } }, icon("send"));
  const bolt = el("button", { class: "icon-button", type: "button", "aria-label": "Shortcuts", title: "Shortcuts", "aria-haspopup": "menu", "aria-expanded": "false", "data-testid": "shortcuts", on: { click: () => menu(bolt, globalItems(), { testid: "shortcuts-menu", label: "Shortcuts" }) } }, icon("bolt"));
  node.append(el("div", { class: "composer-foot" }, bolt, el("span", { class: "faint" }, thread ? "" : "Enter sends, Shift+Enter breaks the line"), button));
  return { node: el("div", { class: "composer", "data-testid": "composer", "data-channel": channel, "data-thread": thread }, node), focus: () => area.focus(), grow };
}

function globalItems() {
  const items = shortcutItems("global");
  return items.length ? [{ heading: store.app.name || "Shortcuts" }, ...items] : [{ heading: "No shortcuts yet" }];
}

/** The box in place of a message that is being rewritten. */
export function editor(message, { save, cancel }) {
  const { node, area, submit, grow } = box({ label: "Edit message", value: fromSlack(message.text ?? ""), send: async (text) => (await save(toSlack(text)), false), escape: cancel });
  node.append(el("div", { class: "composer-foot" }, el("span", { class: "grow" }), el("button", { class: "button", type: "button", on: { click: cancel } }, "Cancel"), el("button", { class: "button primary", type: "button", on: { click: submit } }, "Save")));
  setTimeout(() => {
    grow();
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  });
  return node;
}
