// The interactive elements of Block Kit. Each maker answers {node, read?, write?}: read() gives the value in the form the
// control API wants it, write() puts such a value back after the app has changed the view around it.
import { conversations, multiStatic, options, people, staticSelect } from "./choices.js";
import { ask } from "./dialogs.js";
import { el } from "./dom.js";
import { plainEmoji } from "./emoji.js";
import { menuButton } from "./floating.js";
import { safeUrl, textObject } from "./mrkdwn.js";

/**
 * Make the node for `element` of `block`. `where.click(details, node)` tells the app; `where.form` is set in modals and
 * the Home, whose elements keep a value. `labelId` is the label of an input block, `hintIds` what describes it.
 */
export function makeElement(element, block, where, { labelId = null, hintIds = null } = {}) {
  const make = MAKERS[element.type];
  if (!make) return { node: el("span", { class: "unknown" }, `Not shown here: ${element.type}`) };
  const named = labelId ? { "aria-labelledby": labelId } : { "aria-label": ariaOf(element) };
  const about = { ...named, "aria-describedby": hintIds, "data-action-id": element.action_id };
  // An input block speaks to the app only when it asks for it; every other element does so by itself.
  const speaks = block.type !== "input" || block.dispatch_action === true;
  const tell = async (chosen, node) => {
    if (!speaks) return true;
    if (element.confirm && !(await confirmed(element.confirm))) return false;
    where.click({ action_id: element.action_id, block_id: block.block_id, ...chosen }, node);
    return true;
  };
  return make(element, about, tell, block);
}

function ariaOf(element) {
  return element.accessibility_label ?? element.placeholder?.text ?? (element.text ? null : "Choose");
}

function confirmed(confirm) {
  return ask({
    title: textObject(confirm.title),
    text: textObject(confirm.text),
    confirm: textObject(confirm.confirm),
    deny: textObject(confirm.deny),
    danger: confirm.style === "danger",
  });
}

function button(element, about, tell) {
  const press = () => tell({ value: element.value }, node);
  const look = { ...about, class: `button ${element.style ?? ""}`, "data-value": element.value };
  const href = element.url && safeUrl(element.url);
  let node = null;
  if (!href) {
    node = el("button", { ...look, type: "button", on: { click: press } }, textObject(element.text));
    return { node };
  }
  const follow = async (event) => {
    if (!element.confirm) return void press();
    event.preventDefault();
    if (await press()) window.open(href, "_blank", "noopener");
  };
  const away = { href, target: "_blank", rel: "noopener noreferrer", on: { click: follow } };
  node = el("a", { ...look, ...away }, textObject(element.text));
  return { node };
}

function overflow(element, about, tell) {
  const choose = async (option) => {
    const told = await tell({ selected_option: option }, node);
    const href = safeUrl(option.url ?? "");
    if (told && href) window.open(href, "_blank", "noopener");
  };
  const item = (option) => ({
    label: textObject(option.text),
    detail: option.description && textObject(option.description),
    value: option.value,
    run: () => choose(option),
  });
  const label = element.accessibility_label ?? "More";
  const node = menuButton("more", label, () => element.options.map(item), { testid: "overflow", align: "end" });
  node.classList.add("button");
  node.dataset.actionId = about["data-action-id"];
  return { node };
}

function typed(element, about, tell, block) {
  const type = { email_text_input: "email", url_text_input: "url", number_input: "text" }[element.type] ?? "text";
  const node = el(element.multiline ? "textarea" : "input", {
    ...about,
    class: "field",
    type: element.multiline ? null : type,
    inputmode: element.type === "number_input" ? "decimal" : null,
    rows: element.multiline ? 5 : null,
    placeholder: element.placeholder ? plainEmoji(element.placeholder.text) : null,
    autofocus: element.focus_on_load,
    autocomplete: "off",
    value: element.initial_value ?? "",
  });
  const says = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  node.addEventListener("keydown", (event) => {
    const speaks = block.dispatch_action && says.includes("on_enter_pressed") && !element.multiline;
    if (event.key !== "Enter" || !speaks) return;
    event.preventDefault(); // else Enter would send the whole modal
    tell({ value: node.value }, node);
  });
  if (says.includes("on_character_entered")) node.addEventListener("input", () => tell({ value: node.value }, node));
  const left = element.max_length ? el("span", { class: "count", "aria-hidden": "true" }) : null;
  const count = () => {
    const rest = element.max_length - [...node.value].length;
    left.textContent = rest <= Math.min(100, element.max_length / 5) ? String(rest) : "";
    left.classList.toggle("over", rest < 0);
  };
  if (left) {
    node.addEventListener("input", count);
    count();
  }
  const write = (value) => {
    node.value = value ?? "";
    if (left) count();
  };
  return { node: left ? el("span", { class: "counted" }, node, left) : node, read: () => node.value || null, write };
}

function dated(element, about, tell) {
  const [type, initial, key] = {
    datepicker: ["date", element.initial_date, "selected_date"],
    timepicker: ["time", element.initial_time, "selected_time"],
    datetimepicker: ["datetime-local", local(element.initial_date_time), "selected_date_time"],
  }[element.type];
  const node = el("input", { ...about, class: "field", type, value: initial ?? "" });
  const read = () => {
    if (type !== "datetime-local" || !node.value) return node.value || null;
    return Math.floor(new Date(node.value).getTime() / 1000);
  };
  node.addEventListener("change", () => tell({ [key]: read() }, node));
  return { node, read, write: (value) => (node.value = (type === "datetime-local" ? local(value) : value) ?? "") };
}

/** Seconds since 1970 as the value of a datetime-local field, in the reader's time zone. */
function local(seconds) {
  if (!seconds) return "";
  const at = new Date(seconds * 1000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function image(element) {
  return { node: picture(element, "thumb") };
}

/** An image of a block, or its alternative text in its place when it cannot be loaded. */
export function picture({ image_url: url, alt_text: alt }, className) {
  if (!/^https?:\/\//i.test(url ?? "")) return el("span", { class: `${className} no-picture` }, alt);
  const node = el("img", { class: className, src: url, alt, loading: "lazy", referrerpolicy: "no-referrer" });
  const instead = () => el("span", { class: `${className} no-picture`, title: url }, alt || "Picture");
  node.addEventListener("error", () => node.replaceWith(instead()));
  return node;
}

const MAKERS = {
  button,
  overflow,
  image,
  plain_text_input: typed,
  email_text_input: typed,
  url_text_input: typed,
  number_input: typed,
  static_select: staticSelect,
  multi_static_select: multiStatic,
  users_select: people,
  multi_users_select: people,
  conversations_select: conversations,
  multi_conversations_select: conversations,
  channels_select: conversations,
  multi_channels_select: conversations,
  radio_buttons: options,
  checkboxes: options,
  datepicker: dated,
  timepicker: dated,
  datetimepicker: dated,
};
