// A talk that was started, or a message that was changed, is here now: this tab keeps its words no longer.
export function forgetSent() {
  const from = document.referrer;
  try { if (/\/(new|edit)\/$/.test(from)) sessionStorage.removeItem(from); } catch { /* switched off */ }
}
