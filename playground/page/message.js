// One message: who, when, what, its reactions, its thread, and what can be done with it.
import { messageBody } from "./blocks.js";
import { clicks } from "./clicks.js";
import { editor } from "./composer.js";
import { ask, copyText } from "./dialogs.js";
import { el } from "./dom.js";
import { menuButton, rowWords } from "./floating.js";
import { icon, iconButton } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { avatar, nameOf, realNameOf } from "./people.js";
import { go, permalink } from "./places.js";
import { reactionPicker, reactions } from "./reactions.js";
import { attempt } from "./server.js";
import { shortcutItems } from "./shortcuts.js";
import { changed, store } from "./state.js";
import { agoWords, clockTime, fullTime } from "./times.js";

const QUIET = /^(channel|group)_(join|leave|name|topic|purpose|archive|unarchive)$/; // what Slack itself reports

let editing = null; // "channel/ts" of the message that is being rewritten

export const isEditing = (channel, ts) => editing === `${channel}/${ts}`;
export const isQuiet = (message) => QUIET.test(message.subtype ?? "");
export const isEphemeral = (message) => Boolean(message.is_ephemeral);

/** The node of a message. `compact` leaves out name and face, `inThread` the way into the thread it stands in already. */
export function renderMessage(message, { channel, compact = false, inThread = false }) {
  if (isQuiet(message)) return quiet(message, channel);
  const deleted = message.subtype === "tombstone";
  const bare = compact || deleted;
  const main = [
    isEphemeral(message) ? aside("lock", "Only visible to you") : null,
    message.subtype === "thread_broadcast" ? aside("reply", "Replied to a thread") : null,
    bare ? null : head(message),
    deleted ? el("p", { class: "faint" }, "This message was deleted.") : body(message, channel),
    reactions(message, channel),
    inThread ? null : replies(message, channel),
  ];
  const row = el(
    "li",
    {
      class: ["message", compact && "compact", isEphemeral(message) && "ephemeral"].filter(Boolean).join(" "),
      "data-ts": message.ts,
      "data-channel": channel,
      "data-user": message.user,
      "data-ephemeral": isEphemeral(message) ? "true" : null,
      tabindex: -1,
    },
    bare ? el("span", { class: "gutter" }, time(message)) : avatar(message.user, botNameOf(message) ?? undefined),
    el("div", { class: "message-main" }, main),
    deleted ? null : tools(message, channel, inThread),
  );
  reachByFocus(row);
  return row;
}

/** What an app calls itself; null for a person. */
function botNameOf(message) {
  return message.username ?? (message.bot_id ? message.bot_profile?.name : null) ?? null;
}

function time(message) {
  const moment = new Date(Number(message.ts) * 1000).toISOString();
  return el("time", { title: fullTime(message.ts), datetime: moment }, clockTime(message.ts));
}

function head(message) {
  const called = botNameOf(message);
  const author = { class: "author", title: called ? null : realNameOf(message.user) };
  const badge = message.bot_id ? el("span", { class: "badge" }, "App") : null;
  return el("div", { class: "message-head" }, el("span", author, called ?? nameOf(message.user)), badge, time(message));
}

function aside(iconName, words) {
  return el("div", { class: "only-you" }, icon(iconName), words);
}

function body(message, channel) {
  if (isEditing(channel, message.ts)) {
    return editor(message, { save: (text) => saveEdit(channel, message.ts, text), cancel: () => edit(null) });
  }
  const { edited } = message;
  const mark = edited ? el("span", { class: "edited", title: fullTime(edited.ts) }, "(edited)") : null;
  const content = messageBody(message, clicks({ channel, ts: message.ts }));
  return el("div", { class: "message-body" }, content, (message.files ?? []).map(file), mark);
}

function file({ name, title, mimetype }) {
  return el("div", { class: "file" }, icon("file"), rowWords(name ?? title ?? "File", mimetype));
}

