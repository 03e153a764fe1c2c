// Telling the app that somebody used a button, a select or another element, and showing that it is on its way.
import { notice } from "./dialogs.js";
import { attempt } from "./server.js";
import { store } from "./state.js";

export function appName() {
  return store.app.name || "The app";
}

/** Did the app take it? `status` is what it answered; nothing at all (null, 0) means that it did not answer in time. */
export function wentWell(answer) {
  return answer !== null && (answer.status === undefined || (answer.status >= 200 && answer.status < 300));
}

export function sayUnanswered() {
  notice(`${appName()} did not answer. Nothing was lost; try again in a moment.`);
}

/** The `where` of blocks.js for elements that stand in `base` ({channel, ts} or {view_id}). */
export function clicks(base, form = null) {
  return {
    form,
    async click(details, node) {
      if (node.getAttribute("aria-busy") === "true") return;
      node.setAttribute("aria-busy", "true");
      const answer = await attempt("click", { ...base, ...details, ...(form ? { values: form.values() } : {}) });
      node.removeAttribute("aria-busy");
      if (answer && !wentWell(answer)) sayUnanswered();
    },
  };
}
