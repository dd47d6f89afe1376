// What the finder shows: a card for each programme found, and the table in which up to three stand side by side.
import { written } from "./eligibility.js"

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) if (value !== false) made.setAttribute(name, value === true ? "" : value)
  made.append(...children)
  return made
}

// says: words in the reader's language. data: finder.json. name: what a facet's value is called. up: the way to the
// root. choose: what is done when a programme is put to those compared, or taken away.
export function drawing({ says, data, name, up, choose }) {
  const place = (row) => `${row.city}, ${name("country", row.country)}`
  const link = (row, ...children) => element("a", { href: `${up}programmes/${row.id}/` }, ...children)

  // A mail to the office with questions, written as mobility/catalogue/office_mail.py writes it.
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name])
  function ask(row, questions, words) {
    const about = `${row.partner}: ${row.name}`
    const body = [fill(says.mail.greeting, { about }), "", ...questions.map((each) => `- ${each}`), ""].join("\r\n")
    const query = `subject=${encodeURIComponent(fill(says.mail.subject, { about }))}&body=${encodeURIComponent(body)}`
    return element("a", { href: `mailto:${says.mail.to}?${query}` }, words)
  }

  function card({ row, findings, answer, picked }, full) {
    const told = findings.filter((each) => answer && each.verdict !== "met")
    const open = told.filter((each) => each.told && each.verdict === "unknown" && says.mail.questions[each.rule])
    const mail = open.length && ask(row, open.map((each) => fill(says.mail.questions[each.rule], each)), says.answers.unknown)
    const box = element("input", { type: "checkbox", value: row.id, checked: picked, disabled: full && !picked })
    box.addEventListener("change", () => choose(row.id, box.checked))
    return element("li", { class: `om-card om-hit${answer ? ` om-is-${answer}` : ""}` },
      link(row, element("span", { class: "om-cc", "aria-hidden": "true" }, ...row.country), element("bdi", {}, row.partner)),
      ...(row.original ? [element("p", { class: "om-over", lang: "en" }, row.original)] : []),
      element("p", {}, element("bdi", {}, row.name), ` · ${place(row)}`),
      ...(answer ? [element("p", { class: "om-answer" }, element("strong", {}, (answer === "unknown" && mail) || says.answers[answer]))] : []),
      ...(told.length ? [element("ul", { class: "om-reasons" }, ...told.map((each) => element("li", {}, each.sentence)))] : []),
      ...(mail && answer !== "unknown" ? [element("p", {}, mail)] : []),
      ...(row.agreement.includes("unconfirmed") ? [element("span", { class: "om-tag om-warn" }, says.agreement.unconfirmed)] : []),
      element("label", { class: "om-pick" }, box, says.compare, element("span", { class: "om-unseen" }, ` ${row.partner}: ${row.name}`)),
    )
  }

  const names = (facet) => ({ row }) => row[facet].map((value) => name(facet, value)).join(", ") || says.unknown
  const asked = (what, write = String) => ({ row }) => {
    const value = data.asks[row.asks][what]
    return value === undefined ? says.unknown : write(value)
  }
  const lines = [
    [says.facts.country, ({ row }) => place(row)],
    [says.facts.answer, ({ answer }) => (answer ? says.answers[answer] : "–")],
    [says.facts.gpa, ({ row }) => written(Math.max(data.common.min_gpa, data.asks[row.asks].min_gpa ?? 0), 2)],
    ["IELTS", asked("ielts", (score) => written(score, 1))],
    ["TOEFL", asked("toefl")],
    ["CEFR", asked("cefr")],
    [says.facts.level, names("level")],
    [says.facts.field, names("field")],
    [says.facts.language, names("language")],
    [says.facts.term, names("term")],
    [says.facts.duration, names("duration")],
    [says.facts.deadline, ({ row }) => [row.deadlines.autumn, row.deadlines.spring].filter(Boolean).join("; ") || says.unknown],
    [says.facts.agreement, names("agreement")],
  ]

  const cell = ({ row }, title, told) => (told === says.unknown ? ask(row, [title], told) : told)

  function comparison(hits) {
    const head = element("tr", {}, element("td"), ...hits.map(({ row }) => {
      const remove = element("button", { type: "button", "aria-label": `${says.remove}: ${row.partner}` }, "×")
      remove.addEventListener("click", () => choose(row.id, false))
      return element("th", { scope: "col" }, link(row, row.partner), element("br"), row.name, " ", remove)
    }))
    const body = lines.map(([title, value]) =>
      element("tr", {}, element("th", { scope: "row" }, title), ...hits.map((hit) => element("td", {}, cell(hit, title, value(hit))))))
    return [element("thead", {}, head), element("tbody", {}, ...body)]
  }

  return { card, comparison }
}
