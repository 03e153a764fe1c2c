// Building the page's nodes. Everything people wrote goes through here as text nodes, never as HTML.

const SVG = "http://www.w3.org/2000/svg";
let made = 0;

/** A new element. `props`: `on` holds listeners, `class` is a string, true/false set or leave out an attribute. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

export function append(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

/** A drawing of 20 by 20 units. `shapes` are [tag, attributes] pairs; it is hidden from screen readers. */
export function drawing(shapes, className) {
  const root = document.createElementNS(SVG, "svg");
  root.setAttribute("viewBox", "0 0 20 20");
  root.setAttribute("class", className);
  root.setAttribute("aria-hidden", "true");
  for (const [tag, attributes] of shapes) {
    const shape = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
    root.append(shape);
  }
  return root;
}

/**
 * Make `nodes` the children of `parent`, moving as little as possible: a node that is moved loses its focus and its
 * scroll position, so what already stands in the right order is left alone.
 */
export function place(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  let at = parent.firstChild;
  for (const node of nodes) {
    if (node === at) at = at.nextSibling;
    else parent.insertBefore(node, at);
  }
}

/**
 * Keeps the nodes of what did not change from one drawing to the next, so that they keep their focus, their typing, and a
 * mouse button that is just being pressed. Each node has a key, and a signature of all that its look depends on.
 */
export class Kept {
  constructor() {
    this.before = new Map();
    this.now = new Map();
  }

  /** The node of `key`: the one it had if the signature is the same, else what `make` makes. */
  node(key, signature, make) {
    const old = this.before.get(key);
    const entry = old?.signature === signature ? old : { signature, node: make() };
    this.now.set(key, entry);
    return entry.node;
  }

  /** Put what was asked for since the last time into `parent`, and forget the rest. */
  place(parent, nodes) {
    this.before = this.now;
    this.now = new Map();
    place(parent, nodes);
  }

  /** The node that `key` had at the last placing, or null. */
  get(key) {
    return this.before.get(key)?.node ?? null;
  }
}

/** An id that no other element on the page has; labels and errors point at their fields with it. */
export function freshId(word) {
  made += 1;
  return `${word}-${made}`;
}

/** Say `text` to screen readers. Emptied first, so that the same words are read a second time. */
export function announce(text) {
  const region = document.getElementById("announcer");
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 50);
}
