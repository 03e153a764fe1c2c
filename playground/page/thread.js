// The thread pane beside the channel (over it, on a phone).
import { composer } from "./composer.js";
import { conversation } from "./conversation.js";
import { el, place } from "./dom.js";
import { iconButton } from "./icons.js";
import { want } from "./live.js";
import { go } from "./places.js";
import { channelById, dmById, isReadOnly, on, store } from "./state.js";
import { nameOf } from "./people.js";

/** Fill `root` (the aside) and keep it up to date. */
export function thread(root) {
  const title = el("span", { class: "faint" });
  const close = iconButton("close", "Close thread", leave, { "data-action": "close-thread" });
  const talk = conversation({ label: "Thread" });
  const foot = el("div", { class: "place-foot" });
  const space = el("span", { class: "grow" });
  root.append(el("header", { class: "place-head" }, el("h2", {}, "Thread"), title, space, close), talk.node, foot);
  root.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && leave());

  let at = null;

  function leave() {
    const parent = store.place.thread;
    go({ channel: store.place.channel });
    document.querySelector(`main [data-ts="${CSS.escape(parent ?? "")}"]`)?.focus({ preventScroll: true });
  }

  on("place", () => {
    const { channel, thread: ts, ts: wanted } = store.place;
    const key = ts ? `${channel} ${ts}` : null;
    document.body.classList.toggle("thread-open", Boolean(ts));
    root.hidden = !ts;
    if (key !== at) {
      at = key;
      store.thread = null;
      talk.reset();
      drawFoot();
      if (ts) {
        want("thread");
        if (!matchMedia("(hover: none)").matches) foot.querySelector("textarea")?.focus();
      }
    }
    if (ts && wanted) talk.open(wanted);
    draw();
  });
  on("state", () => {
    drawFoot();
    draw();
  });
  on("thread", draw);

  function draw() {
    const { channel, thread: ts } = store.place;
    if (!ts) return;
    title.textContent = channelById(channel) ? `#${channelById(channel).name}` : nameOf(dmById(channel)?.user ?? "");
    if (store.thread !== null && store.threadOf === ts) talk.show(store.thread, { channel, inThread: true });
  }

  function drawFoot() {
    const { channel: id, thread: ts } = store.place;
    const channel = channelById(id);
    const barred = isReadOnly(id) || channel?.is_archived || channel?.is_member === false;
    const open = ts && store.loaded && !barred;
    const key = open ? `${id} ${ts} ${store.as}` : "";
    if (foot.dataset.key === key) return;
    foot.dataset.key = key;
    place(
      foot,
      open ? [composer({ channel: id, thread: ts, label: "Reply in thread", placeholder: "Reply" })] : [],
    );
  }
}
