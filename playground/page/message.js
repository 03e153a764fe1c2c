// One message: who, when, what, its reactions, its thread, and what can be done with it.
import { messageBody } from "./blocks.js";
import { clicks } from "./clicks.js";
import { ask, notice } from "./dialogs.js";
import { el } from "./dom.js";
import { emoji, REACTIONS } from "./emoji.js";
import { float, menu, step } from "./floating.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { avatar, nameOf } from "./people.js";
import { go, permalink } from "./places.js";
import { attempt } from "./server.js";
import { shortcutItems } from "./shortcuts.js";
import { changed, store } from "./state.js";
import { agoWords, clockTime, fullTime } from "./times.js";
import { editor } from "./composer.js";

const QUIET = new Set(["channel_join", "channel_leave", "channel_name", "channel_topic", "channel_purpose", "channel_archive", "channel_unarchive", "group_join", "group_leave", "group_archive", "group_unarchive"]);

let editing = null; // "channel/ts" of the message that is being rewritten

export const isEditing = (channel, ts) => editing === `${channel}/${ts}`;
export const isQuiet = (message) => QUIET.has(message.subtype);
export const isEphemeral = (message) => Boolean(message.is_ephemeral);

/** The node of a message. `compact` leaves out name and face, `inThread` the way into the thread it already stands in. */
export function renderMessage(message, { channel, compact = false, inThread = false }) {
  if (isQuiet(message)) return quiet(message, channel);
  const app = Boolean(message.bot_id);
  const name = message.username ?? (app ? (message.bot_profile?.name ?? nameOf(message.user)) : nameOf(message.user));
  const deleted = message.subtype === "tombstone";
  const time = el("time", { title: fullTime(message.ts), datetime: new Date(Number(message.ts) * 1000).toISOString() }, clockTime(message.ts));
  const head = compact || deleted ? null : el("div", { class: "message-head" }, el("span", { class: "author" }, name), app ? el("span", { class: "badge" }, "App") : null, time);
  const body = deleted
    ? el("p", { class: "faint" }, "This message was deleted.")
    : isEditing(channel, message.ts)
      ? editor(message, { save: (text) => saveEdit(channel, message.ts, text), cancel: () => edit(null) })
      : el("div", { class: "message-body" }, messageBody(message, clicks({ channel, ts: message.ts })), files(message), message.edited ? el("span", { class: "edited", title: fullTime(message.edited.ts) }, "(edited)") : null);
  const row = el(
    "li",
    { class: classes(message, compact), "data-ts": message.ts, "data-channel": channel, "data-user": message.user, "data-ephemeral": isEphemeral(message) ? "true" : null, tabindex: -1 },
    compact || deleted ? el("span", { class: "gutter" }, time) : avatar(message.user, name),
    el(
      "div",
      { class: "message-main" },
      isEphemeral(message) ? el("div", { class: "only-you" }, icon("lock"), "Only visible to you") : null,
      message.subtype === "thread_broadcast" ? el("div", { class: "only-you" }, icon("reply"), "Replied to a thread") : null,
      head,
      body,
      reactions(message, channel),
      inThread ? null : replies(message, channel),
    ),
    deleted ? null : tools(message, channel, inThread),
  );
  const reachable = (yes) => row.querySelectorAll(".tools > button").forEach((button) => (button.tabIndex = yes ? 0 : -1));
  row.addEventListener("focusin", () => reachable(true));
  row.addEventListener("focusout", (event) => row.contains(event.relatedTarget) || reachable(false));
  return row;
}

function classes(message, compact) {
  return ["message", compact && "compact", isEphemeral(message) && "ephemeral"].filter(Boolean).join(" ");
}

function quiet(message, channel) {
  return el("li", { class: "message quiet", "data-ts": message.ts, "data-channel": channel, tabindex: -1 }, el("span", { class: "gutter" }), el("div", { class: "message-main" }, nameOf(message.user), " ", mrkdwn((message.text ?? "").replace(/^<@[^>]+>\s*/, "")), " ", el("time", {}, clockTime(message.ts))));
}

function files(message) {
  return (message.files ?? []).map((file) => el("div", { class: "file" }, icon("file"), el("span", {}, file.name ?? file.title ?? "File", el("span", { class: "menu-detail" }, file.mimetype ?? ""))));
}

function reactions(message, channel) {
  if (!message.reactions?.length) return null;
  const chips = message.reactions.map(({ name, users, count }) => {
    const mine = users.includes(store.as);
    const who = users.map((id) => (id === store.as ? "You" : nameOf(id))).join(", ");
    return el("button", { class: "reaction", type: "button", "aria-pressed": String(mine), "aria-label": `${name}, ${count}: ${who}`, title: `${who} reacted with :${name}:`, "data-reaction": name, on: { click: () => react(message, channel, name) } }, emoji(name), el("span", { class: "reaction-count" }, count));
  });
  const more = el("button", { class: "reaction add", type: "button", "aria-label": "Add a reaction", title: "Add a reaction", on: { click: () => reactionPicker(more, message, channel) } }, icon("smile"));
  return el("div", { class: "reactions" }, chips, more);
}

