// A list of messages, for the channel and for the thread pane: draws the last ones, keeps its place while things change
// above and below, and offers the way to the newest.
import { notice } from "./dialogs.js";
import { el, Kept, place } from "./dom.js";
import { icon } from "./icons.js";
import { isEditing, isEphemeral, isQuiet, renderMessage } from "./message.js";
import { store } from "./state.js";
import { dayKey, dayWords } from "./times.js";

const PAGE = 200; // drawn at once; "Show earlier" adds as many again
const NEAR_PX = 80; // this close to the end counts as reading the newest
const TOGETHER_SECONDS = 300; // messages of one person within this share one heading

/** Returns {node, show(messages, {channel, inThread, newTs}), open(ts), reset()}. */
export function conversation({ label, empty }) {
  const list = el("ol", { class: "messages", "aria-label": label });
  const lead = el("div", { class: "lead" });
  const earlier = button("earlier", showEarlier, ["Show earlier"]);
  const newest = button("newest", toEnd, [icon("down"), el("span", {}, "Newest")]);
  const spoken = { "aria-label": label, "aria-description": "Arrow up and down move from message to message" };
  const region = { class: "scroller", tabindex: 0, role: "region", ...spoken, on: { keydown: walk } };
  const scroller = el("div", region, lead, earlier, list);
  const node = el("div", { class: "conversation" }, scroller, newest);

  let kept = new Kept();
  let shown = PAGE;
  let last = { messages: [], about: {} };
  let atEnd = true;
  let wanted = null; // a ts to go to as soon as it is there
  let newestTs = null;

  scroller.addEventListener("scroll", () => {
    atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_PX;
    if (atEnd) newest.classList.remove("has-news");
    newest.hidden = atEnd;
  });
  // A picture that loads or a window that is resized must not push the newest message out of sight.
  new ResizeObserver(() => atEnd && !wanted && toEnd()).observe(list);
  new ResizeObserver(() => atEnd && !wanted && toEnd()).observe(scroller);

  /** Arrow keys go from message to message; Tab then reaches the buttons of that one, instead of those of all. */
  function walk(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || !event.target.matches(".scroller, .message")) return;
    const rows = [...list.querySelectorAll(".message")];
    const at = rows.indexOf(event.target);
    const next = at < 0 ? rows.at(-1) : rows[at + step];
    event.preventDefault();
    next?.focus();
  }

  function toEnd() {
    scroller.scrollTop = scroller.scrollHeight;
  }

  function showEarlier() {
    const below = scroller.scrollHeight - scroller.scrollTop;
    shown += PAGE;
    draw();
    scroller.scrollTop = scroller.scrollHeight - below;
  }

  /** Forget the place, because another conversation is coming. */
  function reset() {
    kept = new Kept();
    last = { messages: [], about: {} };
    shown = PAGE;
    atEnd = true;
    wanted = null;
    newestTs = null;
    newest.hidden = true;
    newest.classList.remove("has-news");
    place(list, []);
  }

  function show(messages, about) {
    const newer = newestTs !== null && messages.some((one) => one.ts > newestTs);
    const mine = newer && messages.at(-1).user === store.as && !isEphemeral(messages.at(-1));
    newestTs = messages.at(-1)?.ts ?? "";
    last = { messages, about };
    if (wanted) reach(wanted);
    const before = atEnd;
    draw();
    if (mine || before) toEnd();
    else if (newer) newest.classList.add("has-news");
    if (wanted) find(wanted);
  }

  /** Have enough messages drawn that the wanted one is among them, if it is there at all. */
  function reach(ts) {
    const at = last.messages.findIndex((one) => one.ts === ts);
    if (at >= 0) shown = Math.max(shown, last.messages.length - at + 20);
    else {
      wanted = null;
      atEnd = true;
      notice("That message is gone.");
    }
  }

  function draw() {
    const { messages, about } = last;
    const visible = messages.slice(-shown);
    earlier.hidden = visible.length === messages.length;
    place(lead, messages.length || !empty ? [] : [empty()]);
    const rows = [];
    let previous = null;
    for (const message of visible) {
      const day = dayKey(message.ts);
      if (!previous || dayKey(previous.ts) !== day) rows.push(line(`day ${day}`, "day", dayWords(message.ts)));
      if (message.ts === about.newTs) rows.push(line("new", "new-line", "New"));
      const compact = together(previous, message);
      const look = [compact, isEditing(about.channel, message.ts), store.namesVersion];
      const make = () => renderMessage(message, { ...about, compact });
      rows.push(kept.node(message.ts, JSON.stringify([message, look]), make));
      previous = message;
    }
    kept.place(list, rows);
  }

  function line(key, look, words) {
    return kept.node(key, words, () => el("li", { class: look }, el("span", {}, words)));
  }

  /** Does `message` go on where `previous` stopped, without a heading of its own? */
  function together(previous, message) {
    if (!previous || message.subtype || previous.user !== message.user || isQuiet(previous)) return false;
    if (isEphemeral(previous) !== isEphemeral(message)) return false;
    return message.ts - previous.ts < TOGETHER_SECONDS && dayKey(previous.ts) === dayKey(message.ts);
  }

  /** Go to a message and make it stand out for a moment; if it is not there yet, as soon as it is. */
  function open(ts) {
    wanted = ts;
    if (!ts) return;
    atEnd = false;
    if (last.messages.length) show(last.messages, last.about);
  }

  function find(ts) {
    const row = kept.get(ts);
    if (!row) return;
    wanted = null;
    atEnd = false;
    row.scrollIntoView({ block: "center" });
    row.classList.add("found");
    row.focus({ preventScroll: true });
    setTimeout(() => row.classList.remove("found"), 3000);
  }

  return { node, show, open, reset };
}

function button(name, run, content) {
  const props = { class: `button ${name}`, type: "button", hidden: true, "data-testid": name, on: { click: run } };
  return el("button", props, content);
}
