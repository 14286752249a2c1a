// A scanned code stands behind the # of the address. Put it into the field, or keep it in this tab until
// somebody has signed in; and take it out of the address, so that the history does not keep it.
const KEY = "code";
const scanned = location.hash.slice(1);
const field = document.querySelector("[data-code]");
if (scanned) history.replaceState(null, "", location.pathname);
const code = scanned || sessionStorage.getItem(KEY);
if (field && code) {
  field.value ||= code;
  sessionStorage.removeItem(KEY);
} else if (!field && scanned) {
  sessionStorage.setItem(KEY, scanned);
  document.querySelector("[data-code-kept]").hidden = true;
}
