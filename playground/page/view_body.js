// The blocks of a view, in a modal or in the Home, drawn so that an update leaves alone what it did not change.
import { renderBlock } from "./blocks.js";
import { clicks } from "./clicks.js";
import { Kept } from "./dom.js";
import { Form } from "./forms.js";

export class ViewBody {
  /** `node` is where the blocks go; `viewId` is what the app is told when one of them is used. */
  constructor(node, viewId) {
    this.node = node;
    this.form = new Form();
    this.where = clicks({ view_id: viewId }, this.form);
    this.kept = new Kept();
  }

  update(blocks) {
    const active = document.activeElement;
    const focused = this.node.contains(active) ? active.closest("[data-action-id]")?.dataset.actionId : null;
    this.form.keepOnly(blocks);
    const draw = (block) => this.kept.node(block.block_id, JSON.stringify(block), () => renderBlock(block, this.where));
    this.kept.place(this.node, blocks.map(draw));
    // A field that was drawn anew takes the focus of the one it replaced.
    if (!focused || this.node.contains(document.activeElement)) return;
    this.node.querySelector(`[data-action-id="${CSS.escape(focused)}"]`)?.focus();
  }
}
