// What waits for a team, kept up to date; and keys for whoever switched them on. Without this file the pages work.
import { follow } from "./live/link.js";
import { counted, put, words } from "./live/page.js";

const BEAT = 180_000; // an open page that is worked on says so, well within ten minutes
const OPEN = 240_000; // shorter than what moderation/actions/visits.py counts a page as open
const page = document.querySelector("[data-team]");
const told = page.querySelector("[data-live-status]");
let standing = "", isBusy = false, isAsking = false, wanted = "";

function state(name) {
  if (standing === name) return;
  standing = name;
  if (told.textContent.trim() || name !== "on") put(told, name);
}

const idsOf = (part) => [...part.querySelectorAll("[data-case]")].map((item) => item.dataset.case);

const atFirst = new Set(idsOf(page));

const plain = (part) => part?.innerHTML.replace(/(name="csrfmiddlewaretoken" value=)"\w+"/g, "$1");

// Where one was before a part was put in anew: the same row, or what is called the same; else the top.
function stay(part, at, where) {
  const same = [...part.querySelectorAll(at.tagName)].find((one) => one.textContent === at.textContent);
  const row = where && part.querySelector(`[data-case="${CSS.escape(where)}"] [data-row]`);
  (row || same || page.querySelector("h1")).focus();
}

// One question at a time, and once more for what happened meanwhile: an answer that was made earlier never comes later.
async function freshen(url = page.dataset.team) {
  wanted = wanted === location.pathname ? wanted : url; // the whole page has all that its parts have
  if (isAsking) return;
  isAsking = true;
  while (wanted) {
    const next = wanted;
    wanted = "";
    await look(next);
  }
  isAsking = false;
}

// The page as it is now: parts that changed are put in place, and where one was, one stays.
async function look(url) {
  let now;
  try {
    const answer = await fetch(url, { headers: { "X-Kith-Fresh": "1" } });
    if (!answer.ok) return;
    now = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch { return; } // the next event asks again
  const before = new Set(idsOf(page));
  let isChanged = false;
  for (const part of page.querySelectorAll("[data-fresh]")) {
    const next = now.getElementById(part.id);
    if (!next && !now.querySelector("h1")) continue; // parts of a page say nothing of the others
    if ((plain(next) ?? "") === plain(part)) continue;
    const at = part.contains(document.activeElement) && document.activeElement;
    const where = at && at.closest("[data-case]")?.dataset.case;
    part.replaceChildren(...(next ? [...next.childNodes].map((node) => document.adoptNode(node)) : []));
    if (at) stay(part, at, where);
    isChanged = true;
  }
  const added = [...page.querySelectorAll("[data-case]")].filter((item) => !atFirst.has(item.dataset.case));
  if (added.some((item) => !before.has(item.dataset.case))) {
    const worry = added.some((item) => "worry" in item.dataset) ? `${words.worry} ` : "";
    told.textContent = worry + (added.length === 1 ? words.one : counted("several", added.length));
  } else if (isChanged && page.dataset.keep === undefined && !before.size) told.textContent = words.changed;
}

// An open page that somebody can see asks again: its hours are right, and colleagues are told that it is open.
if (page.dataset.team) setInterval(() => { if (document.visibilityState === "visible") freshen(location.pathname); }, OPEN);

if (page.dataset.socket) {
  follow({
    socket: page.dataset.socket,
    head: Number(page.dataset.head),
    view: "",
    on: { state, events: () => freshen(), gone: () => state("gone"), reload: () => state("reload"), renew: () => null },
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

// A page that comes back shows the copy as it was: open, or shut.
page.addEventListener("formdata", ({ formData }) => {
  if (page.querySelector("[data-message][open]")) formData.set("opened", "1");
});

const keyed = (key) => page.querySelector(`[data-key~="${CSS.escape(key)}"]`);

function move(step) {
  const rows = [...page.querySelectorAll("[data-row]")];
  const at = rows.indexOf(document.activeElement) + step;
  if (rows.length) rows[Math.min(Math.max(at, 0), rows.length - 1)].focus();
  return rows.length;
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  r() { const shut = page.querySelector("[data-message]"); if (shut) shut.open = !shut.open; return shut; },
  u() { const last = !keyed("u") && page.querySelector("[href$='#undo']"); if (last) last.click(); return last; },
};

// What has a key of its own is pressed; a number picks what happens.
function press(event) {
  const types = event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
  if (types || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  const choice = page.querySelectorAll("[data-ruling] [name=act]")[(Number(key) || 10) - 1];
  if (/^\d$/.test(key) && choice) {
    choice.closest("details")?.setAttribute("open", "");
    choice.click();
    choice.focus();
  } else if (!keys[key]?.()) {
    const found = key.length === 1 && keyed(key);
    if (!found) return;
    found.click();
    if (key === "?") found.focus();
  }
  event.preventDefault();
}

if ("keys" in page.dataset) document.addEventListener("keydown", press);
