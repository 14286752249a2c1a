// Reporting without leaving the page: the steps of the report's own pages, in a dialog. Without this file its link
// leads to them. The way out stays in reach while the dialog covers the page.
let box, from;

function shut(event) {
  event?.preventDefault();
  box.close();
}

async function show(url, body) {
  const answer = await fetch(url, body ? { method: "POST", body } : {});
  const step = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-report]");
  if (!step) throw new Error("another page");
  box.lastElementChild.replaceWith(document.adoptNode(step));
  if (!box.open) box.showModal();
  box.querySelector("h1").focus();
}

function open(link) {
  from = link;
  if (!box) {
    box = document.createElement("dialog");
    box.setAttribute("aria-labelledby", "report-title");
    const exit = document.getElementById("exit").cloneNode(true);
    exit.removeAttribute("id");
    box.append(exit, document.createElement("div"));
    document.body.append(box);
    box.addEventListener("close", () => from.focus());
    box.addEventListener("submit", (event) => {
      event.preventDefault();
      const form = event.target;
      const body = new URLSearchParams(new FormData(form, event.submitter));
      show(form.action, body).catch(() => HTMLFormElement.prototype.submit.call(form)); // then as a page, from here
    });
    box.addEventListener("click", (event) => { if (event.target.closest("[data-shut]")) shut(event); });
  }
  show(link.href).catch(() => location.assign(link.href));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !self.HTMLDialogElement) return;
  event.preventDefault();
  open(link);
});
