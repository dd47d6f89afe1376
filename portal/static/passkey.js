// Passkeys are made and asked for by the browser; this hands it the options, and the form what it answers.
"use strict";

const form = document.querySelector("form[data-passkey]");
if (form && window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  const making = form.dataset.passkey === "make";
  const said = JSON.parse(form.dataset.options);
  form.hidden = false;
  document.getElementById("no-passkeys")?.remove();
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    try {
      const credential = making
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(said) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(said) });
      form.elements.credential.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch (error) {
      document.getElementById("passkey-fault").hidden = false;
    }
  });
}
