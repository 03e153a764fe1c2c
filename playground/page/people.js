// Who somebody is: names, and an avatar of initials on a colour that stays the same for the same person.
import { el } from "./dom.js";
import { store } from "./state.js";

const TINTS = 8;

/** The name to show for a user id; the label Slack put beside the id, or the id, for somebody we do not know. */
export function nameOf(id, label = null) {
  const user = store.users.get(id);
  return user ? shownName(user) : (label ?? id ?? "Somebody");
}

/** As Slack shows people: the name they chose to be called by, else the real one. */
export function shownName(user) {
  return user.profile?.display_name || realName(user);
}

function realName(user) {
  return user.real_name || user.profile?.real_name || user.name || user.id;
}

/** The real name behind the shown one, for where there is room for both; null where they are the same. */
export function realNameOf(id) {
  const user = store.users.get(id);
  return user && realName(user) !== shownName(user) ? realName(user) : null;
}

/** A second line for pickers: what tells two people of one name apart. */
export function detailOf(user) {
  const marks = [
    user.is_primary_owner ? "owner" : user.is_admin ? "admin" : "",
    user.is_restricted || user.is_ultra_restricted ? "guest" : "",
    user.deleted ? "left" : "",
  ];
  return [realNameOf(user.id), user.name ? `@${user.name}` : "", ...marks].filter(Boolean).join(" · ");
}

/** The initials are those of the real name: more people share a first letter than two. */
export function avatar(id, name = realNameOf(id) ?? nameOf(id)) {
  const app = id === store.app.user_id;
  const initials = name.split(/\s+/).filter(Boolean).slice(0, 2).map((word) => [...word][0]).join("").toUpperCase();
  const look = `avatar tint-${app ? "app" : tintOf(id ?? name)}`;
  return el("span", { class: look, "aria-hidden": "true" }, initials || "?");
}

/** FNV-1a: ids differ in few letters, and neighbours should not look alike. */
function tintOf(word) {
  let sum = 2_166_136_261;
  for (const letter of word) sum = Math.imul(sum ^ letter.codePointAt(0), 16_777_619);
  return (sum >>> 8) % TINTS;
}
