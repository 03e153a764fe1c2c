// Block Kit's layout blocks as nodes, the same for messages, modals and the Home.
import { el, freshId } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { makeElement, picture } from "./elements.js";
import { mrkdwn, textObject } from "./mrkdwn.js";
import { richText } from "./rich_text.js";

/**
 * `blocks` as nodes. `where` says what they stand in: {click(details, node), form?}. A form (see forms.js) hears of each
 * element that holds a value, so that a modal can be submitted.
 */
export function renderBlocks(blocks, where) {
  return (blocks ?? []).map((block) => renderBlock(block, where));
}

export function renderBlock(block, where) {
  const make = BLOCKS[block.type];
  const node = make ? make(block, where) : el("p", { class: "unknown" }, `Not shown here: ${block.type}`);
  node.classList.add("block", `block-${block.type}`);
  if (block.block_id) node.dataset.blockId = block.block_id;
  return node;
}

/** Make an element and let the form know of it, if there is one and the element holds a value. */
function place(element, block, where, labels) {
  const control = makeElement(element, block, where, labels);
  if (control.read) where.form?.add(block, element, control);
  return control.node;
}

function section(block, where) {
  const fields = block.fields?.length ? el("div", { class: "fields" }, block.fields.map((field) => el("div", { class: "text" }, textObject(field)))) : null;
  const words = el("div", { class: "section-words" }, block.text ? el("div", { class: "text" }, textObject(block.text)) : null, fields);
  return el("div", {}, words, block.accessory ? el("div", { class: "accessory" }, place(block.accessory, block, where)) : null);
}

function header(block) {
  return el("h3", {}, textObject(block.text));
}

function context(block, where) {
  return el("div", {}, block.elements.map((element) => (element.type === "image" ? place(element, block, where) : el("span", { class: "text" }, textObject(element)))));
}

function divider() {
  return el("hr");
}

function actions(block, where) {
  return el("div", { role: "group" }, block.elements.map((element) => place(element, block, where)));
}

/** An input with its label, hint and a place for its error, which the field points at so that it is read out with it. */
function input(block, where) {
  const labelId = freshId("label");
  const hintId = freshId("hint");
  const errorId = freshId("error");
  const label = el("div", { class: "label", id: labelId }, textObject(block.label), block.optional ? el("span", { class: "optional" }, " (optional)") : el("span", { class: "required", title: "Required" }, el("span", { "aria-hidden": "true" }, " *"), el("span", { class: "unseen" }, " required")));
  const error = el("p", { class: "field-error", id: errorId, role: "alert", hidden: true });
  const field = place(block.element, block, where, { labelId, hintIds: block.hint ? `${errorId} ${hintId}` : errorId });
  // A click on the label puts the cursor into the field; a real <label> cannot name a picker or a group of options.
  label.addEventListener("click", () => (field.matches("input, select, textarea, button") ? field : field.querySelector("input, select, textarea, button"))?.focus());
  const hint = block.hint ? el("p", { class: "hint", id: hintId }, textObject(block.hint)) : null;
  return el("div", {}, label, field, error, hint);
}

function image(block) {
  return el("figure", {}, block.title ? el("figcaption", {}, textObject(block.title)) : null, picture({ ...block, image_url: block.image_url ?? block.slack_file?.url }, "picture"));
}

/** Standard Markdown is not parsed; its text is shown, with the marks that both kinds share. */
function markdown(block) {
  return el("div", { class: "text" }, mrkdwn(block.text));
}

const BLOCKS = { section, header, context, divider, actions, input, image, markdown, rich_text: (block) => el("div", { class: "text" }, richText(block)) };

/** What a message shows: its blocks if it has any, else its text, then attachments of the older kind and files. */
export function messageBody(message, where) {
  const nodes = message.blocks?.length ? renderBlocks(message.blocks, where) : message.text ? [el("div", { class: "text" }, mrkdwn(message.text))] : [];
  for (const attachment of message.attachments ?? []) {
    const inside = attachment.blocks ? renderBlocks(attachment.blocks, where) : [el("div", { class: "text" }, attachment.pretext ? [mrkdwn(attachment.pretext), "\n"] : null, attachment.title ? el("strong", {}, withEmoji(attachment.title)) : null, mrkdwn(attachment.text ?? attachment.fallback ?? ""))];
    nodes.push(el("div", { class: "attachment" }, inside));
  }
  return nodes;
}
