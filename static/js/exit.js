// Quick exit: blank at once, forget this tab, lock the session in the background, go somewhere plain.
// Without this file the link itself does the same through the server. It runs in the head, before anything is shown.
"use strict";
{
const root = document.documentElement, { leaveAt, mark } = document.currentScript.dataset;
const the = (id) => document.getElementById(id);
let presses = 0, alone = false, timer;

const tabs = self.BroadcastChannel && new BroadcastChannel("exit"); // what is open in other tabs goes too
tabs?.addEventListener("message", ({ data }) => {
  root.classList.add("gone");
  setTimeout(go, data ? 1000 : 0, data); // where somebody signs out, the server knows it by then
});

function go(to) {
  root.classList.add("gone");
  document.title = the("exit-status")?.dataset.title || document.title;
  try { sessionStorage.clear(); } catch { /* storage may be switched off */ }
  location.replace(to || the("exit")?.dataset.exitTo || leaveAt);
}

// Without a line the session is still open: the mark says so until it is locked. The answer clears it, too; not the
// cookie, since a page may still be on its way.
function leave(event) {
  event?.preventDefault();
  tabs?.postMessage("");
  try {
    localStorage.exit = 1;
    document.cookie = mark + 60;
  } catch { /* as above */ }
  navigator.sendBeacon(leaveAt);
  go();
}

function lock() {
  fetch(leaveAt, { method: "POST" }).then(({ ok }) => {
    if (!ok) throw ok;
    document.cookie = mark + 0;
    localStorage.removeItem("exit");
    location.replace(location.pathname);
  }).catch(() => setTimeout(lock, 2000));
}

try {
  const before = document.cookie; // what we cannot take away, others set: to act on it would never end
  document.cookie = mark + 0;
  if (before !== document.cookie || localStorage.exit) {
    document.cookie = mark + 60;
    root.classList.add("gone");
    lock();
  }
} catch { /* as above */ }

function count(to, words = "") {
  presses = to;
  the("exit-status").textContent = words;
  the("exit").dataset.presses = to;
}

addEventListener("click", (event) => { if (event.target.closest?.("[data-exit]")) leave(event); });

// Shift counts only when pressed alone, so that typing capitals never leaves.
addEventListener("keydown", (event) => {
  if (event.key === "Shift") { if (!event.repeat) alone = true; return; }
  alone = false;
  if (presses) { clearTimeout(timer); count(0); }
});
addEventListener("pointerdown", () => { alone = false; });
addEventListener("keyup", (event) => {
  if (event.key !== "Shift" || !alone) return;
  const { dataset } = the("exit-status");
  if (!presses) timer = setTimeout(() => count(0, dataset.late), 5000);
  if (presses === 2) return leave();
  count(presses + 1, presses ? dataset.one : dataset.two);
});

// Signing out forgets this tab and empties the others, also where the browser does not do it when the answer says so.
addEventListener("submit", ({ target }) => {
  if (!("forget" in target.dataset)) return;
  tabs?.postMessage("/");
  try { sessionStorage.clear(); } catch { /* as above */ }
});

// A page kept by the browser must not come back as it was.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  root.classList.add("gone");
  location.reload();
});
}
