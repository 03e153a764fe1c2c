// The app's Home tab: the view it published for this person.
import { el, place } from "./dom.js";
import { store } from "./state.js";
import { ViewBody } from "./view_body.js";

/** Returns {node, show()}; show() draws store.home. */
export function home() {
  const node = el("div", { class: "home", "data-testid": "home", tabindex: 0, role: "region", "aria-label": "Home" });
  let content = null;
  let viewId = null;

  function show() {
    const view = store.home;
    if (!view) {
      viewId = null;
      const words = `${store.app.name || "The app"} has not put anything on this page.`;
      place(node, [el("div", { class: "empty" }, el("h2", {}, "Nothing here yet"), el("p", {}, words))]);
      return;
    }
    if (view.id !== viewId) {
      viewId = view.id;
      node.dataset.viewId = view.id;
      const body = el("div", { class: "home-body" });
      content = new ViewBody(body, view.id);
      place(node, [body]);
    }
    content.update(view.blocks);
  }

  return { node, show };
}
