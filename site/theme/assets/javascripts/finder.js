// The finder: filters the programmes, answers what the reader's own numbers open, compares up to three. Nothing
// typed here leaves the browser: filters stand in the address's query, the reader's own numbers behind its "#".
import { rules } from "./eligibility.js"

const PAGE = 40
const FACETS = ["country", "level", "field", "language", "term", "duration", "agreement", "kind"]
const MINE = ["gpa", "proof", "score", "cefr", "my-level"]
const ORDER = { yes: 0, almost: 1, unknown: 2, no: 3 }

const form = document.getElementById("om-finder")
const list = document.getElementById("om-results")
const status = document.getElementById("om-count")
const more = document.getElementById("om-more")
const compared = document.getElementById("om-compare")
const says = JSON.parse(document.getElementById("om-says").textContent)
const data = await (await fetch(form.dataset.programmes)).json()
const judge = rules(data.common, data.sentences)
const collator = new Intl.Collator(document.documentElement.lang)

// What a filter looks at, made once: a programme's values of each facet, and its words in one small string.
// An agreement that ran out after the build takes its programme out all the same.
const today = new Date().toLocaleDateString("sv", { timeZone: form.dataset.zone })
const asksOf = new Map()
const programmes = data.programmes.filter((row) => !row.until || row.until >= today).map((row, place) => ({
  ...row,
  place,
  asks: oneOf(row.asks),
  facets: {
    country: [row.country],
    level: row.levels,
    field: row.fields,
    language: row.languages,
    term: row.terms,
    duration: row.length,
    agreement: [[row.agreement, says.agreement[row.agreement]]],
    kind: row.kind,
  },
  words: [row.name, row.partner, row.city, row.country[1], ...row.fields.map(([, name]) => name)].join(" ").toLowerCase(),
}))
let chosen = []
let shown = PAGE
let found = []

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) if (value !== false) made.setAttribute(name, value === true ? "" : value)
  made.append(...children)
  return made
}

// Hosts that ask the same share one value, so that a search judges each kind of asking once.
function oneOf(asks) {
  const key = JSON.stringify(asks)
  if (!asksOf.has(key)) asksOf.set(key, asks)
  return asksOf.get(key)
}

function offerFacets() {
  for (const name of FACETS) {
    const options = new Map(programmes.flatMap((row) => row.facets[name]))
    const select = form.elements[name]
    for (const [value, label] of [...options].sort((one, other) => collator.compare(one[1], other[1])))
      select.append(new Option(label, value))
    select.closest("label").hidden = options.size === 0
  }
}

function profile() {
  // What no transcript or test can say (a GPA of 85, an IELTS of 65) is no number of theirs, and gets no answer.
  const number = (name, most) => {
    const typed = form.elements[name].value.replace(",", ".").trim()
    const wrong = typed !== "" && !(/^\d+(\.\d*)?$/.test(typed) && Number(typed) <= most)
    form.elements[name].setAttribute("aria-invalid", String(wrong))
    return typed === "" || wrong ? null : Number(typed)
  }
  const proof = form.elements.proof.value || null
  return {
    gpa: number("gpa", Number(form.elements.gpa.dataset.most)),
    level: form.elements["my-level"].value || null,
    proof,
    score: proof && proof !== "statement" ? number("score", proof === "ielts" ? 9 : 120) : null,
    cefr: proof === "statement" ? form.elements.cefr.value || null : null,
  }
}

// The heart: each kind of asking is judged once, and only what is shown is drawn.
function search(given) {
  const wanted = FACETS.map((name) => [name, form.elements[name].value]).filter(([, value]) => value)
  const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean)
  const answers = new Set([...form.querySelectorAll("[name=answer]:checked")].map((box) => box.value))
  const hits = []
  const judged = new Map()
  for (const row of programmes) {
    if (!words.every((word) => row.words.includes(word))) continue
    // A programme of which no source says its levels or terms may still fit: it stays, and says so itself.
    if (!wanted.every(([name, value]) => row.facets[name].length === 0 || row.facets[name].some(([has]) => has === value))) continue
    if (!judged.has(row.asks)) {
      const findings = judge.findings(row.asks, given)
      judged.set(row.asks, { findings, answer: judge.answer(findings, given) })
    }
    const { findings, answer } = judged.get(row.asks)
    if (answer && answers.size && !answers.has(answer)) continue
    hits.push({ row, findings, answer })
  }
  const by = form.elements.sort.value
  if (by === "answer") hits.sort((one, other) => (ORDER[one.answer] ?? 0) - (ORDER[other.answer] ?? 0) || one.row.place - other.row.place)
  if (by === "partner") hits.sort((one, other) => collator.compare(one.row.partner, other.row.partner))
  return hits
}

function card({ row, findings, answer }) {
  const up = form.dataset.up
  const told = findings.filter((each) => answer && each.verdict !== "met")
  const box = element("input", { type: "checkbox", value: row.id, checked: chosen.includes(row.id), disabled: !chosen.includes(row.id) && chosen.length >= 3 })
  box.addEventListener("change", () => choose(row.id, box.checked))
  return element("li", { class: `om-card om-hit${answer ? ` om-${answer}` : ""}` },
    element("a", { href: `${up}programmes/${row.id}/` }, element("span", { class: "om-cc", "aria-hidden": "true" }, row.country[0]), element("bdi", {}, row.partner)),
    element("p", {}, element("bdi", {}, row.name), ` · ${row.city}, ${row.country[1]}`),
    ...(answer ? [element("p", { class: "om-answer" }, element("strong", {}, says.answers[answer]))] : []),
    ...(told.length ? [element("ul", { class: "om-reasons" }, ...told.map((each) => element("li", {}, each.sentence)))] : []),
    ...(row.agreement === "unconfirmed" ? [element("span", { class: "om-tag om-warn" }, says.agreement.unconfirmed)] : []),
    element("label", { class: "om-pick" }, box, says.compare, element("span", { class: "om-unseen" }, ` ${row.partner}: ${row.name}`)),
  )
}

