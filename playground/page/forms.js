// The values of a view: which elements hold one, what was typed so far, and which errors stand under which field.

export class Form {
  constructor() {
    this.controls = new Map(); // "block_id/action_id" -> {block, element, control}
  }

  add(block, element, control) {
    const key = keyOf(block, element);
    const before = this.controls.get(key);
    // The app may change a view while somebody types into it. What was typed stays, as long as the field is still the
    // same one: same block, same element. A new initial value does not overwrite it, which is what Slack does too.
    if (before && before.element.type === element.type) control.write(before.control.read());
    this.controls.set(key, { block, element, control });
  }

  /** Forget the fields of blocks that are no longer in the view, so that they come back empty. */
  keepOnly(blocks) {
    const kept = new Set(blocks.map((block) => block.block_id));
    for (const [key, { block }] of this.controls) if (!kept.has(block.block_id)) this.controls.delete(key);
  }

  /** What the control API takes: the value of each field by its block_id; by action_id where a block may hold several. */
  values() {
    const values = {};
    for (const { block, element, control } of this.controls.values()) {
      values[block.type === "actions" ? element.action_id : block.block_id] = control.read();
    }
    return values;
  }

  /** Show `errors` ({block_id: text}) under their fields, clear the others, and go to the first. Answers what fits nowhere. */
  showErrors(root, errors) {
    const left = { ...errors };
    let first = null;
    for (const { block, element } of this.controls.values()) {
      const text = left[block.block_id] ?? left[element.action_id];
      delete left[block.block_id];
      delete left[element.action_id];
      const node = root.querySelector(`[data-block-id="${CSS.escape(block.block_id ?? "")}"]`);
      const place = node?.querySelector(".field-error");
      if (!place) {
        if (text) left[block.block_id] = text;
        continue;
      }
      place.textContent = text ?? "";
      place.hidden = !text;
      const field = node.querySelector("[data-action-id]");
      if (text) field?.setAttribute("aria-invalid", "true");
      else field?.removeAttribute("aria-invalid");
      if (text) first ??= field;
    }
    (first?.matches("input, select, textarea, button") ? first : first?.querySelector("input"))?.focus();
    return Object.values(left);
  }
}

function keyOf(block, element) {
  return `${block.block_id ?? ""}/${element.action_id ?? ""}`;
}
