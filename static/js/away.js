// Plain forms while the line is away: a press stays on the page, which says so. The browser would put a page of its own
// in its place, and what was written, or whom to call, would be gone. Without this file a form is a form.
const said = document.getElementById("away").content;
const shown = () => document.querySelectorAll("[data-away]");

function stay(event, beside) {
  event.preventDefault();
  event.stopPropagation(); // nor does a script send it
  for (const old of shown()) old.remove();
  beside.append(said.cloneNode(true));
  shown()[0].scrollIntoView({ block: "nearest" });
}

addEventListener("submit", (event) => { if (!navigator.onLine) stay(event, event.target); }, true);

// Where it stands whom to call, no link leads away from it either.
const page = document.querySelector("[data-stay]");
page?.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!navigator.onLine && link?.origin === location.origin) stay(event, link.parentElement);
});
addEventListener("online", () => { for (const old of shown()) old.remove(); });
