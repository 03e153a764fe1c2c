// What a person can start with the app: global shortcuts, message shortcuts and slash commands.
import { wentWell, sayUnanswered } from "./clicks.js";
import { notice } from "./dialogs.js";
import { icon } from "./icons.js";
import { attempt } from "./server.js";
import { store } from "./state.js";

export async function runShortcut(callbackId, about = {}) {
  const answer = await attempt("shortcut", { callback_id: callbackId, ...about });
  if (answer && !wentWell(answer)) sayUnanswered();
}

/** Menu items for the app's shortcuts of one type, "message" or "global". */
export function shortcutItems(type, about = {}) {
  const fitting = store.app.shortcuts.filter((one) => one.type === type);
  return fitting.map(({ name, description, callback_id: callbackId }) => ({
    label: name,
    detail: description,
    icon: icon("bolt"),
    action: "shortcut",
    actionId: callbackId,
    run: () => runShortcut(callbackId, about),
  }));
}

/** If `text` is a slash command, send it and answer true; a person who typed an unknown one hears so, and keeps the text. */
export async function runCommand(text, channel) {
  const [, name, rest] = text.match(/^(\/\S+)\s*([\s\S]*)$/);
  if (!store.app.commands.some((one) => one.command === name)) {
    notice(`There is no command ${name} here. To send a message that starts with a slash, put a space before it.`);
    return false;
  }
  const answer = await attempt("command", { channel, command: name, text: rest });
  if (answer && !wentWell(answer)) sayUnanswered();
  return answer !== null && wentWell(answer);
}
