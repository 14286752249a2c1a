// What waits for a team, kept up to date; and keys for whoever switched them on. Without this file the pages work.
import { follow } from "./live/link.js";
import { counted, put, words } from "./live/page.js";

const BEAT = 180_000; // an open page that is worked on says so, well within ten minutes
const OPEN = 240_000; // shorter than what moderation/actions/visits.py counts a page as open
const page = document.querySelector("[data-team]");
const told = page.querySelector("[data-live-status]");
let standing = "", isBusy = false;

function state(name) {
  if (standing === name) return;
  standing = name;
  if (told.textContent.trim() || name !== "on") put(told, name);
}

const idsOf = (part) => [...part.querySelectorAll("[data-case]")].map((item) => item.dataset.case);

// The page as it is now: parts that changed are put in place, and where one was, one stays.
async function freshen() {
  let now;
  try {
    const answer = await fetch(page.dataset.team);
    if (!answer.ok) return;
    now = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch { return; } // the next event asks again
  const before = new Set(idsOf(page));
  for (const part of page.querySelectorAll("[data-fresh]")) {
    const next = now.getElementById(part.id);
    if (next?.innerHTML === part.innerHTML) continue;
    const at = part.contains(document.activeElement) && document.activeElement;
    const where = at && at.closest("[data-case]")?.dataset.case;
    part.replaceChildren(...(next ? [...next.childNodes].map((node) => document.adoptNode(node)) : []));
    if (at) (part.querySelector(`[data-case="${CSS.escape(where ?? "")}"] [data-row]`) ?? page.querySelector("h1")).focus();
  }
  const added = idsOf(page).filter((id) => !before.has(id)).length;
  if (added) told.textContent = added === 1 ? words.one : counted("several", added);
}

// An open page that somebody can see asks again: its hours are right, and colleagues are told that it is open.
setInterval(() => { if (document.visibilityState === "visible") freshen(); }, OPEN);

if (page.dataset.socket) {
  follow({
    socket: page.dataset.socket,
    head: Number(page.dataset.head),
    view: "",
    on: { state, events: freshen, gone: () => state("gone"), reload: () => state("reload"), renew: () => null },
  });
}

async function beat() {
  if (!isBusy) return;
  isBusy = false;
  const token = page.querySelector("[name=csrfmiddlewaretoken]").value;
  const body = new URLSearchParams({ fence: page.dataset.fence, csrfmiddlewaretoken: token });
  try {
    const answer = await fetch(page.dataset.keep, { method: "POST", body, headers: { Accept: "application/json" } });
    const found = await answer.json();
    const line = page.querySelector("[data-until]");
    if (answer.ok && line) line.textContent = counted("yours", found.until);
    if (answer.status === 409) told.textContent = found.message;
  } catch { /* said again soon */ }
}

if (page.dataset.keep) {
  for (const kind of ["input", "keydown", "pointerdown", "scroll"]) addEventListener(kind, () => { isBusy = true; });
  setInterval(beat, BEAT);
}

function move(step) {
  const rows = [...page.querySelectorAll("[data-row]")];
  const at = rows.indexOf(document.activeElement) + step;
  if (rows.length) rows[Math.min(Math.max(at, 0), rows.length - 1)].focus();
  else page.querySelector("[data-key=j]")?.click();
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  r() { const shut = page.querySelector("[data-message]"); if (shut) shut.open = !shut.open; },
  u() { (page.querySelector("[data-key=u]") ?? page.querySelector("[href$='#undo']"))?.click(); },
};

function press(event) {
  const types = event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
  if (types || event.ctrlKey || event.metaKey || event.altKey) return;
  const choice = page.querySelectorAll("[data-ruling] [name=act]")[(Number(event.key) || 10) - 1];
  if (/^\d$/.test(event.key) && choice) { choice.closest("details")?.setAttribute("open", ""); choice.click(); choice.focus(); event.preventDefault(); }
  const act = keys[event.key.toLowerCase()];
  if (act) { event.preventDefault(); act(); }
}

if ("keys" in page.dataset) document.addEventListener("keydown", press);
