// What can be done with a channel as a whole. Anybody may, here: whoever tries the product out needs all of it at hand.
import { copyText, notice } from "./dialogs.js";
import { menuButton } from "./floating.js";
import { attempt } from "./server.js";
import { store } from "./state.js";

export function channelMenu(channel) {
  const about = { testid: "channel-menu", buttonTestid: "channel-menu-button", align: "end" };
  return menuButton("more", `More about #${channel.name}`, () => items(channel), about);
}

function items({ id, name, is_archived: archived, is_member: member }) {
  const app = store.app.name || "the app";
  const does = (label, action, word, words) => ({ label, action, run: () => attempt(word, { channel: id }, words) });
  const absent = { not_in_channel: `${app} is not in this channel.` };
  const open = [
    does("Archive this channel", "archive", "archive"),
    member ? { ...does(`Leave #${name}`, "leave", "leave"), danger: true } : null,
  ];
  return [
    { label: "Copy link", action: "copy-channel-link", run: () => copyLink(id) },
    { label: `Add ${app} to this channel`, action: "invite-app", run: () => addApp(id, app) },
    does(`Remove ${app} from this channel`, "remove-app", "remove_app", absent),
    ...(archived ? [does("Unarchive this channel", "unarchive", "unarchive")] : open),
  ].filter(Boolean);
}

async function addApp(channel, app) {
  const answer = await attempt("invite_app", { channel });
  if (answer?.already_in_channel) notice(`${app} is already in this channel.`);
}

function copyLink(channel) {
  return copyText(`${location.origin}/archives/${channel}`);
}
