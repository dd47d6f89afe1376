// Comforts only: every page works without this file.
"use strict";

// A question that depends on another answer shows only where it applies.
for (const block of document.querySelectorAll("[data-when]")) {
  const name = block.dataset.when;
  const wanted = block.dataset.is.split(" ");
  const inputs = document.querySelectorAll(`[name="${CSS.escape(name)}"]`);
  if (!inputs.length) continue;
  const update = () => {
    const value = inputs[0].type === "radio"
      ? [...inputs].find((input) => input.checked)?.value
      : inputs[0].value;
    block.hidden = !wanted.includes(value) && !block.classList.contains("wrong");
  };
  inputs.forEach((input) => input.addEventListener("change", update));
  update();
}

// A second click on Submit would be harmless; it is only kept from worrying anyone.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction")) return;
    const button = form.querySelector("button:not([formaction])");
    setTimeout(() => { button.disabled = true; button.textContent = form.dataset.busy; });
  });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = button.dataset.done;
  });
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

document.getElementById("error-summary")?.focus();