function draw() {
  list.replaceChildren(...found.slice(0, shown).map(card))
  more.hidden = found.length <= shown
  const counts = {}
  for (const { answer } of found) if (answer) counts[answer] = (counts[answer] ?? 0) + 1
  const parts = Object.keys(ORDER).filter((answer) => counts[answer]).map((answer) => `${says.answers[answer]}: ${counts[answer]}`)
  status.textContent = found.length ? [`${says.found}: ${found.length}`, ...parts].join(" · ") : says.none
}

function drawCompared(given) {
  const rows = chosen.map((id) => programmes.find((row) => row.id === id)).filter(Boolean)
  compared.hidden = rows.length === 0
  const names = (pairs) => pairs.map(([, name]) => name).join(", ") || says.unknown
  const lines = [
    [says.facts.country, (row) => `${row.city}, ${row.country[1]}`],
    [says.facts.answer, (row) => { const answer = judge.answer(judge.findings(row.asks, given), given); return answer ? says.answers[answer] : "–" }],
    [says.facts.gpa, (row) => Math.max(data.common.min_gpa, row.asks.min_gpa ?? 0).toFixed(2)],
    ["IELTS", (row) => row.asks.ielts?.toFixed(1) ?? says.unknown],
    ["TOEFL", (row) => row.asks.toefl ?? says.unknown],
    ["CEFR", (row) => row.asks.cefr ?? says.unknown],
    [says.facts.level, (row) => names(row.levels)],
    [says.facts.field, (row) => names(row.fields)],
    [says.facts.language, (row) => names(row.languages)],
    [says.facts.term, (row) => names(row.terms)],
    [says.facts.duration, (row) => names(row.length)],
    [says.facts.deadline, (row) => [row.deadlines.autumn, row.deadlines.spring].filter(Boolean).join("; ") || says.unknown],
    [says.facts.agreement, (row) => says.agreement[row.agreement]],
  ]
  const head = element("tr", {}, element("td"), ...rows.map((row) => {
    const remove = element("button", { type: "button", "aria-label": `${says.remove}: ${row.partner}` }, "×")
    remove.addEventListener("click", () => choose(row.id, false))
    return element("th", { scope: "col" }, element("a", { href: `${form.dataset.up}programmes/${row.id}/` }, row.partner), element("br"), row.name, " ", remove)
  }))
  const body = lines.map(([name, value]) => element("tr", {}, element("th", { scope: "row" }, name), ...rows.map((row) => element("td", {}, String(value(row))))))
  compared.querySelector("table").replaceChildren(element("thead", {}, head), element("tbody", {}, ...body))
}

function choose(id, yes) {
  chosen = yes ? [...chosen.filter((other) => other !== id), id].slice(0, 3) : chosen.filter((other) => other !== id)
  keep()
  draw()
  drawCompared(profile())
}

function keep() {
  const query = new URLSearchParams()
  for (const name of ["words", ...FACETS]) if (form.elements[name].value) query.set(name, form.elements[name].value)
  if (form.elements.sort.value !== "country") query.set("sort", form.elements.sort.value)
  if (chosen.length) query.set("compare", chosen.join(","))
  const mine = new URLSearchParams()
  for (const name of MINE) if (form.elements[name].value) mine.set(name, form.elements[name].value)
  for (const box of form.querySelectorAll("[name=answer]:checked")) mine.append("answer", box.value)
  const tail = mine.toString()
  history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}${tail ? `#${tail}` : ""}`)
}

function recall() {
  const query = new URLSearchParams(location.search)
  const mine = new URLSearchParams(location.hash.slice(1))
  for (const name of ["words", "sort", ...FACETS]) if (query.has(name)) form.elements[name].value = query.get(name)
  for (const name of MINE) if (mine.has(name)) form.elements[name].value = mine.get(name)
  for (const box of form.querySelectorAll("[name=answer]")) box.checked = mine.getAll("answer").includes(box.value)
  chosen = (query.get("compare") ?? "").split(",").filter((id) => programmes.some((row) => row.id === id)).slice(0, 3)
}

function update() {
  const given = profile()
  form.elements.score.closest("label").hidden = !["ielts", "toefl"].includes(form.elements.proof.value)
  form.elements.cefr.closest("label").hidden = form.elements.proof.value !== "statement"
  found = search(given)
  shown = PAGE
  draw()
  keep()
  if (chosen.length || !compared.hidden) drawCompared(given)
}

offerFacets()
recall()
form.hidden = false
form.querySelector("details").open = matchMedia("(min-width: 45em)").matches || location.search !== ""
form.addEventListener("input", update)
form.addEventListener("submit", (event) => event.preventDefault())
form.addEventListener("reset", () => setTimeout(() => { chosen = []; update(); drawCompared(profile()) }))
more.addEventListener("click", () => { shown += PAGE; draw() })
window.addEventListener("popstate", () => { recall(); update() })
update()
form.dataset.ready = "yes"
