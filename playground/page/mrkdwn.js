// Slack's own markup, parsed to nodes. Nothing a person wrote ever reaches the page as HTML.
import { el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { store } from "./state.js";
import { nameOf, realNameOf } from "./people.js";
import { tokenDate } from "./times.js";

const MARKS = { "*": "strong", _: "em", "~": "s" };
const LONGEST = 3000; // letters between two marks; without an end in sight, "* * *" over pages would take seconds
const OWN_MACHINE = /^(https?:\/\/)(?:127\.0\.0\.1|localhost|\[::1\])(?=[:/?#]|$)/i;
const BARE_LINK = /\bhttps?:\/\/[^\s<>|]+[^\s<>|.,;:!?)'"\]]/g;

/** Undo the three escapes that Slack's text carries. */
export function unescape(text) {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

/** Only these may become links; anything else ("javascript:", "data:") stays text. What is on the playground's own
 * machine, as the hub is, a browser on another machine reaches where it found this page. */
export function safeUrl(url) {
  if (!/^(https?:\/\/|mailto:)/i.test(url)) return null;
  return OWN_MACHINE.test(location.origin) ? url : url.replace(OWN_MACHINE, `$1${location.hostname}`);
}

export function link(url, label) {
  const href = safeUrl(url);
  return href ? el("a", { href, target: "_blank", rel: "noopener noreferrer" }, label) : document.createTextNode(url);
}

/** mrkdwn as nodes: code blocks and quotes first, then what stands within a line. */
export function mrkdwn(text) {
  const nodes = [];
  for (const [index, part] of String(text ?? "").split(/```([\s\S]+?)```\n?/).entries()) {
    if (index % 2) nodes.push(el("pre", {}, el("code", {}, verbatim(part.replace(/^\n|\n$/g, "")))));
    else if (part) nodes.push(...lines(part));
  }
  return nodes;
}

/** Code: no marks, and an address shows as it was written. */
function verbatim(text) {
  return unescape(text.replace(/<((?:https?:|mailto:)[^>|]+)(?:\|([^>]+))?>/g, (_, url, label) => label ?? url));
}

function lines(text) {
  const everything = text.match(/^((?:.*\n)*?)(?:&gt;|>){3}\s?([\s\S]*)$/);
  if (everything) return [...lines(everything[1].replace(/\n$/, "")), el("blockquote", {}, inline(everything[2]))];
  const nodes = [];
  let plain = [];
  let quoted = [];
  const flush = () => {
    if (plain.length) nodes.push(...inline(plain.join("\n")));
    if (quoted.length) nodes.push(el("blockquote", {}, inline(quoted.join("\n"))));
    plain = [];
    quoted = [];
  };
  for (const one of text.split("\n")) {
    const quote = one.match(/^(?:&gt;|>)\s?(.*)$/);
    if (quote ? plain.length : quoted.length) flush();
    (quote ? quoted : plain).push(quote ? quote[1] : one);
  }
  flush();
  return nodes;
}

/** Marks, code, links and mentions within running text. A line break stays one (the style is pre-wrap). */
function inline(text) {
  const nodes = [];
  let plain = "";
  const flush = () => {
    nodes.push(...running(plain));
    plain = "";
  };
  let at = 0;
  while (at < text.length) {
    const found = codeAt(text, at) ?? angleAt(text, at) ?? markAt(text, at);
    if (found) {
      flush();
      nodes.push(found.node);
      at = found.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

/** Text without marks: entities undone, bare addresses linked, short codes drawn. */
function running(text) {
  const nodes = [];
  const readable = unescape(text);
  let from = 0;
  for (const found of readable.matchAll(BARE_LINK)) {
    nodes.push(...withEmoji(readable.slice(from, found.index)), link(found[0], found[0]));
    from = found.index + found[0].length;
  }
  nodes.push(...withEmoji(readable.slice(from)));
  return nodes.map((node) => (node instanceof Node ? node : document.createTextNode(node)));
}

function codeAt(text, at) {
  if (text[at] !== "`") return null;
  const end = text.indexOf("`", at + 1);
  const inside = end < 0 ? "" : text.slice(at + 1, end);
  return inside && !inside.includes("\n") ? { node: el("code", {}, verbatim(inside)), end: end + 1 } : null;
}

function angleAt(text, at) {
  if (text[at] !== "<") return null;
  const end = text.indexOf(">", at);
  if (end < 0) return null;
  const [target, label] = split(text.slice(at + 1, end));
  return { node: reference(target, label), end: end + 1 };
}

function split(inside) {
  const bar = inside.indexOf("|");
  return bar < 0 ? [inside, null] : [inside.slice(0, bar), inside.slice(bar + 1)];
}

function reference(target, label) {
  if (target.startsWith("@")) return person(target.slice(1), label);
  if (target.startsWith("#")) return channel(target.slice(1), label);
  if (target.startsWith("!date^")) return document.createTextNode(tokenDate(target, unescape(label ?? "")));
  if (target.startsWith("!subteam^")) return el("span", { class: "mention" }, unescape(label ?? "@group"));
  if (target.startsWith("!")) return el(
    "span",
    { class: "mention mention-me" },
    `@${unescape(label ?? target.slice(1))}`,
  );
  if (safeUrl(target)) return link(
    unescape(target),
    label === null ? unescape(target).replace(/^mailto:/, "") : withEmoji(unescape(label)),
  );
  return document.createTextNode(unescape(`<${target}${label === null ? "" : `|${label}`}>`));
}

export function person(id, label = null) {
  return el(
    "span",
    { class: id === store.as ? "mention mention-me" : "mention", "data-user": id, title: realNameOf(id) },
    `@${nameOf(id, label)}`,
  );
}

/** A channel the reader can see is a link to it (main.js listens for data-go); another is only its name. */
export function channel(id, label = null) {
  const known = store.channels.find((one) => one.id === id);
  const name = `#${known?.name ?? label ?? "private-channel"}`;
  if (!known) return el("span", { class: "mention" }, name);
  return el("a", { class: "mention", href: `?as=${store.as}&channel=${id}`, "data-go": id }, name);
}

/** *bold*, _italic_ and ~struck~: the mark must open a word, close one, and not cross a line. */
function markAt(text, at) {
  const tag = MARKS[text[at]];
  if (!tag || wordAt(text, at - 1) || /\s/.test(text[at + 1] ?? " ") || text[at + 1] === text[at]) return null;
  const last = Math.min(text.length, at + LONGEST);
  for (let end = at + 2; end < last && text[end] !== "\n"; end += 1) {
    if (text[end] === "<") end = Math.max(end, text.indexOf(">", end));
    else if (text[end] === text[at] && !/\s/.test(text[end - 1]) && !wordAt(text, end + 1)) return {
      node: el(tag, {}, inline(text.slice(at + 1, end))),
      end: end + 1,
    };
  }
  return null;
}

function wordAt(text, at) {
  return at >= 0 && at < text.length && /[\p{L}\p{N}]/u.test(text[at]);
}

/** A text object of Block Kit ({type: plain_text or mrkdwn, text}) as nodes. */
export function textObject(object) {
  if (!object) return [];
  if (typeof object === "string") return withEmoji(object);
  return object.type === "mrkdwn" ? mrkdwn(object.text) : withEmoji(object.text ?? "");
}
