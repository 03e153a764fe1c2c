// Reactions: the chips below a message, and the little panel from which one is chosen.
import { el } from "./dom.js";
import { emoji, REACTIONS } from "./emoji.js";
import { float, step } from "./floating.js";
import { iconButton } from "./icons.js";
import { nameOf } from "./people.js";
import { attempt } from "./server.js";
import { store } from "./state.js";

/** The reactions to a message, one's own marked, and a way to add one; null where there are none yet. */
export function reactions(message, channel) {
  if (!message.reactions?.length) return null;
  const more = iconButton("smile", "Add a reaction", () => reactionPicker(more, message, channel));
  more.className = "reaction add";
  return el("div", { class: "reactions" }, message.reactions.map((one) => chip(one, message, channel)), more);
}

function chip({ name, users, count }, message, channel) {
  const who = users.map((id) => (id === store.as ? "You" : nameOf(id))).join(", ");
  const props = {
    class: "reaction",
    type: "button",
    "aria-pressed": String(users.includes(store.as)),
    "aria-label": `${name}, ${count}: ${who}`,
    title: `${who} reacted with :${name}:`,
    "data-reaction": name,
    on: { click: () => react(message, channel, name) },
  };
  return el("button", props, emoji(name), el("span", { class: "reaction-count" }, count));
}

/** Add my reaction, or take it back if it is already there. */
function react(message, channel, name) {
  const mine = message.reactions?.some((one) => one.name === name && one.users.includes(store.as));
  return attempt(mine ? "unreact" : "react", { channel, ts: message.ts, name });
}

export function reactionPicker(anchor, message, channel) {
  const props = { role: "menu", "aria-label": "Add a reaction", "data-testid": "reaction-picker" };
  const panel = el("div", { class: "reaction-picker", ...props });
  const choose = (name) => {
    close();
    react(message, channel, name);
  };
  for (const name of REACTIONS) {
    const look = { type: "button", role: "menuitem", "aria-label": name, title: `:${name}:`, "data-reaction": name };
    panel.append(el("button", { ...look, on: { click: () => choose(name) } }, emoji(name)));
  }
  panel.addEventListener("keydown", (event) => step(event, [...panel.children]));
  const close = float(anchor, panel, { align: "end" });
  if (close) panel.firstChild.focus();
}
