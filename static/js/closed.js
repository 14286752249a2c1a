// An account was deleted from this tab: what is open in others goes, as with signing out (exit.js).
document.body.dataset.forget = "";
document.body.dispatchEvent(new Event("submit", { bubbles: true }));
