// The elements with which somebody chooses: selects, radio buttons and checkboxes. They are made like all elements are
// (see elements.js); `tell` answers false when the person was asked for confirmation and thought better of it, and then
// the choice goes back to what it was.
import { el, freshId } from "./dom.js";
import { plainEmoji } from "./emoji.js";
import { textObject } from "./mrkdwn.js";
import { avatar, detailOf, shownName } from "./people.js";
import { picker } from "./picker.js";
import { store } from "./state.js";

function flat(element) {
  if (!element.option_groups) return (element.options ?? []).map((option) => ({ option, group: null }));
  return element.option_groups.flatMap((group) => group.options.map((option) => ({ option, group: group.label.text })));
}

/** A single choice of few is the browser's own select: it is what phones and screen readers know best. */
export function staticSelect(element, about, tell) {
  const all = flat(element);
  const choice = (option) => el("option", { value: option.value }, plainEmoji(option.text.text));
  const grouped = (group) => el("optgroup", { label: plainEmoji(group.label.text) }, group.options.map(choice));
  const node = el(
    "select",
    { ...about, class: "field" },
    el("option", { value: "" }, plainEmoji(element.placeholder?.text ?? "Choose")),
    element.option_groups ? element.option_groups.map(grouped) : element.options.map(choice),
  );
  node.value = element.initial_option?.value ?? "";
  let before = node.value;
  node.addEventListener("change", async () => {
    const chosen = all.find(({ option }) => option.value === node.value)?.option;
    if (await tell({ selected_option: chosen ?? null }, node)) before = node.value;
    else node.value = before;
  });
  const write = (value) => {
    node.value = value ?? "";
    before = node.value;
  };
  return { node, read: () => node.value || null, write };
}

/** Selects that need search or many values share one picker; they differ in what is offered and what the app is told. */
function searched({ offers, first, answer }) {
  return (element, about, tell) => {
    const multiple = element.type.startsWith("multi_");
    let before = [first(element, multiple)].flat().filter(Boolean);
    const control = picker({
      label: about["aria-labelledby"] ? null : about["aria-label"],
      labelledBy: about["aria-labelledby"],
      placeholder: plainEmoji(element.placeholder?.text ?? "Choose"),
      options: () => offers(element),
      selected: before,
      multiple,
      most: element.max_selected_items ?? Infinity,
      onChange: async (values) => {
        if (await tell(answer(element, multiple ? values : values[0], multiple), control.node)) before = values;
        else control.write(before);
      },
    });
    control.node.dataset.actionId = element.action_id;
    if (about["aria-describedby"]) control.node.setAttribute("aria-describedby", about["aria-describedby"]);
    const read = () => (multiple ? control.read() : (control.read()[0] ?? null));
    return { node: control.node, read, write: (value) => control.write([value].flat().filter(Boolean)) };
  };
}

function offered({ option, group }) {
  return { value: option.value, label: option.text.text, detail: option.description?.text, group };
}

export const multiStatic = searched({
  offers: (element) => flat(element).map(offered),
  first: (element) => (element.initial_options ?? []).map((option) => option.value),
  answer: (element, values) => {
    const all = flat(element).map(({ option }) => option);
    return { selected_options: all.filter((option) => values.includes(option.value)) };
  },
});

export const people = searched({
  offers: () => {
    const here = [...store.users.values()].filter((user) => !user.deleted);
    return here.map((user) => ({
      value: user.id,
      label: shownName(user),
      detail: detailOf(user),
      node: avatar(user.id),
    }));
  },
  first: (element, multiple) => (multiple ? element.initial_users : element.initial_user),
  answer: (element, value, multiple) => (multiple ? { selected_users: value } : { selected_user: value }),
});

export const conversations = searched({
  offers: () => store.channels.map((channel) => ({ value: channel.id, label: `#${channel.name}` })),
  first: (element, multiple) => {
    if (multiple) return element.initial_channels ?? element.initial_conversations;
    return element.initial_channel ?? element.initial_conversation;
  },
  answer: (element, value, multiple) => {
    const word = element.type.includes("channels") ? "channel" : "conversation";
    return { [`selected_${word}${multiple ? "s" : ""}`]: value };
  },
});

/** Radio buttons and checkboxes: the same list of options, differing in how many may be on. */
export function options(element, about, tell) {
  const many = element.type === "checkboxes";
  const name = freshId("options");
  const initial = many ? (element.initial_options ?? []) : [element.initial_option].filter(Boolean);
  const input = (option) => {
    const checked = initial.some((one) => one.value === option.value);
    return el("input", { type: many ? "checkbox" : "radio", name, value: option.value, checked });
  };
  const inputs = element.options.map(input);
  const detail = ({ description }) => description && el("span", { class: "option-detail" }, textObject(description));
  const words = (option) => el("span", {}, textObject(option.text), detail(option));
  const rows = element.options.map((option, at) => el("label", { class: "option" }, inputs[at], words(option)));
  const node = el("div", { ...about, class: "options", role: many ? "group" : "radiogroup" }, rows);

  const chosen = () => element.options.filter((_, at) => inputs[at].checked);
  const state = () => inputs.map((one) => one.checked);
  let before = state();
  node.addEventListener("change", async () => {
    if (await tell(many ? { selected_options: chosen() } : { selected_option: chosen()[0] }, node)) before = state();
    else inputs.forEach((one, at) => (one.checked = before[at]));
  });
  const values = () => chosen().map((option) => option.value);
  const write = (value) => {
    for (const one of inputs) one.checked = [value].flat().includes(one.value);
    before = state();
  };
  return { node, read: () => (many ? values() : (values()[0] ?? null)), write };
}
