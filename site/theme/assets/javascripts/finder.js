// The finder: filters the programmes, answers what the reader's own numbers open, compares up to three. Nothing
// typed here leaves the browser: filters stand in the address's query, the reader's own numbers behind its "#".
import { fault, rules, tidy } from "./eligibility.js"
import { drawing } from "./drawing.js"

const PAGE = 24
const MOST_COMPARED = 3
const FACETS = ["country", "level", "field", "language", "term", "duration", "agreement", "kind"]
const MINE = ["gpa", "proof", "score", "cefr", "my-level", "my-year"]
const ANSWERS = ["yes", "so-far", "almost", "unknown", "no"]

const form = document.getElementById("om-finder")
const list = document.getElementById("om-results")
const status = document.getElementById("om-count")
const more = document.getElementById("om-more")
const compared = document.getElementById("om-compare")
const tray = document.getElementById("om-tray")
const says = JSON.parse(document.getElementById("om-says").textContent)
const data = await (await fetch(form.dataset.programmes)).json()
const judge = rules(data.common, data.sentences)
const collator = new Intl.Collator(document.documentElement.lang)
const name = (facet, value) => (facet === "agreement" ? says.agreement : data.names[facet])[value]
const { card, comparison } = drawing({ says, data, name, up: form.dataset.up, choose })

// An agreement that ran out after the build takes its programme out all the same.
const today = new Date().toLocaleDateString("sv", { timeZone: form.dataset.zone })
const programmes = data.programmes.filter((row) => !row.until || row.until >= today)
for (const row of programmes)
  row.words = [row.name, row.partner, row.original ?? "", row.city, name("country", row.country), ...row.field.map((field) => name("field", field))].join(" ").toLowerCase()

const sorted = {
  country: () => programmes,
  answer: () => programmes,
  partner: once(() => [...programmes].sort((one, other) => collator.compare(one.partner, other.partner))),
}
let judged = {}
let found = []
let shown = PAGE
let chosen = []

function once(make) {
  let made
  return () => (made ??= make())
}

function offerFacets() {
  for (const facet of FACETS) {
    const select = form.elements[facet]
    const options = Object.keys(data.names[facet] ?? {}).map((value) => new Option(name(facet, value), value))
    select.append(...options.sort((one, other) => collator.compare(one.text, other.text)))
    select.closest("label").hidden = options.length === 0
  }
}

// What no transcript or test can say (a GPA of 85, an IELTS of 65) gets no answer but what is wrong with it.
function number(field, scale) {
  const input = form.elements[field]
  const typed = tidy(input.value).replace(/\.$/, "") // "3." is on the way to 3.2
  const wrong = typed === "" ? "" : fault(data.scales[scale], typed)
  const told = document.getElementById(input.getAttribute("aria-describedby"))
  input.setAttribute("aria-invalid", String(wrong !== ""))
  if (told.textContent !== wrong) told.textContent = wrong
  return typed === "" || wrong ? null : Number(typed)
}

function profile() {
  const proof = form.elements.proof.value || null
  return {
    gpa: number("gpa", "gpa"),
    level: form.elements["my-level"].value || null,
    year: Number(form.elements["my-year"].value) || null,
    proof,
    score: proof in data.scales ? number("score", proof) : null,
    cefr: proof === "statement" ? form.elements.cefr.value || null : null,
  }
}

// Each kind of asking is judged once, however many hosts ask it, and only when the reader's numbers change.
function judgeAll() {
  const given = profile()
  if (JSON.stringify(given) === judged.given) return
  const kinds = data.asks.map((asks) => {
    const findings = judge.findings(asks, given)
    return { findings, answer: judge.answer(findings) }
  })
  judged = { given: JSON.stringify(given), kinds }
}

const answerOf = (row) => judged.kinds[row.asks].answer
const hit = (row) => ({ row, ...judged.kinds[row.asks], picked: chosen.includes(row.id) })

function search() {
  const wanted = FACETS.map((facet) => [facet, form.elements[facet].value]).filter(([, value]) => value)
  const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean)
  const answers = new Set([...form.querySelectorAll("[name=answer]:checked")].map((box) => box.value))
  const fits = (row) => {
    const answer = answerOf(row)
    if (answer && answers.size && !answers.has(answer)) return false
    // A programme of which no source says its levels or terms may still fit: it stays, and says so itself.
    if (!wanted.every(([facet, value]) => row[facet].length === 0 || row[facet].includes(value))) return false
    return words.every((word) => row.words.includes(word))
  }
  const sort = form.elements.sort.value
  const rows = sorted[sort]().filter(fits)
  return sort === "answer" ? [null, ...ANSWERS].flatMap((answer) => rows.filter((row) => answerOf(row) === answer)) : rows
}

