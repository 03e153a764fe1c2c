// Emoji by short code. The common ones are drawn here, because not every machine that runs this has an emoji font;
// the rest are left to the system's font, and a code nobody knows stays as it was typed.
import { drawing, el } from "./dom.js";

const fill = (colour, d) => ["path", { d, fill: colour }];
const ring = (colour, d, width = 1.5) => ["path", { d, fill: "none", stroke: colour, "stroke-width": width, "stroke-linecap": "round", "stroke-linejoin": "round" }];
const disc = (colour, cx, cy, r) => ["circle", { cx, cy, r, fill: colour }];

const SKIN = "#f2b84b";
const EDGE = "#8a5a12";
const FACE = disc(SKIN, 10, 10, 8);
const EYES = [disc(EDGE, 7.2, 8.4, 1.2), disc(EDGE, 12.8, 8.4, 1.2)];

const DRAWN = {
  bulb: ["💡", [fill("#f4c545", "M10 1.500a6 6 0 0 0-3.600 10.800c.8.7 1.100 1.400 1.100 2.200h5c0-.8.3-1.500 1.100-2.200A6 6 0 0 0 10 1.500z"), fill("#7b7468", "M7.500 15.500h5v1.500a2.500 1.800 0 0 1-5 0z")]],
  "+1": ["👍", [fill(SKIN, "M6.500 9 10 2.200c1.800 0 2.500 1.300 2.100 3L11.600 7.500h4.200c1.300 0 1.900 1 1.600 2.100l-1.500 6c-.3 1.100-1 1.700-2.100 1.700H8.500c-.8 0-1.400-.2-2-.6z"), fill("#d8952f", "M2.500 8.800h3v8.700h-3z")]],
  "-1": ["👎", [fill(SKIN, "M6.500 11 10 17.800c1.800 0 2.500-1.300 2.100-3l-.5-2.300h4.200c1.300 0 1.900-1 1.600-2.100l-1.500-6c-.3-1.100-1-1.700-2.100-1.700H8.500c-.8 0-1.400.2-2 .6z"), fill("#d8952f", "M2.500 2.500h3v8.700h-3z")]],
  heart: ["❤️", [fill("#d5442f", "M10 17.500S2 12.600 2 7.300A4.200 4.200 0 0 1 10 5.400a4.200 4.200 0 0 1 8 1.900c0 5.300-8 10.200-8 10.200z")]],
  tada: ["🎉", [fill("#e0a02c", "M2.500 18 6.500 7.500 12.500 13.500z"), ring("#d5442f", "M10.500 8.500c.3-2 .2-3.500-.8-5.500"), ring("#2f7fb0", "M12 11c2-.9 4-1 6 .3"), ring("#3c8f5a", "M11.500 9.500 16 4.500"), disc("#d5442f", 16.800, 8, 1.100), disc("#2f7fb0", 13, 3, 1.100), disc("#3c8f5a", 15.500, 15.500, 1.100)]],
  eyes: ["👀", [["ellipse", { cx: 5.600, cy: 10, rx: 4, ry: 6, fill: "#fffdf6", stroke: "#6d6458", "stroke-width": 1 }], ["ellipse", { cx: 14.400, cy: 10, rx: 4, ry: 6, fill: "#fffdf6", stroke: "#6d6458", "stroke-width": 1 }], disc("#3a2a1c", 4.500, 11, 2), disc("#3a2a1c", 13.300, 11, 2)]],
  white_check_mark: ["✅", [["rect", { x: 2, y: 2, width: 16, height: 16, rx: 3.500, fill: "#3c8f5a" }], ring("#ffffff", "M5.800 10.400 8.700 13.300 14.300 7", 2.200)]],
  raised_hands: ["🙌", [ring(SKIN, "M2.6 8.500V6M4.700 8V3.500M6.800 8.500V4.500M8.700 12.500l.7-3M17.400 8.500V6M15.300 8V3.500M13.200 8.500V4.500M11.300 12.500l-.7-3", 1.800), fill(SKIN, "M1.700 8h6.100l.6 5c-.2 2.500-1.500 4-3.400 4s-3.300-1.700-3.300-4.200zM18.300 8h-6.100l-.6 5c.2 2.500 1.500 4 3.400 4s3.300-1.700 3.300-4.200z")]],
  wave: ["👋", [fill(SKIN, "M5 10.500 3.400 7.300c-.6-1.300 1.200-2.100 1.800-.9l1.300 2.500L5.300 5c-.5-1.400 1.500-2.100 2-.8l1.600 4-.7-4.700c-.2-1.500 1.900-1.800 2.100-.3l.9 5 1.300-2.700c.7-1.200 2.500-.4 1.900 1-1 2.500-.4 3.500-.3 5.700.1 3.200-1.900 5.300-4.600 5.300-2.400 0-3.600-1.600-4.500-7z"), ring("#8a7f70", "M16 14.500c-.3 1.500-1 2.500-2.300 3.300", 1.300)]],
  rocket: ["🚀", [fill("#b9c0c6", "M16.500 2.500c-5 0-8.300 3-10.300 7.500l3.800 3.800c4.500-2 7.500-5.300 7.500-10.300 0-.7-.3-1-1-1z"), fill("#d5442f", "M6.500 9 2.500 9.500 5 6.800zM11 13.500l-.5 4 2.700-2.500z"), disc("#2f7fb0", 12.500, 7.500, 1.800), fill("#f0a030", "M5.500 12c-2 .5-2.500 3-3 5.500 2.500-.5 5-1 5.500-3z")]],
  sparkles: ["✨", [fill("#e9b23c", "M8 3l1.700 5.300L15 10l-5.300 1.700L8 17l-1.700-5.300L1 10l5.300-1.700zM15.500 2l.8 2.200 2.200.8-2.200.8-.8 2.200-.8-2.200-2.200-.8 2.200-.8zM15.500 12.500l.6 1.900 1.900.6-1.900.6-.6 1.900-.6-1.900-1.900-.6 1.900-.6z")]],
  pray: ["🙏", [fill(SKIN, "M9.700 1.500C8 2.300 6.700 6.500 5.300 10.500L3.300 15l3.400 3 3-2.500zM10.300 1.500c1.700.8 3 5 4.400 9l2 4.500-3.400 3-3-2.500z"), ring(EDGE, "M10 3v12", .8), fill("#2f7fb0", "M3.300 14 7.500 17.800 6 19.500 1.500 16zM16.700 14 12.500 17.800 14 19.500 18.500 16z")]],
  fire: ["🔥", [fill("#e2622c", "M10.500 1.500c.5 3.500 5 5 5 10.200a5.500 5.500 0 0 1-11 .1c0-2.500 1.500-3.800 2-5.800 1.200.5 1.700 1.500 1.800 2.600 1.700-1.600 2.500-4 2.200-7.100z"), fill("#f6c244", "M10 17.500a3 3 0 0 1-3-3c0-2 2-2.500 2.600-4.500 1.700 1 3.400 2.500 3.400 4.500a3 3 0 0 1-3 3z")]],
  gift: ["🎁", [fill("#c9502f", "M3 9.500h14V18H3zM2 6h16v3.500H2z"), fill("#f4c545", "M8.700 6h2.600v12H8.700z"), ring("#f4c545", "M10 6C8 2 4.500 2.500 5.500 5c.4.8 2.500 1 4.500 1zM10 6c2-4 5.500-3.500 4.500-1-.4.8-2.500 1-4.500 1z", 1.400)]],
  star: ["⭐", [fill("#f0b93a", "M10 1.500l2.600 5.400 5.900.8-4.300 4.100 1 5.900L10 14.900l-5.200 2.800 1-5.900L1.500 7.700l5.900-.8z")]],
  warning: ["⚠️", [fill("#f0b93a", "M10 2 19 17.500H1z"), ring("#3a2a1c", "M10 7.500v4.500", 1.800), disc("#3a2a1c", 10, 14.800, 1.100)]],
  smile: ["😄", [FACE, ...EYES, fill(EDGE, "M5.500 11.500h9c-.3 2.600-2 4-4.500 4s-4.200-1.400-4.500-4z")]],
  slightly_smiling_face: ["🙂", [FACE, ...EYES, ring(EDGE, "M6.300 12.300c.9 1.400 2.100 2.100 3.700 2.100s2.800-.7 3.700-2.100")]],
  thinking_face: ["🤔", [FACE, ...EYES, ring(EDGE, "M7.500 13.300c1.500-.8 3-.9 4.700-.3"), ring(EDGE, "M11.500 5.800c.9-.5 1.900-.5 2.800.1", 1.200)]],
  cry: ["😢", [FACE, ...EYES, ring(EDGE, "M7 14.300c.8-1 1.800-1.500 3-1.500s2.200.5 3 1.500"), fill("#4c9fd0", "M5.600 10.500c1 1.400 1.500 2.200 1.500 3a1.500 1.500 0 0 1-3 0c0-.8.5-1.600 1.500-3z")]],
  question: ["❓", [ring("#d5442f", "M6.500 6.500c.2-2.300 1.700-3.500 3.600-3.500 2.100 0 3.600 1.300 3.600 3.200 0 2.700-3.600 2.900-3.600 5.600v.4", 2.400), disc("#d5442f", 10.100, 16, 1.500)]],
  speech_balloon: ["💬", [fill("#8fb7cf", "M2 5a2.500 2.500 0 0 1 2.500-2.500h11A2.500 2.500 0 0 1 18 5v6a2.500 2.500 0 0 1-2.500 2.500H9L5 17.500v-4h-.5A2.500 2.500 0 0 1 2 11z")]],
  bug: ["🐛", [ring("#4f7d3a", "M3 14c1.500 2.500 4 2.500 5.500 0s3.500-2.500 5 0", 4.500), disc("#6a9c50", 15, 10, 3), disc("#2b2620", 16, 9.400, .8)]],
  chart_with_upwards_trend: ["📈", [["rect", { x: 2, y: 2, width: 16, height: 16, rx: 2, fill: "#f3eee4", stroke: "#b5aa9a" }], ring("#d5442f", "M4.500 14 8 10l3 2.500L15.500 6", 1.800)]],
};

