// Passkeys: ask the device, put its answer into the form, send the form. Own code, because the browsers' own
// JSON helpers are younger than many phones.
const form = document.querySelector("[data-passkey]");
const status = form.querySelector("[data-passkey-status]");
const { publicKey } = JSON.parse(document.getElementById("passkey-options").textContent);

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list) => (list || []).map((key) => ({ ...key, id: toBytes(key.id) }));

function ask() {
  const options = { ...publicKey, challenge: toBytes(publicKey.challenge) };
  if (form.dataset.passkey === "use") {
    return navigator.credentials.get({ publicKey: { ...options, allowCredentials: named(options.allowCredentials) } });
  }
  return navigator.credentials.create({ publicKey: {
    ...options,
    user: { ...options.user, id: toBytes(options.user.id) },
    excludeCredentials: named(options.excludeCredentials),
  } });
}

function packed({ id, type, rawId, response, getClientExtensionResults }, credential) {
  const parts = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) parts[part] = toText(response[part]);
  }
  return JSON.stringify({
    id, type, rawId: toText(rawId), response: parts,
    clientExtensionResults: getClientExtensionResults.call(credential),
  });
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  status.textContent = "";
  try {
    const credential = await ask();
    form.elements.credential.value = packed(credential, credential);
    form.submit();
  } catch {
    status.textContent = status.dataset.sorry;
  }
});
