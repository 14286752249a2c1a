// Quick exit: blank at once, forget this tab, lock the session in the background, go somewhere plain.
// Without this file the link itself does the same through the server.
const link = document.getElementById("exit");
const status = document.getElementById("exit-status");
let presses = 0, alone = false, timer;

const tabs = self.BroadcastChannel && new BroadcastChannel("exit"); // what is open in other tabs goes too
tabs?.addEventListener("message", go);

function go() {
  document.documentElement.classList.add("gone");
  document.title = status.dataset.title;
  try { sessionStorage.clear(); } catch { /* storage may be switched off */ }
  location.replace(link.dataset.exitTo || link.href);
}

function leave(event) {
  event?.preventDefault();
  tabs?.postMessage("");
  navigator.sendBeacon(link.href);
  go();
}

function count(to, words = "") {
  presses = to;
  status.textContent = words;
  if (to) link.dataset.presses = to; else delete link.dataset.presses;
}

document.addEventListener("click", (event) => { if (event.target.closest?.("[data-exit]")) leave(event); });

// Shift counts only when pressed alone, so that typing capitals never leaves.
document.addEventListener("keydown", (event) => {
  if (event.key === "Shift") { if (!event.repeat) alone = true; return; }
  alone = false;
  if (presses) { clearTimeout(timer); count(0); }
});
document.addEventListener("pointerdown", () => { alone = false; });
document.addEventListener("keyup", (event) => {
  if (event.key !== "Shift" || !alone) return;
  if (!presses) timer = setTimeout(() => count(0, status.dataset.late), 5000);
  if (presses === 2) return leave();
  count(presses + 1, presses ? status.dataset.one : status.dataset.two);
});

// A page kept by the browser must not come back as it was.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.documentElement.classList.add("gone");
  location.reload();
});
