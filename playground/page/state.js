// What the page knows, and who wants to hear when it changes. Nothing here draws and nothing here asks the server.

export const store = {
  as: "", // whose eyes we see through: a user id
  users: new Map(), // id -> user
  channels: [], // what this person may see: {id, name, is_private, is_member, is_archived, ...}
  dms: [], // {id, user}
  unread: {}, // channel id -> number of unread messages
  namesVersion: 0, // counts up when somebody or something is renamed, so that messages are drawn again
  home: null, // the view the app published for this person
  views: [], // open modals, the top one last
  app: { user_id: "", name: "", shortcuts: [], commands: [] },
  team: { name: "" },
  loaded: false, // false until the first state arrived, so that empty is told from not yet known
  connected: true,
  place: { kind: "channel", channel: null, thread: null, ts: null }, // kind "home" shows the App Home tab
  messages: [], // of place.channel, oldest first, null while they are on their way
  thread: null, // of place.thread, the parent first
  drafts: new Map(), // "channel" or "channel/thread" -> text not yet sent
};

const listeners = new Map();

/** Call `listener` when any of these `topics` changed: state, place, messages, thread, views, connection, unreachable. */
export function on(topics, listener) {
  for (const topic of topics.split(" ")) listeners.set(topic, [...(listeners.get(topic) ?? []), listener]);
}

const waiting = new Set();

/** Tell the listeners of `topics`, once per turn however often it is called, so that a burst draws once. */
export function changed(...topics) {
  if (!waiting.size) queueMicrotask(tell);
  for (const topic of topics) waiting.add(topic);
}

function tell() {
  const once = new Set([...waiting].flatMap((topic) => listeners.get(topic) ?? []));
  waiting.clear();
  for (const listener of once) listener();
}

export function channelById(id) {
  return store.channels.find((one) => one.id === id) ?? null;
}

export function dmById(id) {
  return store.dms.find((one) => one.id === id) ?? null;
}

/** The reader's direct messages with the app, once they exist. */
export function appDm() {
  return store.dms.find((one) => one.user === store.app.user_id) ?? null;
}

/** Whether this is where one reads what the app says, and its manifest lets nobody answer. */
export function isReadOnly(id) {
  return appDm()?.id === id && !store.app.takes_messages;
}
