// Where the reader is: which channel, thread or message, and as whom. It lives in the address, so that a link, a reload
// and the browser's back button all do what one expects.
import { changed, store } from "./state.js";

/** Read the place from the address: /?as=&channel=&thread=, /?as=&home=1, or a permalink /archives/CHANNEL/pTS. */
export function readAddress() {
  const query = new URLSearchParams(location.search);
  const permalink = location.pathname.match(/^\/archives\/([^/]+)\/p(\d+?)(\d{6})$/);
  const bare = location.pathname.match(/^\/archives\/([^/]+)\/?$/);
  const place = {
    kind: query.has("home") || /^\/home(\/|$)/.test(location.pathname) ? "home" : "channel",
    channel: query.get("channel"),
    thread: query.get("thread"),
    ts: query.get("ts"),
  };
  if (bare) place.channel = decodeURIComponent(bare[1]);
  if (permalink) {
    place.channel = decodeURIComponent(permalink[1]);
    place.ts = `${permalink[2]}.${permalink[3]}`;
    place.thread = query.get("thread_ts");
  }
  return { as: query.get("as"), place };
}

/** Go somewhere. What is left out is not carried over, except the channel when only a thread is opened or closed. */
export function go(
  { kind = "channel", channel = store.place.channel, thread = null, ts = null },
  { replace = false } = {},
) {
  store.place = { kind, channel, thread, ts };
  history[replace ? "replaceState" : "pushState"](null, "", address());
  changed("place");
}

export function address({ as = store.as, place = store.place } = {}) {
  const query = new URLSearchParams({ as });
  if (place.kind === "home") query.set("home", "1");
  else if (place.channel) query.set("channel", place.channel);
  if (place.thread) query.set("thread", place.thread);
  if (place.ts) query.set("ts", place.ts);
  return `/?${query}`;
}

/** Slack's permalink of a message; a reply names its thread too. */
export function permalink(channel, message) {
  const link = `${location.origin}/archives/${channel}/p${message.ts.replace(".", "")}`;
  const isReply = message.thread_ts && message.thread_ts !== message.ts;
  return isReply ? `${link}?thread_ts=${message.thread_ts}&cid=${channel}` : link;
}