/** Who came, went or renamed something: one quiet line. */
function quiet(message, channel) {
  const rest = mrkdwn((message.text ?? "").replace(/^<@[^>]+>\s*/, ""));
  return el(
    "li",
    { class: "message quiet", "data-ts": message.ts, "data-channel": channel, tabindex: -1 },
    el("span", { class: "gutter" }),
    el("div", { class: "message-main" }, nameOf(message.user), " ", rest, " ", time(message)),
  );
}

function replies(message, channel) {
  if (!message.reply_count) return null;
  const faces = (message.reply_users ?? []).slice(0, 4).map((id) => avatar(id));
  const words = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  const last = message.latest_reply ? `Last reply ${agoWords(message.latest_reply)}` : "";
  const open = () => go({ channel, thread: message.ts });
  const props = { class: "replies", type: "button", "data-testid": "replies", on: { click: open } };
  return el("button", props, faces, el("strong", {}, words), el("span", { class: "faint" }, ` ${last}`));
}

/**
 * The buttons at a message's corner are out of the way of Tab until the message itself has the focus: three stops for
 * each of 200 messages are a long walk. Arrow keys go from message to message (see conversation.js).
 */
function reachByFocus(row) {
  const own = row.querySelectorAll(".tools > button");
  const reachable = (yes) => own.forEach((button) => (button.tabIndex = yes ? 0 : -1));
  reachable(false);
  row.addEventListener("focusin", () => reachable(true));
  row.addEventListener("focusout", (event) => row.contains(event.relatedTarget) || reachable(false));
}

/** An ephemeral message cannot be reacted to or answered. */
function tools(message, channel, inThread) {
  const own = el("div", { class: "tools", role: "group", "aria-label": "What to do with this message" });
  if (!isEphemeral(message)) {
    const pick = (event) => reactionPicker(event.currentTarget, message, channel);
    own.append(iconButton("smile", "Add a reaction", pick, { "data-testid": "react" }));
    const reply = () => answer(message, channel);
    if (!inThread) own.append(iconButton("reply", "Reply in thread", reply, { "data-testid": "reply" }));
  }
  const items = (button) => menuItems(message, channel, inThread, button);
  own.append(menuButton("more", "More", items, { testid: "message-menu", buttonTestid: "message-menu-button", align: "end" }));
  return own;
}

function answer(message, channel) {
  go({ channel, thread: message.thread_ts ?? message.ts });
}

function menuItems(message, channel, inThread, anchor) {
  const about = { channel, ts: message.ts };
  if (isEphemeral(message)) return [{ label: "Dismiss", action: "dismiss", run: () => attempt("delete", about) }];
  const items = [];
  if (matchMedia("(hover: none)").matches) {
    // Without a pointer to hover with, this menu is the only button a message shows.
    items.push({ label: "Add a reaction", action: "react", run: () => reactionPicker(anchor, message, channel) });
    if (!inThread) items.push({ label: "Reply in thread", action: "reply", run: () => answer(message, channel) });
  }
  items.push({ label: "Copy link", action: "copy-link", run: () => copyText(permalink(channel, message)) });
  const mine = message.user === store.as;
  if (mine) items.push({ label: "Edit", action: "edit", run: () => edit(`${channel}/${message.ts}`) });
  if (mine || store.users.get(store.as)?.is_admin) {
    items.push({ label: "Delete", action: "delete", danger: true, run: () => remove(message, channel) });
  }
  const shortcuts = shortcutItems("message", about);
  return shortcuts.length ? [...items, { heading: store.app.name || "App" }, ...shortcuts] : items;
}

function edit(key) {
  editing = key;
  changed("messages", "thread");
}

async function saveEdit(channel, ts, text) {
  if (await attempt("edit", { channel, ts, text })) edit(null);
}

async function remove(message, channel) {
  const question = { title: "Delete this message?", text: "It will be gone for everybody." };
  const sure = await ask({ ...question, confirm: "Delete", danger: true });
  if (sure) await attempt("delete", { channel, ts: message.ts });
}
