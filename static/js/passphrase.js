// A passphrase that is typed. "Show what I type" sends nothing: without this file the same button asks the server for
// the page. And the button that sends says that it takes a moment to work on it.
const button = document.querySelector("[data-show]");
const fields = [...document.querySelectorAll("input[type=password]")];
const words = button && [button.textContent, button.dataset.hide];
const said = document.querySelector("[data-moment]"), form = said.closest("form");
const sends = form.querySelector("button"), before = sends.textContent;
const PATIENCE = 20_000;

button?.addEventListener("click", (event) => {
  event.preventDefault();
  const hidden = fields[0].type === "password";
  for (const field of fields) field.type = hidden ? "text" : "password";
  button.textContent = words[hidden ? 1 : 0];
});

function say(text) {
  said.textContent = text;
  sends.textContent = text || before;
}

form.addEventListener("submit", (event) => {
  if (said.textContent) return event.preventDefault(); // pressed twice
  say(said.dataset.moment);
  setTimeout(say, PATIENCE, ""); // no answer came: it can be pressed again
  for (const field of fields) field.type = "password"; // the browser must not offer it again as plain text
  history.replaceState("", ""); // "Back" asks for this page by its address: nothing is sent once more
});
