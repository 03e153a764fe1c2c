// Block Kit's layout blocks as nodes, the same for messages, modals and the Home.
import { el, freshId } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { makeElement, picture } from "./elements.js";
import { mrkdwn, textObject } from "./mrkdwn.js";
import { richText } from "./rich_text.js";

const FIELD = "input, select, textarea, button";

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

function text(object) {
  return object ? el("div", { class: "text" }, textObject(object)) : null;
}

function section(block, where) {
  const fields = block.fields?.length ? el("div", { class: "fields" }, block.fields.map(text)) : null;
  const words = el("div", { class: "section-words" }, text(block.text), fields);
  const { accessory } = block;
  return el("div", {}, words, accessory ? el("div", { class: "accessory" }, place(accessory, block, where)) : null);
}

function header(block) {
  return el("h3", {}, textObject(block.text));
}

function context(block, where) {
  const words = (element) => el("span", { class: "text" }, textObject(element));
  const part = (element) => (element.type === "image" ? place(element, block, where) : words(element));
  return el("div", {}, block.elements.map(part));
}

function divider() {
  return el("hr");
}

function actions(block, where) {
  return el("div", { role: "group" }, block.elements.map((element) => place(element, block, where)));
}

/** An input with its label, hint and a place for its error, which the field points at so that it is read out with it. */
function input(block, where) {
  const [labelId, hintId, errorId] = ["label", "hint", "error"].map(freshId);
  const label = el("div", { class: "label", id: labelId }, textObject(block.label), needed(block));
  const error = el("p", { class: "field-error", id: errorId, role: "alert", hidden: true });
  const hintIds = block.hint ? `${errorId} ${hintId}` : errorId;
  const field = place(block.element, block, where, { labelId, hintIds });
  // A click on the label puts the cursor into the field; a real <label> cannot name a picker or a group of options.
  label.addEventListener("click", () => (field.matches(FIELD) ? field : field.querySelector(FIELD))?.focus());
  const hint = block.hint ? el("p", { class: "hint", id: hintId }, textObject(block.hint)) : null;
  return el("div", {}, label, field, error, hint);
}

function needed({ optional }) {
  if (optional) return el("span", { class: "optional" }, " (optional)");
  const star = el("span", { "aria-hidden": "true" }, " *");
  return el("span", { class: "required", title: "Required" }, star, el("span", { class: "unseen" }, " required"));
}

function image(block) {
  const caption = block.title ? el("figcaption", {}, textObject(block.title)) : null;
  return el("figure", {}, caption, picture({ ...block, image_url: block.image_url ?? block.slack_file?.url }, "picture"));
}

/** Standard Markdown is not parsed; its text is shown, with the marks that both kinds share. */
function markdown(block) {
  return el("div", { class: "text" }, mrkdwn(block.text));
}

function rich(block) {
  return el("div", { class: "text" }, richText(block));
}

const BLOCKS = { section, header, context, divider, actions, input, image, markdown, rich_text: rich };

/** What a message shows: its blocks if it has any, else its text; then attachments of the older kind. */
export function messageBody(message, where) {
  const words = message.text ? [el("div", { class: "text" }, mrkdwn(message.text))] : [];
  const nodes = message.blocks?.length ? renderBlocks(message.blocks, where) : words;
  const older = (message.attachments ?? []).map((one) => el("div", { class: "attachment" }, attached(one, where)));
  return [...nodes, ...older];
}

function attached({ blocks, pretext, title, text: words, fallback }, where) {
  if (blocks) return renderBlocks(blocks, where);
  const heading = title ? [el("strong", {}, withEmoji(title)), "\n"] : null;
  return el("div", { class: "text" }, pretext ? [mrkdwn(pretext), "\n"] : null, heading, mrkdwn(words ?? fallback ?? ""));
}
