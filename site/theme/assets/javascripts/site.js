// A page says which call is open as of the day it was built; this moves it on to today, and on while it is read.
function moveOn() {
  for (const group of document.querySelectorAll(".om-calls")) {
    const now = Math.max(Date.now(), Date.parse(group.dataset.built))
    const calls = [...group.children]
    const current = calls.find((call) => now < Date.parse(call.dataset.closes))
    for (const call of current ? calls : []) {
      const open = now >= Date.parse(call.dataset.opens)
      call.hidden = call !== current
      call.classList.toggle("om-open", open)
      for (const part of call.querySelectorAll("[data-when]")) part.hidden = (part.dataset.when === "open") !== open
      const left = call.querySelector("[data-left]")
      const minutes = Math.floor((Date.parse(open ? call.dataset.closes : call.dataset.opens) - now) / 60000)
      const days = Math.floor(minutes / 1440)
      const words = left.dataset[`${open ? "closes" : "opens"}${days ? "In" : "Soon"}`]
      left.textContent = words.replace("{d}", days).replace("{h}", Math.floor(minutes / 60) % 24).replace("{m}", minutes % 60)
      left.hidden = false
    }
  }
}
moveOn()
setInterval(moveOn, 20000)

// The last call before an agreement runs out may close while the built page stands.
for (const link of document.querySelectorAll("a[data-until]")) if (Date.now() >= Date.parse(link.dataset.until)) link.remove()
for (const button of document.querySelectorAll(".om-print")) {
  button.hidden = false
  button.addEventListener("click", () => print())
}

// The theme opens its search as a dialog, and gives it no name.
document.querySelector(".md-search[role=dialog]")?.setAttribute("aria-label", document.querySelector(".md-search__input")?.placeholder ?? "Search")

// The drawer and the search are boxes that are ticked while open; Firefox would keep them so over a reload.
for (const box of document.querySelectorAll("[data-md-toggle]")) box.checked = false
