// The blocks of a view, in a modal or in the Home, drawn so that an update leaves alone what it did not change.
import { renderBlock } from "./blocks.js";
import { clicks } from "./clicks.js";
import { place } from "./dom.js";
import { Form } from "./forms.js";

export class ViewBody {
  /** `node` is where the blocks go; `viewId` is what the app is told when one of them is used. */
  constructor(node, viewId) {
    this.node = node;
    this.form = new Form();
    this.where = clicks({ view_id: viewId }, this.form);
    this.drawn = new Map(); // block_id, or its place -> {signature, node}
  }

  update(blocks) {
    const active = document.activeElement;
    const focused = this.node.contains(active) ? active.closest("[data-action-id]")?.dataset.actionId : null;
    this.form.keepOnly(blocks);
    const next = new Map();
    blocks.forEach((block, at) => {
      const key = block.block_id ?? `at ${at}`;
      const signature = JSON.stringify(block);
      const old = this.drawn.get(key);
      next.set(key, old?.signature === signature ? old : { signature, node: renderBlock(block, this.where) });
    });
    this.drawn = next;
    place(this.node, [...next.values()].map((entry) => entry.node));
    // A field that was drawn anew takes the focus of the one it replaced.
    if (focused && !this.node.contains(document.activeElement)) this.node.querySelector(`[data-action-id="${CSS.escape(focused)}"]`)?.focus();
  }
}
