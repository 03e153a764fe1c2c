// The box under a conversation, and the same box for rewriting a message. Enter sends, Shift+Enter breaks the line.
import { el } from "./dom.js";
import { menuButton } from "./floating.js";
import { iconButton } from "./icons.js";
import { attempt } from "./server.js";
import { runCommand, shortcutItems } from "./shortcuts.js";
import { channelById, store } from "./state.js";
import { textBox } from "./text_box.js";

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

/** The composer of a channel or, with `thread`, of a thread. Its draft outlives a visit elsewhere. */
export function composer({ channel, thread = null, label, placeholder }) {
  const key = thread ? `${channel}/${thread}` : channel;
  const send = async (text) => {
    if (!thread && text.startsWith("/")) return runCommand(text, channel);
    const message = { channel, text: toSlack(text.trim()) };
    return (await attempt("post", thread ? { ...message, thread_ts: thread } : message)) !== null;
  };
  const { node, area, submit } = textBox({
    label,
    placeholder,
    commands: !thread, // Slack takes no slash commands within threads
    value: store.drafts.get(key) ?? "",
    send,
    typed: (text) => store.drafts.set(key, text),
  });
  const press = () => {
    submit();
    area.focus();
  };
  const testids = { testid: "shortcuts-menu", buttonTestid: "shortcuts" };
  const hint = thread ? "" : "Enter sends, Shift+Enter breaks the line";
  const foot = el("div", { class: "composer-foot" }, menuButton("bolt", "Shortcuts", globalItems, testids));
  foot.append(el("span", { class: "faint" }, hint), iconButton("send", "Send", press, { class: "icon-button send", "data-testid": "send" }));
  node.append(foot);
  const about = { "data-testid": "composer", "data-channel": channel, "data-thread": thread };
  return el("div", { class: "composer", ...about }, node);
}

function globalItems() {
  const items = shortcutItems("global");
  return items.length ? [{ heading: store.app.name || "Shortcuts" }, ...items] : [{ heading: "No shortcuts yet" }];
}

/** The box in place of a message that is being rewritten. `save(text)` gets the text in Slack's form. */
export function editor(message, { save, cancel }) {
  const send = async (text) => {
    await save(toSlack(text));
    return false; // if it was saved, the box is gone; if not, the text must stay
  };
  const value = fromSlack(message.text ?? "");
  const { node, area, submit, grow } = textBox({ label: "Edit message", value, send, escape: cancel });
  const button = (look, run, words) => el("button", { class: `button ${look}`, type: "button", on: { click: run } }, words);
  const buttons = [el("span", { class: "grow" }), button("", cancel, "Cancel"), button("primary", submit, "Save")];
  node.append(el("div", { class: "composer-foot" }, buttons));
  setTimeout(() => {
    grow();
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  });
  return node;
}