const PLAIN = {
  "100": "💯", clap: "👏", muscle: "💪", ok_hand: "👌", point_up: "☝️", joy: "😂", blush: "😊", sunglasses: "😎",
  confetti_ball: "🎊", hammer_and_wrench: "🛠️", memo: "📝", calendar: "📅", bell: "🔔", mag: "🔍", lock: "🔒", link: "🔗",
  raised_hand: "✋", sweat_smile: "😅", heart_eyes: "😍", grimacing: "😬", disappointed: "😞", upside_down_face: "🙃", kiss: "💋",
  smiling_face_with_tear: "🥲", skull: "💀", tulip: "🌷", sunny: "☀️", sun_with_face: "🌞", four_leaf_clover: "🍀", spoon: "🥄",
  sailboat: "⛵", lobster: "🦞", cat: "🐱", birthday: "🎂", baby: "👶", rainbow: "🌈", heavy_plus_sign: "➕", point_right: "👉",
  package: "📦", seedling: "🌱", trophy: "🏆", medal: "🏅", hourglass_flowing_sand: "⏳", no_entry_sign: "🚫", x: "❌",
  arrow_right: "➡️", arrows_counterclockwise: "🔄", coffee: "☕", moneybag: "💰", loudspeaker: "📢", mega: "📣",
};

