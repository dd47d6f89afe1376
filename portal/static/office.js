// The next and the previous application by the keys J and K, in a Russian or Kazakh layout too;
// without scripts their links do the same.
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select") || event.ctrlKey || event.altKey || event.metaKey) return;
  document.querySelector(`a[data-key="${CSS.escape(event.code)}"]`)?.click();
});
