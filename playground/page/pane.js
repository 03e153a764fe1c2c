// The middle of the page: the head of the place one is in, its messages or the app's Home, and the composer below.
import { channelMenu } from "./channel_menu.js";
import { composer } from "./composer.js";
import { conversation } from "./conversation.js";
import { el, place } from "./dom.js";
import { home } from "./home.js";
import { icon } from "./icons.js";
import { openHome, openMessages, want } from "./live.js";
import { mrkdwn } from "./mrkdwn.js";
import { avatar, nameOf } from "./people.js";
import { address } from "./places.js";
import { attempt } from "./server.js";
import { appDm, channelById, dmById, isReadOnly, on, store } from "./state.js";

/** Fill `root` (the main element) and keep it up to date. */
export function pane(root) {
  const head = el("header", { class: "place-head" });
  const tabs = el("div", { class: "tabs", role: "tablist", "aria-label": "Tabs" });
  const talk = conversation({ label: "Messages", empty: beginning });
  const front = home();
  const foot = el("div", { class: "place-foot" });
  root.append(head, tabs, talk.node, front.node, foot);

  let at = null; // the place that is drawn
  let newTs = null; // the first message that was unread when this person came: the "New" line stays above it

  on("place", () => {
    const { kind, channel, ts, thread } = store.place;
    const key = `${kind} ${channel}`;
    if (key !== at) {
      at = key;
      newTs = null;
      store.messages = null;
      talk.reset();
      drawFoot();
      want("messages");
    }
    if (ts && !thread) talk.open(ts);
    drawHead();
    drawBody();
  });
  on("state", () => {
    drawHead();
    drawFoot();
    drawBody();
  });
  on("messages", () => {
    const { channel } = store.place;
    if (store.messages === null || store.messagesOf !== channel) return;
    newTs ??= firstUnread(store.messages, store.unread[channel] ?? 0);
    talk.show(store.messages, { channel, newTs });
  });

  function drawBody() {
    const atHome = store.place.kind === "home";
    talk.node.hidden = atHome;
    foot.hidden = atHome;
    front.node.hidden = !atHome;
    if (atHome && store.loaded) front.show();
  }

  function drawHead() {
    const { kind, channel: id } = store.place;
    const channel = channelById(id);
    const dm = dmById(id);
    const key = JSON.stringify([kind, id, channel, dm, store.namesVersion, store.team.name]);
    if (head.dataset.key === key) return; // an open menu must not lose the button it belongs to
    head.dataset.key = key;
    const isApp = kind === "home" || (dm !== null && dm.user === store.app.user_id);
    const { title, mark } = isApp ? appTitle() : channel ? channelTitle(channel) : dmTitle(dm);
    const team = store.team.name || "Playground";
    document.title = title ? `${channel ? "#" : ""}${title} · ${team}` : team;
    place(head, [el("h1", {}, mark, el("span", {}, title)), ...(channel ? about(channel) : [])]);
    tabs.hidden = !isApp;
    if (isApp) place(tabs, appTabs(kind));
  }

  function drawFoot() {
    const { channel: id } = store.place;
    const channel = channelById(id);
    const key = [id, channel?.is_member, channel?.is_archived, isReadOnly(id), store.as, store.loaded].join(" ");
    if (foot.dataset.key === key) return; // the composer must not lose what is being typed
    foot.dataset.key = key;
    if (!store.loaded || !id) place(foot, []);
    else if (isReadOnly(id)) place(foot, [barred("Sending messages to this app has been turned off.")]);
    else if (channel?.is_archived) place(foot, [barred("This channel is archived. Nobody can write here.")]);
    else if (channel && !channel.is_member) place(foot, [barred(`You are looking at #${channel.name}.`, joinButton(id))]);
    else {
      const to = `Message ${channel ? `#${channel.name}` : nameOf(dmById(id)?.user ?? store.app.user_id)}`;
      place(foot, [composer({ channel: id, label: to, placeholder: to })]);
    }
  }
}

function appTitle() {
  return { title: store.app.name, mark: avatar(store.app.user_id, store.app.name) };
}

function channelTitle(channel) {
  return { title: channel.name, mark: icon(channel.is_private ? "lock" : "channel") };
}

function dmTitle(dm) {
  return dm ? { title: nameOf(dm.user), mark: avatar(dm.user) } : { title: "", mark: null };
}

/** What stands beside a channel's name: what it is for, how many are in it, and what can be done with it. */
function about(channel) {
  const words = channel.topic?.value || channel.purpose?.value;
  const count = { class: "faint place-count", title: `${channel.num_members} members` };
  return [
    words ? el("p", { class: "faint place-about" }, mrkdwn(words)) : el("span", { class: "grow" }),
    el("span", count, icon("people"), channel.num_members),
    channelMenu(channel),
  ];
}

function barred(words, button = null) {
  return el("div", { class: "barred" }, el("span", {}, words), button);
}

function joinButton(channel) {
  const join = () => attempt("join", { channel });
  const props = { class: "button primary", type: "button", "data-action": "join", on: { click: join } };
  return el("button", props, "Join");
}

/** The ts of the first of the last `count` messages by others, as unread ones are counted; "" when there is none. */
function firstUnread(messages, count) {
  const others = messages.filter((one) => one.user !== store.as && !one.subtype && !one.is_ephemeral);
  return count ? (others.at(-count)?.ts ?? others[0]?.ts ?? "") : "";
}

function appTabs(kind) {
  const messages = address({ place: { kind: "channel", channel: appDm()?.id } });
  return [
    tab("Home", kind === "home", address({ place: { kind: "home" } }), openHome),
    tab("Messages", kind !== "home", messages, openMessages),
  ];
}

function tab(label, selected, href, run) {
  const open = (event) => {
    event.preventDefault();
    run();
  };
  const state = { "aria-selected": String(selected), "data-tab": label.toLowerCase() };
  return el("a", { class: "tab", role: "tab", href, ...state, on: { click: open } }, label);
}

/** What an empty conversation says about itself. */
function beginning() {
  const { channel: id } = store.place;
  const channel = channelById(id);
  const [title, words] = channel
    ? [`This is the beginning of #${channel.name}`, channel.purpose?.value || "Nobody has written here yet."]
    : [`You and ${nameOf(dmById(id)?.user ?? store.app.user_id)}`, "Nothing was said yet."];
  return el("div", { class: "empty" }, el("h2", {}, title), el("p", {}, words));
}
