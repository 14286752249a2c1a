// Kind words to a post without leaving it. The buttons are a plain form without this file.
import { words } from "./live/page.js";

addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-react]");
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!button || !token || button.getAttribute("aria-busy")) return;
  event.preventDefault();
  const pressed = button.getAttribute("aria-pressed") === "true";
  const body = new URLSearchParams({ [pressed ? "undo" : "kind"]: button.dataset.react, csrfmiddlewaretoken: token });
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(button.dataset.url, { method: "POST", body, headers: { Accept: "application/json" } });
    const found = await answer.json();
    if (answer.ok) {
      button.setAttribute("aria-pressed", !pressed);
      button.name = pressed ? "kind" : "undo"; // what the plain form would say next
      const old = document.querySelector(`[data-post="${CSS.escape(found.id)}"]`);
      const item = new DOMParser().parseFromString(found.html, "text/html").querySelector("li[data-post]");
      if (old && item) old.replaceWith(item);
    }
    say(answer.ok ? words.done : found.message ?? words.unsent);
  } catch { say(words.unsent); }
  button.removeAttribute("aria-busy");
});

function say(text) {
  let line = document.querySelector("[data-live-status], [data-react-status]");
  if (!line) {
    line = Object.assign(document.createElement("p"), { className: "soft", role: "status" });
    line.dataset.reactStatus = "";
    document.querySelector("[data-react]").closest("form").append(line);
  }
  setTimeout(() => { line.textContent = text; }, 50); // a status line must be there before it speaks
}
