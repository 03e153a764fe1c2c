// The rich_text block: sections, lists, quotes and preformatted text, with the styles of their pieces.
import { el } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";
import { channel, link, person } from "./mrkdwn.js";
import { tokenDate } from "./times.js";

const STYLES = [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"]];

export function richText(block) {
  return (block.elements ?? []).map(part);
}

function part(element) {
  const inside = () => (element.elements ?? []).map(piece);
  if (element.type === "rich_text_section") return el("div", {}, inside());
  if (element.type === "rich_text_quote") return el("blockquote", {}, inside());
  if (element.type === "rich_text_preformatted") return el("pre", {}, el("code", {}, inside()));
  if (element.type === "rich_text_list") {
    const items = (element.elements ?? []).map((item) => el("li", {}, (item.elements ?? []).map(piece)));
    return el(
      element.style === "ordered" ? "ol" : "ul",
      { class: `indent-${Math.min(element.indent ?? 0, 4)}`, start: element.offset ? element.offset + 1 : null },
      items,
    );
  }
  return piece(element);
}

function piece(element) {
  return STYLES.filter(([name]) => element.style?.[name]).reduce((node, [, tag]) => el(tag, {}, node), bare(element));
}

function bare(element) {
  switch (element.type) {
    case "text":
      return el("span", {}, withEmoji(element.text));
    case "link":
      return link(element.url, element.text ?? element.url);
    case "user":
      return person(element.user_id);
    case "channel":
      return channel(element.channel_id);
    case "broadcast":
      return el("span", { class: "mention mention-me" }, `@${element.range}`);
    case "emoji":
      return emoji(element.name);
    case "date":
      return el("span", {}, tokenDate(`!date^${element.timestamp}^${element.format}`, element.fallback ?? ""));
    default:
      return document.createTextNode(element.text ?? "");
  }
}