const ALIASES = { thumbsup: "+1", thumbsdown: "-1", light_bulb: "bulb", grinning: "smile", thinking: "thinking_face", hooray: "tada", check: "white_check_mark", heavy_check_mark: "white_check_mark" };

/** The few that the reaction picker offers, most used first. */
export const REACTIONS = ["bulb", "+1", "heart", "tada", "eyes", "white_check_mark", "raised_hands", "rocket", "thinking_face", "pray"];

const nameByCharacter = new Map(Object.entries(DRAWN).flatMap(([name, [character]]) => [[character, name], [character.replace("\ufe0f", ""), name]]));
const DRAWN_CHARACTER = new RegExp(`(${[...nameByCharacter.keys()].sort((a, b) => b.length - a.length).join("|")})\ufe0f?[\u{1f3fb}-\u{1f3ff}]?`, "gu");

function known(name) {
  const base = name.replace(/::skin-tone-\d$/, "");
  return ALIASES[base] ?? base;
}

/** The character for a short code without colons, or null. */
export function character(name) {
  const base = known(name);
  return DRAWN[base]?.[0] ?? PLAIN[base] ?? null;
}

/** A node for a short code without colons: a drawing, a character, or the code as it was typed. */
export function emoji(name) {
  const base = known(name);
  if (DRAWN[base]) return el("span", { class: "emoji", role: "img", "aria-label": `:${base}:`, title: `:${name}:` }, drawing(DRAWN[base][1], "emoji-drawing"));
  if (PLAIN[base] && fontDraws(PLAIN[base])) return el("span", { class: "emoji", title: `:${name}:` }, PLAIN[base]);
  return document.createTextNode(`:${name}:`);
}

const drawable = new Map();
let brush = null;

/** Does the system have a picture for it? Compared with a code point that no font has; a box says less than ":cat:". */
function fontDraws(character) {
  if (!drawable.has(character)) drawable.set(character, pixels(character) !== pixels("\u{10fffd}"));
  return drawable.get(character);
}

function pixels(character) {
  brush ??= Object.assign(document.createElement("canvas"), { width: 24, height: 24 }).getContext("2d", { willReadFrequently: true });
  brush.clearRect(0, 0, 24, 24);
  brush.font = "18px system-ui, sans-serif";
  brush.fillText([...character][0], 2, 18);
  return brush.getImageData(0, 0, 24, 24).data.join();
}

/** `text` as nodes, with short codes and the emoji we draw replaced. */
export function withEmoji(text) {
  const nodes = [];
  for (const [index, part] of text.split(/:([a-z0-9_+'-]+(?:::skin-tone-\d)?):/).entries()) {
    if (index % 2) nodes.push(emoji(part));
    else for (const [at, piece] of part.split(DRAWN_CHARACTER).entries()) if (piece) nodes.push(at % 2 ? emoji(nameByCharacter.get(piece)) : piece);
  }
  return nodes;
}

/**
 * `text` with short codes as characters, for places that hold text only (placeholders, options of a select). What the
 * system cannot draw is left out there: a box would say less than nothing.
 */
export function plainEmoji(text) {
  const named = text.replace(/:([a-z0-9_+'-]+):/g, (whole, name) => character(name) ?? whole);
  return named.replace(/\p{Extended_Pictographic}\ufe0f?\s?/gu, (found) => (fontDraws(found) ? found : "")).trim();
}