function draw() {
  const full = chosen.length >= MOST_COMPARED
  list.replaceChildren(...found.slice(0, shown).map((row) => card(hit(row), full)))
  more.hidden = found.length <= shown
  const counts = {}
  for (const row of found) counts[answerOf(row)] = (counts[answerOf(row)] ?? 0) + 1
  const parts = ANSWERS.filter((answer) => counts[answer]).map((answer) => `${says.answers[answer]}: ${counts[answer]}`)
  status.textContent = found.length ? [`${says.found}: ${found.length}`, ...parts].join(" · ") : says.none
}

function drawCompared() {
  const rows = chosen.map((id) => programmes.find((row) => row.id === id)).filter(Boolean)
  compared.hidden = rows.length === 0
  compared.querySelector("table").replaceChildren(...comparison(rows.map(hit)))
  offerTray()
}

// The way to the table, for whoever chooses far below it.
let seen = false
new IntersectionObserver(([entry]) => { seen = entry.isIntersecting; offerTray() }).observe(compared)
function offerTray() {
  tray.textContent = `${says.compare}: ${chosen.length}`
  tray.hidden = seen || chosen.length === 0
}

function choose(id, yes) {
  chosen = chosen.filter((other) => other !== id)
  if (yes) chosen = [...chosen, id].slice(0, MOST_COMPARED)
  draw()
  drawCompared()
  keepSoon()
}

function keep() {
  const query = new URLSearchParams()
  for (const field of ["words", ...FACETS]) if (form.elements[field].value) query.set(field, form.elements[field].value)
  if (form.elements.sort.value !== "country") query.set("sort", form.elements.sort.value)
  if (chosen.length) query.set("compare", chosen.join(","))
  const mine = new URLSearchParams()
  for (const field of MINE) if (form.elements[field].value) mine.set(field, form.elements[field].value)
  for (const box of form.querySelectorAll("[name=answer]:checked")) mine.append("answer", box.value)
  const tail = mine.toString()
  history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}${tail ? `#${tail}` : ""}`)
}

// Changing the address makes the browser lay the page out at once; after it has drawn, that costs nothing.
let keeping
function keepSoon() {
  clearTimeout(keeping)
  requestAnimationFrame(() => {
    clearTimeout(keeping)
    keeping = setTimeout(keep)
  })
}

function recall() {
  const query = new URLSearchParams(location.search)
  const mine = new URLSearchParams(location.hash.slice(1))
  for (const field of ["words", "sort", ...FACETS]) if (query.has(field)) form.elements[field].value = query.get(field)
  for (const field of MINE) if (mine.has(field)) form.elements[field].value = mine.get(field)
  for (const box of form.querySelectorAll("[name=answer]")) box.checked = mine.getAll("answer").includes(box.value)
  const known = new Set(programmes.map((row) => row.id))
  chosen = (query.get("compare") ?? "").split(",").filter((id) => known.has(id)).slice(0, MOST_COMPARED)
}

function update() {
  judgeAll()
  form.elements.score.closest(".om-field").hidden = !(form.elements.proof.value in data.scales)
  form.elements["my-year"].closest("label").hidden = !data.common.years_of_study[form.elements["my-level"].value]
  form.elements.cefr.closest("label").hidden = form.elements.proof.value !== "statement"
  found = search()
  shown = PAGE
  draw()
  if (chosen.length || !compared.hidden) drawCompared()
}

function change() {
  update()
  keepSoon()
}

offerFacets()
recall()
form.addEventListener("input", change)
form.addEventListener("submit", (event) => event.preventDefault())
form.addEventListener("reset", () => setTimeout(() => { chosen = []; change() }))
tray.addEventListener("click", () => { compared.scrollIntoView(); compared.focus({ preventScroll: true }) })
more.addEventListener("click", () => { shown += PAGE; draw() })
window.addEventListener("popstate", () => { recall(); update() })
update()
form.dataset.ready = "yes"
