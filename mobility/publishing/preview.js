// Put into pages by `mobility serve` alone: reloads them when there is something new, and shows what is to be mended.
(() => {
  const shown = STATUS
  const box = document.createElement("div")
  box.id = "om-preview"
  box.setAttribute("role", "alert")
  box.style.cssText =
    "position:fixed;inset:auto 0 0;z-index:1000;max-height:60vh;overflow:auto;padding:1rem 1.25rem;" +
    "background:#5b1320;color:#fff;font:16px/1.5 system-ui,sans-serif;box-shadow:0 -4px 16px #0006"
  const show = ({ problems, isNew }) => {
    box.replaceChildren()
    if (!problems.length) return box.remove()
    const title = document.createElement("strong")
    title.textContent = isNew
      ? "This is what you typed; readers get it once this is mended:"
      : "What you see is the last good state. To mend:"
    const list = document.createElement("ul")
    list.style.cssText = "margin:.5rem 0 0;padding-left:1.25rem;font-family:ui-monospace,monospace;font-size:14px;overflow-wrap:anywhere"
    for (const problem of problems) list.appendChild(document.createElement("li")).textContent = problem
    box.append(title, list)
    document.body.append(box)
  }
  let source
  const listen = () => {
    source = new EventSource("/_preview/events")
    source.onmessage = ({ data }) => {
      const status = JSON.parse(data)
      if (status.version !== shown.version) location.reload()
      else show(status)
    }
  }
  // A page in the background lets go of its line: a browser keeps only six to one server.
  document.addEventListener("visibilitychange", () => (document.hidden ? source.close() : listen()))
  show(shown)
  listen()
})()
