// The interactive elements of Block Kit. Each maker answers {node, read?, write?}: read() gives the value in the form the
// control API wants it, write() puts such a value back after the app has changed the view around it.
import { ask } from "./dialogs.js";
import { el, freshId } from "./dom.js";
import { plainEmoji } from "./emoji.js";
import { menu } from "./floating.js";
import { icon } from "./icons.js";
import { safeUrl, textObject } from "./mrkdwn.js";
import { handleOf, shownName, avatar } from "./people.js";
import { picker } from "./picker.js";
import { store } from "./state.js";

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

export function confirmed(confirm) {
  return ask({ title: textObject(confirm.title), text: textObject(confirm.text), confirm: textObject(confirm.confirm), deny: textObject(confirm.deny), danger: confirm.style === "danger" });
}

function button(element, about, tell) {
  const look = `button ${element.style ?? ""}`;
  const href = element.url && safeUrl(element.url);
  if (href) {
    const node = el("a", { ...about, class: look, href, target: "_blank", rel: "noopener noreferrer" }, textObject(element.text));
    node.addEventListener("click", async (event) => {
      if (!element.confirm) return void tell({ value: element.value }, node);
      event.preventDefault();
      if (await tell({ value: element.value }, node)) window.open(href, "_blank", "noopener");
    });
    return { node };
  }
  const node = el("button", { ...about, class: look, type: "button", "data-value": element.value, on: { click: () => tell({ value: element.value }, node) } }, textObject(element.text));
  return { node };
}

function overflow(element, about, tell) {
  const node = el("button", { ...about, class: "button icon-button", type: "button", "aria-label": element.accessibility_label ?? "More", "aria-haspopup": "menu", "aria-expanded": "false" }, icon("more"));
  node.addEventListener("click", () =>
    menu(
      node,
      element.options.map((option) => ({
        label: textObject(option.text),
        detail: option.description && textObject(option.description),
        value: option.value,
        run: async () => {
          if ((await tell({ selected_option: option }, node)) && safeUrl(option.url ?? "")) window.open(option.url, "_blank", "noopener");
        },
      })),
      { label: "More", align: "end", testid: "overflow" },
    ),
  );
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
    if (event.key !== "Enter" || element.multiline || !block.dispatch_action || !says.includes("on_enter_pressed")) return;
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
  return { node: left ? el("span", { class: "counted" }, node, left) : node, read: () => node.value || null, write: (value) => ((node.value = value ?? ""), left && count()) };
}

function flat(element) {
  if (!element.option_groups) return (element.options ?? []).map((option) => ({ option, group: null }));
  return element.option_groups.flatMap((group) => group.options.map((option) => ({ option, group: group.label.text })));
}

/** A single choice of few is the browser's own select: it is what phones and screen readers know best. */
function staticSelect(element, about, tell) {
  const all = flat(element);
  const choice = ({ option }) => el("option", { value: option.value }, plainEmoji(option.text.text));
  const groups = element.option_groups?.map((group) => el("optgroup", { label: plainEmoji(group.label.text) }, group.options.map((option) => choice({ option }))));
  const node = el("select", { ...about, class: "field" }, el("option", { value: "" }, plainEmoji(element.placeholder?.text ?? "Choose")), groups ?? all.map(choice));
  node.value = element.initial_option?.value ?? "";
  let before = node.value;
  node.addEventListener("change", async () => {
    const chosen = all.find(({ option }) => option.value === node.value)?.option;
    if (await tell({ selected_option: chosen ?? null }, node)) before = node.value;
    else node.value = before;
  });
  return { node, read: () => node.value || null, write: (value) => ((node.value = value ?? ""), (before = node.value)) };
}

