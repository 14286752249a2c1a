// An open card asks again every five seconds: what was taken back does not stay on screen.
const box = document.querySelector("[data-card]");
let missed = 0;

function show(html) {
  const found = new DOMParser().parseFromString(html, "text/html").body;
  if (box.innerHTML.trim() !== found.innerHTML.trim()) box.replaceChildren(...[...found.childNodes].map((node) => document.adoptNode(node)));
}

function close() {
  clearInterval(asking);
  box.textContent = box.dataset.gone;
}

async function ask() {
  if (document.hidden) return;
  try {
    const answer = await fetch(`${location.pathname}?again=1`, { cache: "no-store" });
    if (answer.status === 404) return close();
    if (answer.ok) { missed = 0; return show(await answer.text()); }
  } catch { /* no line just now */ }
  if (++missed > 5) close(); // nobody can say whether it may still be seen
}

const asking = setInterval(ask, 5000);
document.addEventListener("visibilitychange", ask);
