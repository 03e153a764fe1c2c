// Puts the page together: side bar, messages, thread, modals; then becomes the person the address names.
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { become } from "./live.js";
import "./modals.js";
import { pane } from "./pane.js";
import { go, readAddress } from "./places.js";
import { fetchJson } from "./server.js";
import { actAs, sidebar } from "./sidebar.js";
import { changed, on, store } from "./state.js";
import { thread } from "./thread.js";

const REMEMBERED = "playground.as"; // who one was last, for addresses that do not say

const STRANGERS = new Set(["user_not_found", "user_is_bot", "user_disabled"]);

const part = (id) => document.getElementById(id);

sidebar(part("sidebar"));
actAs(part("act-as"));
pane(part("main"));
thread(part("thread"));

const drawer = part("drawer");
drawer.append(icon("menu"));
drawer.addEventListener("click", () => setDrawer(!document.body.classList.contains("drawer-open")));
part("veil").addEventListener("click", () => setDrawer(false));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.body.classList.contains("drawer-open")) setDrawer(false);
});

function setDrawer(open) {
  document.body.classList.toggle("drawer-open", open);
  drawer.setAttribute("aria-expanded", String(open));
  if (open) part("sidebar").querySelector("[aria-current], .side-row")?.focus();
  else drawer.focus();
}

on("place", () => drawer.setAttribute("aria-expanded", "false"));
on("state", () => (part("team").textContent = store.team.name || "Playground"));
on("connection", () => (part("lost").hidden = store.connected));

part("skip-to-writing").addEventListener("click", (event) => {
  event.preventDefault();
  part("main").querySelector("textarea")?.focus();
});

// Mentions of channels within messages.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-go]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  go({ channel: link.dataset.go });
});

window.addEventListener("popstate", () => {
  const { as, place } = readAddress();
  if (as && as !== store.as) return location.reload();
  store.place = place;
  changed("place");
});

/** Who to be: whom the address names, else who one was last, else Ana, who is in every playground. */
async function start() {
  const { as, place } = readAddress();
  store.place = place;
  const who = await firstThatIs([as, localStorage.getItem(REMEMBERED), "U0ANA"]);
  localStorage.setItem(REMEMBERED, who);
  become(who);
  go(place, { replace: true });
}

async function firstThatIs(ids) {
  for (const id of ids.filter(Boolean)) {
    try {
      const { me } = await fetchJson("state", { as: id });
      if (!me.deleted) return me.id;
    } catch (error) {
      if (!STRANGERS.has(error.code)) throw error;
    }
  }
  throw new Error("Nobody is in it who could look at it.");
}

start().catch((error) => {
  const words = [el("h2", {}, "The workspace did not answer"), el("p", {}, error.message)];
  const again = { class: "button primary", type: "button", on: { click: () => location.reload() } };
  part("main").replaceChildren(el("div", { class: "empty" }, words, el("button", again, "Try again")));
});
