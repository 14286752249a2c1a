// "Show what I type", without sending anything. Without this file the same button asks the server for the page.
const button = document.querySelector("[data-show]");
const fields = [...document.querySelectorAll("input[type=password]")];
const words = button && [button.textContent, button.dataset.hide];

button?.addEventListener("click", (event) => {
  event.preventDefault();
  const hidden = fields[0].type === "password";
  for (const field of fields) field.type = hidden ? "text" : "password";
  button.textContent = words[hidden ? 1 : 0];
});

// What is shown must not be offered again as a plain text field by the browser.
button?.form.addEventListener("submit", () => { for (const field of fields) field.type = "password"; });
