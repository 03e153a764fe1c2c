// The control API (playground/control): acts of a person, what that person may see, and the stream of changes.
import { notice } from "./dialogs.js";
import { changed, store } from "./state.js";

/** What the server, or the app behind it, refused. `code` is the short error word. */
export class Refused extends Error {
  constructor(code, answer = {}) {
    super(inWords(code));
    this.code = code;
    this.answer = answer;
  }
}

const WORDS = {
  unreachable: "The workspace cannot be reached right now.",
  not_in_channel: "You are not in this channel. Join it first.",
  is_archived: "This channel is archived.",
  message_not_found: "That message is gone.",
  channel_not_found: "There is no such channel, or you may not see it.",
  cant_update_message: "Only the person who wrote it can change it.",
  user_disabled: "This person has left the workspace.",
  invalid_name: "There is no such emoji.",
  cant_delete_message: "Only the person who wrote it can delete it.",
  no_text: "There is nothing to send yet.",
  msg_too_long: "That is too long for one message.",
  user_not_found: "There is no such person.",
  view_not_found: "That window is no longer open.",
  element_not_found: "That button is no longer there.",
};

export function inWords(code) {
  return WORDS[code] ?? `That was refused: ${String(code).replaceAll("_", " ")}.`;
}

async function read(response) {
  let answer = null;
  try {
    answer = await response.json();
  } catch {
    throw new Refused(response.ok ? "unreachable" : `server error ${response.status}`);
  }
  if (!response.ok || answer.ok === false) throw new Refused(answer.error ?? `server error ${response.status}`, answer);
  return answer;
}

async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch {
    changed("unreachable");
    throw new Refused("unreachable");
  }
}

/** Do something as the person we are. Throws Refused. */
export async function act(name, body) {
  const headers = { "Content-Type": "application/json" };
  return read(await reach(`/control/${name}`, { method: "POST", headers, body: JSON.stringify({ user: store.as, ...body }) }));
}

/** As act, but says what went wrong in a notice and answers null. `words` replace what an error word means elsewhere. */
export async function attempt(name, body, words = {}) {
  try {
    return await act(name, body);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    notice(words[error.code] ?? error.message);
    return null;
  }
}

/** Ask for something; parameters that are null are left out. Throws Refused. */
export async function fetchJson(name, parameters = {}) {
  const query = new URLSearchParams(
    Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined),
  );
  return read(await reach(`/control/${name}?${query}`));
}

/**
 * Follow the stream of changes. `onOpen` runs at each (re)connection, `onChange` for each change, `onLost` when the
 * connection broke; it is tried again by itself, first after one second, later every ten. Returns a function that ends it.
 */
export function follow(as, { onOpen, onChange, onLost }) {
  let source = null;
  let again = null;
  let pause = 1;
  const connect = () => {
    source = new EventSource(`/control/stream?as=${encodeURIComponent(as)}`);
    source.onopen = () => {
      pause = 1;
      onOpen();
    };
    source.onmessage = (event) => onChange(JSON.parse(event.data));
    source.onerror = () => {
      source.close();
      onLost();
      clearTimeout(again);
      again = setTimeout(connect, pause * 1000);
      pause = Math.min(10, pause * 2);
    };
  };
  connect();
  return () => {
    clearTimeout(again);
    source.close();
  };
}
