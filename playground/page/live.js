// Keeping the page true: loads what this person may see, follows the stream, and loads again what a change touched.
import { announce, append } from "./dom.js";
import { attempt, fetchJson, follow, Refused } from "./server.js";
import { notice } from "./dialogs.js";
import { nameOf } from "./people.js";
import { appDm, changed, channelById, dmById, on, store } from "./state.js";
import { go } from "./places.js";
import { mrkdwn } from "./mrkdwn.js";

const GATHER_MS = 60; // a burst of changes becomes one load

const WITHOUT_WORDS = new Set(["read", "views", "home", "settings"]); // changes that leave messages as they are

let stop = null;
let asked = 0; // answers that come back after a newer question are dropped
const due = { state: false, messages: false, thread: false };
let timer = null;
let loading = false;
let knownNames = "";

/** Become `as`: forget what the person before could see, load, and follow the changes from now on. */
export function become(as) {
  stop?.();
  Object.assign(store, { as, loaded: false, messages: null, thread: null, views: [], home: null });
  changed("state", "messages", "thread", "views");
  stop = follow(as, { onOpen: reconnected, onChange: heard, onLost: lost });
}

/** A tab in the background needs no stream, and browsers allow six to one host; it catches up when it is looked at. */
document.addEventListener("visibilitychange", () => {
  if (!store.as) return;
  stop?.();
  stop = document.hidden ? null : follow(store.as, { onOpen: reconnected, onChange: heard, onLost: lost });
});

// A stream can look alive long after the server behind it is gone; a request that does not arrive knows better.
on("unreachable", () => {
  if (!store.connected || !stop) return;
  stop();
  lost();
  stop = follow(store.as, { onOpen: reconnected, onChange: heard, onLost: lost });
});

function reconnected() {
  store.connected = true;
  changed("connection");
  want("state", "messages", "thread");
}

function lost() {
  store.connected = false;
  changed("connection");
}

function heard(change) {
  want("state");
  if (WITHOUT_WORDS.has(change.type)) return;
  if (!change.channel || change.channel === store.place.channel) want("messages", "thread");
}

/** Ask for these again soon. */
export function want(...parts) {
  for (const part of parts) due[part] = true;
  if (!loading) timer ??= setTimeout(load, GATHER_MS);
}

/** One load at a time: while many people talk, the next one waits for this one and then asks for everything due. */
async function load() {
  timer = null;
  loading = true;
  const parts = { ...due };
  Object.assign(due, { state: false, messages: false, thread: false });
  try {
    if (parts.state) await loadState();
    await Promise.all([parts.messages && loadMessages(), parts.thread && loadThread()]);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    // Whoever we were is gone: the workspace was emptied. Start again as somebody who is there.
    if (error.code === "user_not_found") location.assign("/");
    else if (error.code !== "unreachable") notice(error.message);
  } finally {
    loading = false;
    if (Object.values(due).some(Boolean)) want();
  }
}

async function loadState() {
  const as = store.as;
  const state = await fetchJson("state", { as });
  if (as !== store.as) return;
  const first = !store.loaded;
  countNames(state);
  const { channels, dms, unread, home, views, app, team } = state;
  const users = new Map(state.users.map((user) => [user.id, user]));
  Object.assign(store, { users, channels, dms, unread, home, views, app, team, loaded: true });
  if (first || !visible(store.place)) settle();
  if (first && store.place.kind === "home") attempt("home", {}); // who comes by the address opens it as much
  changed("state", "views");
}

/** Names stand in messages too; when somebody or something is renamed, messages have to be drawn again. */
function countNames({ users, channels }) {
  const people = users.map((user) => [user.id, user.real_name, user.profile?.display_name]);
  const names = JSON.stringify([people, channels.map((one) => [one.id, one.name])]);
  if (names !== knownNames) store.namesVersion += 1;
  knownNames = names;
}

function visible({ kind, channel }) {
  return kind === "home" || channelById(channel) !== null || dmById(channel) !== null;
}

/**
 * After the first load, and when a place was taken away: stay where the address says if this person may be there, else go
 * where everybody may.
 */
function settle() {
  const { channel } = store.place;
  const named = store.channels.find((one) => channel === `#${one.name}` || channel === one.name);
  if (named) go({ ...store.place, channel: named.id }, { replace: true });
  else if (!visible(store.place)) {
    if (channel) notice("That place is not there, or not for you. Here is one that is.");
    const mine = store.channels.filter((one) => one.is_member && !one.is_archived);
    const start = mine.find((one) => one.is_general) ?? mine[0] ?? store.channels[0];
    go({ channel: start?.id ?? null }, { replace: true });
  } else changed("place");
}

async function loadMessages() {
  const { as, place } = store;
  const { channel, kind } = place;
  if (!channel || kind === "home" || !store.loaded) return;
  const mine = ++asked;
  const { messages } = await fetchJson("messages", { as, channel });
  if (mine !== asked || as !== store.as) return;
  tellNews(channel, messages);
  store.messages = messages;
  store.messagesOf = channel;
  changed("messages");
  markRead(channel, messages);
}

async function loadThread() {
  const { as, place } = store;
  const { channel, thread } = place;
  if (!channel || !thread || !store.loaded) return;
  const { messages } = await fetchJson("messages", { as, channel, thread_ts: thread });
  if (as !== store.as || store.place.thread !== thread || store.place.channel !== channel) return;
  store.thread = messages;
  store.threadOf = thread;
  changed("thread");
}

/** Read out what has just arrived in the open channel, but not a channel that was only now opened. */
function tellNews(channel, messages) {
  const newest = store.messages?.at(-1)?.ts;
  if (store.messagesOf !== channel || !newest) return;
  const news = messages.filter((one) => one.ts > newest && one.user !== store.as);
  if (news.length) announce(news.slice(-3).map((one) => `${nameOf(one.user)}: ${spoken(one.text)}`).join(". "));
}

/** mrkdwn as it would be read aloud: names for ids, labels for links. */
function spoken(text) {
  return append(document.createElement("p"), mrkdwn(text)).textContent.slice(0, 200);
}

function markRead(channel, messages) {
  if (!store.unread[channel] || !messages.length || document.hidden) return;
  attempt("read", { channel, ts: messages.at(-1).ts });
}

/** Open the app's Messages tab; the first time, this is what makes the conversation. */
export async function openMessages() {
  if (appDm()) go({ channel: appDm().id });
  await attempt("home", { tab: "messages" });
  if (appDm()) return;
  await loadState();
  if (appDm()) go({ channel: appDm().id });
}

/** Open the app's Home as this person; the app hears of it and may publish a fresh view. */
export function openHome() {
  go({ kind: "home", channel: appDm()?.id ?? null });
  attempt("home", {});
}
