// The side bar: channels, direct messages and the app, with what is unread; and, above it, whose eyes we see through.
import { el, place } from "./dom.js";
import { icon } from "./icons.js";
import { openHome, openMessages } from "./live.js";
import { avatar, handleOf, nameOf, shownName } from "./people.js";
import { picker } from "./picker.js";
import { address, go } from "./places.js";
import { on, store } from "./state.js";

/** Fill `root` (the nav) and keep it up to date. */
export function sidebar(root) {
  const search = el("input", { class: "field side-search", type: "search", placeholder: "Find a channel or person", "aria-label": "Find a channel or person", autocomplete: "off", on: { input: draw } });
  const sections = el("div", { class: "side-sections" });
  root.append(search, sections);
  on("state place", draw);

  function draw() {
    const sought = search.value.trim().toLowerCase();
    const fits = (words) => words.toLowerCase().includes(sought);
    const channels = store.channels.filter((one) => !one.is_archived && fits(one.name)).sort((a, b) => a.name.localeCompare(b.name));
    const people = store.dms.filter((one) => one.user !== store.app.user_id && fits(nameOf(one.user)));
    const app = store.app.user_id && fits(store.app.name ?? "") ? [appRow()] : [];
    const archived = sought ? store.channels.filter((one) => one.is_archived && fits(one.name)) : [];
    const parts = [
      section("Channels", channels.filter((one) => one.is_member).map(channelRow)),
      section("Apps", app),
      section("Direct messages", people.map(dmRow)),
      section("Channels you could join", channels.filter((one) => !one.is_member).map(channelRow)),
      section("Archived", archived.map(channelRow)),
    ].filter(Boolean);
    if (!store.loaded) parts.push(el("p", { class: "faint side-note" }, "Loading"));
    else if (!parts.length) parts.push(el("p", { class: "faint side-note" }, "Nothing has that name."));
    place(sections, parts);
  }
}

function section(title, rows) {
  return rows.length ? el("section", {}, el("h2", { class: "side-title" }, title), el("ul", {}, rows)) : null;
}

function row({ id, href, current, unread, label, mark, run }) {
  const link = el("a", { class: "side-row", href, "data-channel": id, "aria-current": current ? "page" : null, "data-unread": unread || null }, mark, el("span", { class: "side-name" }, label), unread ? el("span", { class: "count-badge" }, unread > 99 ? "99+" : unread, el("span", { class: "unseen" }, " unread")) : null);
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return; // a new tab, as links do
    event.preventDefault();
    document.body.classList.remove("drawer-open");
    run();
  });
  return el("li", {}, link);
}

function here(id) {
  return store.place.kind === "channel" && store.place.channel === id;
}

function placeRow(id, rest) {
  return row({ id, href: address({ place: { kind: "channel", channel: id } }), current: here(id), unread: store.unread[id] ?? 0, run: () => go({ channel: id }), ...rest });
}

function channelRow(channel) {
  return placeRow(channel.id, { label: channel.name, mark: icon(channel.is_private ? "lock" : "channel") });
}

function dmRow(dm) {
  return placeRow(dm.id, { label: nameOf(dm.user), mark: avatar(dm.user) });
}

/** The app: its Home, and a mark for what it wrote in the Messages tab. A message waiting there is what one wants to see. */
function appRow() {
  const dm = store.dms.find((one) => one.user === store.app.user_id);
  const unread = dm ? (store.unread[dm.id] ?? 0) : 0;
  const current = store.place.kind === "home" || here(dm?.id);
  return row({ id: dm?.id ?? store.app.user_id, href: address({ place: { kind: "home" } }), current, unread, label: store.app.name, mark: avatar(store.app.user_id, store.app.name), run: () => (unread ? openMessages() : openHome()) });
}

/** The "act as" control: every person of the workspace, by name. */
export function actAs(root) {
  const control = picker({
    label: "Act as",
    testid: "act-as",
    placeholder: "Somebody",
    options: () => [...store.users.values()].filter((user) => !user.is_bot && !user.deleted).sort((a, b) => shownName(a).localeCompare(shownName(b))).map((user) => ({ value: user.id, label: shownName(user), detail: [handleOf(user), user.profile?.title].filter(Boolean).join(" · "), node: avatar(user.id) })),
    // A person's place may be closed to the next one, so this is a fresh start at the same address.
    onChange: ([as]) => location.assign(address({ as, place: { ...store.place, thread: null, ts: null } })),
  });
  root.append(el("span", { class: "faint act-as-word" }, "Act as"), control.node);
  on("state", () => control.write(store.as ? [store.as] : []));
}
