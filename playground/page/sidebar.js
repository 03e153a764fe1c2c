// The side bar: channels, direct messages and the app, with what is unread; and, above it, whose eyes we see through.
import { el, Kept } from "./dom.js";
import { icon } from "./icons.js";
import { openHome, openMessages } from "./live.js";
import { avatar, detailOf, nameOf, realNameOf, shownName } from "./people.js";
import { picker } from "./picker.js";
import { address, go } from "./places.js";
import { appDm, on, store } from "./state.js";

/** Fill `root` (the nav) and keep it up to date. */
export function sidebar(root) {
  const words = { placeholder: "Find a channel or person", "aria-label": "Find a channel or person" };
  const field = { class: "field side-search", type: "search", autocomplete: "off", ...words, on: { input: draw } };
  const search = el("input", field);
  const sections = el("div", { class: "side-sections" });
  const kept = new Kept();
  const tracker = el("a", { class: "side-row side-elsewhere", href: "/tracker" }, icon("tracker"), "Tracker");
  root.append(search, sections, tracker);
  on("state place", draw);

  function draw() {
    const all = rows(search.value.trim().toLowerCase());
    const nodes = [];
    for (const [title, entries] of all) {
      if (!entries.length) continue;
      nodes.push(kept.node(title, title, () => el("h2", { class: "side-title" }, title)));
      nodes.push(...entries.map((entry) => kept.node(`${title} ${entry.id}`, signature(entry), () => row(entry))));
    }
    if (!nodes.length) {
      const note = store.loaded ? "Nothing has that name." : "Loading";
      nodes.push(kept.node("note", note, () => el("p", { class: "faint side-note" }, note)));
    }
    kept.place(sections, nodes);
  }
}

/** The sections and what is in them, as far as it fits what is `sought`. */
function rows(sought) {
  const fits = (words) => words.toLowerCase().includes(sought);
  const channels = store.channels.filter((one) => fits(one.name)).sort((a, b) => a.name.localeCompare(b.name));
  const open = channels.filter((one) => !one.is_archived);
  const people = store.dms.filter((one) => one.user !== store.app.user_id && fits(`${nameOf(one.user)} ${realNameOf(one.user) ?? ""}`));
  const joined = open.filter((one) => one.is_member);
  const others = open.filter((one) => !one.is_member);
  return [
    ["Channels", joined.map(channelRow)],
    ["Apps", store.app.user_id && fits(store.app.name) ? [appRow()] : []],
    ["Direct messages", people.map(dmRow)],
    ["Channels you could join", others.map(channelRow)],
    ["Archived", sought ? channels.filter((one) => one.is_archived).map(channelRow) : []],
  ];
}

function signature({ href, current, unread, label, kind }) {
  return JSON.stringify([href, current, unread, label, kind]);
}

function row({ id, href, current, unread, label, mark, run }) {
  const state = { "aria-current": current ? "page" : null, "data-unread": unread || null };
  const count = unread > 99 ? "99+" : unread;
  const link = el(
    "a",
    { class: "side-row", href, "data-channel": id, ...state },
    mark(),
    el("span", { class: "side-name" }, label),
    unread ? el("span", { class: "count-badge" }, count, el("span", { class: "unseen" }, " unread")) : null,
  );
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return; // a new tab, as links do
    event.preventDefault();
    document.body.classList.remove("drawer-open");
    run();
  });
  return link;
}

function here(id) {
  return store.place.kind === "channel" && store.place.channel === id;
}

function placeRow(id, rest) {
  return {
    id,
    href: address({ place: { kind: "channel", channel: id } }),
    current: here(id),
    unread: store.unread[id] ?? 0,
    run: () => go({ channel: id }),
    ...rest,
  };
}

function channelRow(channel) {
  const kind = channel.is_private ? "lock" : "channel";
  return placeRow(channel.id, { label: channel.name, kind, mark: () => icon(kind) });
}

function dmRow(dm) {
  return placeRow(dm.id, { label: nameOf(dm.user), mark: () => avatar(dm.user) });
}

/** The app: its Home; but while something in the Messages tab is unread, that is what one wants to see. */
function appRow() {
  const { user_id: user, name } = store.app;
  const dm = appDm();
  const unread = dm ? (store.unread[dm.id] ?? 0) : 0;
  return {
    id: dm?.id ?? user,
    href: address({ place: { kind: "home" } }),
    current: store.place.kind === "home" || (dm !== null && here(dm.id)),
    unread,
    label: name,
    mark: () => avatar(user, name),
    run: () => (store.unread[appDm()?.id] ? openMessages() : openHome()),
  };
}

/** The "act as" control: every person of the workspace, by name; first those who have a part to play. */
export function actAs(root) {
  const control = picker({
    label: "Act as",
    testid: "act-as",
    placeholder: "Somebody",
    options: everybody,
    // A person's place may be closed to the next one, so this is a fresh start at the same address.
    onChange: ([as]) => location.assign(address({ as, place: { ...store.place, thread: null, ts: null } })),
  });
  root.append(el("span", { class: "faint act-as-word" }, "Act as"), control.node);
  on("state", () => control.write(store.as ? [store.as] : []));
}

function everybody() {
  const people = [...store.users.values()].filter((user) => !user.is_bot && !user.deleted);
  const isExtra = (user) => (user.profile?.title ? 0 : 1);
  people.sort((a, b) => isExtra(a) - isExtra(b) || shownName(a).localeCompare(shownName(b)));
  return people.map((user) => ({
    group: people.some(isExtra) ? ["The cast", "Everybody else"][isExtra(user)] : null,
    value: user.id,
    label: shownName(user),
    detail: [detailOf(user), user.profile?.title].filter(Boolean).join(" · "),
    node: avatar(user.id),
  }));
}