/** Selects that need search or many values share one picker; they differ in what is offered and what the app is told. */
function searched({ offers, first, answer }) {
  return (element, about, tell) => {
    const multiple = element.type.startsWith("multi_");
    const control = picker({
      label: about["aria-labelledby"] ? null : about["aria-label"],
      labelledBy: about["aria-labelledby"],
      placeholder: plainEmoji(element.placeholder?.text ?? "Choose"),
      options: () => offers(element),
      selected: [first(element, multiple)].flat().filter(Boolean),
      multiple,
      most: element.max_selected_items ?? Infinity,
      onChange: (values) => tell(answer(element, multiple ? values : values[0], multiple), control.node),
    });
    control.node.dataset.actionId = element.action_id;
    if (about["aria-describedby"]) control.node.setAttribute("aria-describedby", about["aria-describedby"]);
    const read = () => (multiple ? control.read() : (control.read()[0] ?? null));
    return { node: control.node, read, write: (value) => control.write([value].flat().filter(Boolean)) };
  };
}

const multiStatic = searched({
  offers: (element) => flat(element).map(({ option, group }) => ({ value: option.value, label: option.text.text, detail: option.description?.text, group })),
  first: (element) => (element.initial_options ?? []).map((option) => option.value),
  answer: (element, values) => ({ selected_options: flat(element).map(({ option }) => option).filter((option) => values.includes(option.value)) }),
});

const people = searched({
  offers: () => [...store.users.values()].filter((user) => !user.deleted).map((user) => ({ value: user.id, label: shownName(user), detail: handleOf(user), node: avatar(user.id) })),
  first: (element, multiple) => (multiple ? element.initial_users : element.initial_user),
  answer: (element, value, multiple) => (multiple ? { selected_users: value } : { selected_user: value }),
});

const conversations = searched({
  offers: () => store.channels.map((channel) => ({ value: channel.id, label: `#${channel.name}` })),
  first: (element, multiple) => (multiple ? (element.initial_channels ?? element.initial_conversations) : (element.initial_channel ?? element.initial_conversation)),
  answer: (element, value, multiple) => ({ [`selected_${element.type.includes("channels") ? "channel" : "conversation"}${multiple ? "s" : ""}`]: value }),
});

/** Radio buttons and checkboxes: the same list of options, differing in how many may be on. */
function options(element, about, tell) {
  const many = element.type === "checkboxes";
  const name = freshId("options");
  const initial = many ? (element.initial_options ?? []) : [element.initial_option].filter(Boolean);
  const inputs = element.options.map((option) => el("input", { type: many ? "checkbox" : "radio", name, value: option.value, checked: initial.some((one) => one.value === option.value) }));
  const rows = element.options.map((option, at) => el("label", { class: "option" }, inputs[at], el("span", {}, textObject(option.text), option.description ? el("span", { class: "option-detail" }, textObject(option.description)) : null)));
  const chosen = () => element.options.filter((_, at) => inputs[at].checked);
  let before = inputs.map((input) => input.checked);
  const node = el("div", { ...about, class: "options", role: many ? "group" : "radiogroup" }, rows);
  node.addEventListener("change", async () => {
    if (await tell(many ? { selected_options: chosen() } : { selected_option: chosen()[0] }, node)) before = inputs.map((input) => input.checked);
    else inputs.forEach((input, at) => (input.checked = before[at]));
  });
  const values = () => chosen().map((option) => option.value);
  const write = (value) => inputs.forEach((input) => (input.checked = [value].flat().includes(input.value)));
  return { node, read: () => (many ? values() : (values()[0] ?? null)), write };
}

function dated(element, about, tell) {
  const [type, initial, key] = { datepicker: ["date", element.initial_date, "selected_date"], timepicker: ["time", element.initial_time, "selected_time"], datetimepicker: ["datetime-local", local(element.initial_date_time), "selected_date_time"] }[element.type];
  const node = el("input", { ...about, class: "field", type, value: initial ?? "" });
  const read = () => (type === "datetime-local" && node.value ? Math.floor(new Date(node.value).getTime() / 1000) : node.value || null);
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
  node.addEventListener("error", () => node.replaceWith(el("span", { class: `${className} no-picture`, title: url }, alt || "Picture")));
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