function replies(message, channel) {
  if (!message.reply_count) return null;
  const faces = (message.reply_users ?? []).slice(0, 4).map((id) => avatar(id));
  const words = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  return el("button", { class: "replies", type: "button", "data-testid": "replies", on: { click: () => go({ channel, thread: message.ts }) } }, faces, el("strong", {}, words), message.latest_reply ? el("span", { class: "faint" }, ` Last reply ${agoWords(message.latest_reply)}`) : null);
}

/** Add my reaction, or take it back if it is already there. */
function react(message, channel, name) {
  const mine = message.reactions?.some((one) => one.name === name && one.users.includes(store.as));
  return attempt(mine ? "unreact" : "react", { channel, ts: message.ts, name });
}

function reactionPicker(anchor, message, channel) {
  const panel = el("div", { class: "reaction-picker", role: "menu", "aria-label": "Add a reaction", "data-testid": "reaction-picker" });
  let close = null;
  for (const name of REACTIONS) panel.append(el("button", { type: "button", role: "menuitem", "aria-label": name, title: `:${name}:`, "data-reaction": name, on: { click: () => (close(), react(message, channel, name)) } }, emoji(name)));
  panel.addEventListener("keydown", (event) => step(event, [...panel.children]));
  close = float(anchor, panel, { align: "end", onClose: () => document.activeElement === document.body && anchor.focus() });
  if (close) panel.firstChild.focus();
}

/** The buttons at a message's corner. An ephemeral message cannot be reacted to or answered. */
function tools(message, channel, inThread) {
  const own = el("div", { class: "tools", role: "group", "aria-label": "What to do with this message" });
  // Out of the way of Tab until the message itself has the focus: three stops for each of 200 messages are a long walk.
  const tool = (name, label, testid, run) => {
    const button = el("button", { class: "icon-button", type: "button", tabindex: -1, "aria-label": label, title: label, "data-testid": testid, on: { click: () => run(button) } }, icon(name));
    own.append(button);
    return button;
  };
  if (!isEphemeral(message)) {
    tool("smile", "Add a reaction", "react", (button) => reactionPicker(button, message, channel));
    if (!inThread) tool("reply", "Reply in thread", "reply", () => go({ channel, thread: message.thread_ts ?? message.ts }));
  }
  const more = tool("more", "More", "message-menu-button", (button) => menu(button, menuItems(message, channel, inThread, button), { testid: "message-menu", label: "More", align: "end" }));
  more.setAttribute("aria-haspopup", "menu");
  more.setAttribute("aria-expanded", "false");
  return own;
}

function menuItems(message, channel, inThread, anchor) {
  if (isEphemeral(message)) return [{ label: "Dismiss", action: "dismiss", run: () => attempt("delete", { channel, ts: message.ts }) }];
  const shortcuts = shortcutItems("message", { channel, ts: message.ts });
  const items = [];
  if (matchMedia("(hover: none)").matches) {
    // Without a pointer to hover with, this menu is the only button a message shows.
    items.push({ label: "Add a reaction", action: "react", run: () => reactionPicker(anchor, message, channel) });
    if (!inThread) items.push({ label: "Reply in thread", action: "reply", run: () => go({ channel, thread: message.thread_ts ?? message.ts }) });
  }
  items.push({ label: "Copy link", action: "copy-link", run: () => copy(permalink(channel, message)) });
  const mine = message.user === store.as;
  if (mine) items.push({ label: "Edit", action: "edit", run: () => edit(`${channel}/${message.ts}`) });
  if (mine || store.users.get(store.as)?.is_admin) {
    items.push({ label: "Delete", action: "delete", danger: true, run: () => remove(message, channel) });
  }
  return shortcuts.length ? [...items, { heading: store.app.name || "App" }, ...shortcuts] : items;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    notice("Copied");
  } catch {
    notice(text); // no permission for the clipboard: show it, so that it can be copied by hand
  }
}

function edit(key) {
  editing = key;
  changed("messages", "thread");
}

async function saveEdit(channel, ts, text) {
  if (await attempt("edit", { channel, ts, text })) edit(null);
}

async function remove(message, channel) {
  const sure = await ask({ title: "Delete this message?", text: "It will be gone for everybody.", confirm: "Delete", danger: true });
  if (sure) await attempt("delete", { channel, ts: message.ts });
}
