// The middle of the page: the head of the place one is in, its messages or the app's Home, and the composer below.
import { composer } from "./composer.js";
import { conversation } from "./conversation.js";
import { notice } from "./dialogs.js";
import { el, place } from "./dom.js";
import { menu } from "./floating.js";
import { home } from "./home.js";
import { icon } from "./icons.js";
import { openHome, openMessages, want } from "./live.js";
import { mrkdwn } from "./mrkdwn.js";
import { avatar, nameOf } from "./people.js";
import { address } from "./places.js";
import { attempt } from "./server.js";
import { appDm, channelById, dmById, on, store } from "./state.js";

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
    const isApp = kind === "home" || (dm && dm.user === store.app.user_id);
    const title = isApp ? store.app.name : channel ? channel.name : dm ? nameOf(dm.user) : "";
    document.title = title ? `${channel ? "#" : ""}${title} · ${store.team.name || "Playground"}` : store.team.name || "Playground";
    const mark = isApp ? avatar(store.app.user_id, store.app.name) : dm ? avatar(dm.user) : channel ? icon(channel.is_private ? "lock" : "channel") : null;
    const about = channel?.topic?.value || channel?.purpose?.value;
    place(head, [
      el("h1", {}, mark, el("span", {}, title)),
      about ? el("p", { class: "faint place-about" }, mrkdwn(about)) : el("span", { class: "grow" }),
      channel ? el("span", { class: "faint place-count", title: `${channel.num_members} members` }, icon("people"), channel.num_members) : null,
      channel ? channelMenu(channel) : null,
    ].filter(Boolean));
    tabs.hidden = !isApp;
    if (isApp) place(tabs, [tab("Home", kind === "home", address({ place: { kind: "home" } }), openHome), tab("Messages", kind !== "home", address({ place: { kind: "channel", channel: appDm()?.id } }), openMessages)]);
  }

  function drawFoot() {
    const { channel: id } = store.place;
    const channel = channelById(id);
    const key = [id, channel?.is_member, channel?.is_archived, store.as, store.loaded].join(" ");
    if (foot.dataset.key === key) return; // the composer must not lose what is being typed
    foot.dataset.key = key;
    if (!store.loaded || !id) return place(foot, []);
    if (channel?.is_archived) return place(foot, [el("p", { class: "barred" }, "This channel is archived. Nobody can write here.")]);
    if (channel && !channel.is_member) return place(foot, [el("div", { class: "barred" }, el("span", {}, `You are looking at #${channel.name}.`), el("button", { class: "button primary", type: "button", "data-action": "join", on: { click: () => attempt("join", { channel: id }) } }, "Join"))]);
    const to = channel ? `#${channel.name}` : nameOf(dmById(id)?.user ?? store.app.user_id);
    place(foot, [composer({ channel: id, label: `Message ${to}`, placeholder: `Message ${to}` }).node]);
  }
}

/** The ts of the first of the last `count` messages by others, as unread ones are counted; "" when there is none. */
function firstUnread(messages, count) {
  const others = messages.filter((one) => one.user !== store.as && !one.subtype && !one.is_ephemeral);
  return count ? (others.at(-count)?.ts ?? others[0]?.ts ?? "") : "";
}

function tab(label, selected, href, run) {
  return el("a", { class: "tab", role: "tab", href, "aria-selected": String(selected), "data-tab": label.toLowerCase(), on: { click: (event) => (event.preventDefault(), run()) } }, label);
}

/** What an empty conversation says about itself. */
function beginning() {
  const channel = channelById(store.place.channel);
  if (channel) return el("div", { class: "empty" }, el("h2", {}, `This is the beginning of #${channel.name}`), el("p", {}, channel.purpose?.value || "Nobody has written here yet."));
  return el("div", { class: "empty" }, el("h2", {}, `You and ${nameOf(dmById(store.place.channel)?.user ?? store.app.user_id)}`), el("p", {}, "Nothing was said yet."));
}

async function addApp(channel, app) {
  const answer = await attempt("invite_app", { channel: channel.id });
  if (answer?.already_in_channel) notice(`${app} is already in this channel.`);
}

function channelMenu(channel) {
  const items = [{ label: "Copy link", action: "copy-channel-link", run: () => navigator.clipboard?.writeText(`${location.origin}/archives/${channel.id}`) }];
  const app = store.app.name || "the app";
  items.push({ label: `Add ${app} to this channel`, action: "invite-app", run: () => addApp(channel, app) }, { label: `Remove ${app} from this channel`, action: "remove-app", run: () => attempt("remove_app", { channel: channel.id }, { not_in_channel: `${app} is not in this channel.` }) });
  if (channel.is_archived) items.push({ label: "Unarchive this channel", action: "unarchive", run: () => attempt("unarchive", { channel: channel.id }) });
  else {
    items.push({ label: "Archive this channel", action: "archive", run: () => attempt("archive", { channel: channel.id }) });
    if (channel.is_member) items.push({ label: `Leave #${channel.name}`, action: "leave", danger: true, run: () => attempt("leave", { channel: channel.id }) });
  }
  const button = el("button", { class: "icon-button", type: "button", "aria-label": `More about #${channel.name}`, title: "More", "aria-haspopup": "menu", "aria-expanded": "false", "data-testid": "channel-menu-button" }, icon("more"));
  button.addEventListener("click", () => menu(button, items, { testid: "channel-menu", label: `#${channel.name}`, align: "end" }));
  return button;
}
