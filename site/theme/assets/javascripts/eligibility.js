// The rules of mobility/catalogue/eligibility.py, for the browser. tests/data/eligibility-cases.yaml holds both to one
// table: verdicts, answers, and sentences to the letter. What a rule means is written there; change both.

const CEFR = ["A1", "A2", "B1", "B2", "C1", "C2"]
const NEAR = { ielts: 0.5, toefl: 10, cefr: 1 }
const little = (lacking, scale) => lacking > 0 && lacking <= NEAR[scale] + 1e-9
const score = (value) => written(value, value < 10 ? 1 : 0)

// At least so many decimals, and as many more as the number has, to four.
export function written(number, places) {
  const [whole, decimals] = number.toFixed(4).split(".")
  const kept = decimals.slice(0, places) + decimals.slice(places).replace(/0+$/, "")
  return kept ? `${whole}.${kept}` : whole
}

// A number as it is kept, and what is wrong with it, in the reader's language, or nothing: as mobility/catalogue/scales.py.
export const tidy = (typed) =>
  typed
    .normalize("NFKC") // full-width digits
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => digit.charCodeAt(0) & 15) // Arabic ones
    .replaceAll(/[,\u066b]/g, ".")
    .trim()
const between = ({ low, high }, number) => number >= low && number <= high
export function fault(scale, typed) {
  if (!/^[0-9]{1,4}(\.[0-9]{1,4})?$/.test(typed) || !between(scale, Number(typed))) return scale.bounds
  if (scale.other && Number(typed) <= scale.other_up_to) return scale.other
  return scale.steps && Number(typed) % scale.step ? scale.steps : ""
}

// common: what everybody must meet. asks: what a host asks. words: sentences in the reader's language, unfilled.
export function rules(common, words) {
  const fill = (key, values) => words[key].replace(/%\((\w+)\)s/g, (_, name) => values[name])
  const word = (key) => words[key] ?? key
  const anyOf = (things) => things.reduce((one, other) => fill("%(one)s or %(other)s", { one, other }))
  const finding = (rule, verdict, needed, given, near = false, told = true) => ({
    rule, verdict, needed, given, near, told,
    get sentence() { return fill(`${rule}.${needed && !told ? "untold" : verdict}`, { needed, given }) },
  })
  const untold = (rule, needed) => finding(rule, "unknown", needed, "", false, false)

  const asksLanguage = (asks) => ["ielts", "toefl", "cefr"].some((name) => asks[name] !== undefined)

  function languageNeeded(asks) {
    const asked = []
    if (asks.cefr !== undefined) asked.push(fill("level %(level)s", { level: asks.cefr }))
    for (const name of ["ielts", "toefl"])
      if (asks[name] !== undefined) asked.push(`${name.toUpperCase()} ${score(asks[name])}`)
    return anyOf(asked.length ? asked : [`IELTS ${score(common.ielts)}`, `TOEFL ${common.toefl}`])
  }

  function gpa(asks, given) {
    const floor = Math.max(common.min_gpa_transcript, asks.min_gpa ?? 0)
    const wanted = Math.max(common.min_gpa, asks.min_gpa ?? 0)
    if (given.gpa == null) return [untold("transcript", written(floor, 2)), untold("selection", written(wanted, 2))]
    const has = written(given.gpa, 2)
    const transcript = given.gpa >= floor ? "met" : "not_met"
    const selection = given.gpa >= wanted ? "met" : "below"
    const found = [finding("transcript", transcript, written(floor, 2), has)]
    if (transcript !== "not_met") found.push(finding("selection", selection, written(wanted, 2), has))
    return found
  }

  function withoutAScore(asks, given) {
    const further = common.further_proofs[given.proof]
    const level = further ? further.cefr : given.cefr
    const name = further ? further.name : word("the institution's statement")
    const has = !further ? fill("the statement (%(level)s)", { level: level ?? word("level not given") })
      : level ? fill("%(proof)s (%(level)s)", { proof: name, level }) : name
    if (asks.statement === false || !(further || common.statement || asks.statement))
      return further ? finding("language", "unknown", languageNeeded(asks), has)
        : finding("language", "not_met", fill("%(test)s, not a statement", { test: languageNeeded(asks) }), has)
    if (asks.cefr !== undefined && level != null) {
      const lacking = CEFR.indexOf(asks.cefr) - CEFR.indexOf(level)
      return finding("language", lacking > 0 ? "not_met" : "met", asks.cefr, has, little(lacking, "cefr"))
    }
    if ((further && !asksLanguage(asks)) || (level != null && asks.statement === true))
      return finding("language", "met", name, has)
    const silent = word("a level that no source names")
    const wanted = asks.cefr ?? (asksLanguage(asks) ? languageNeeded(asks) : silent)
    return finding("language", "unknown", wanted, has, false, Boolean(further) || level != null)
  }

  // A TOEFL of 1 to 6 stands for a range of 0 to 120: mobility/catalogue/toefl.py.
  const below = [0, Math.min(...Object.values(common.toefl_bands).map(([low]) => low)) - 1]
  function onTheScaleAsked(proof, given) {
    if (proof !== "toefl-6") return { low: given, high: given, has: `${proof.toUpperCase()} ${score(given)}` }
    const [low, high] = common.toefl_bands[score(given)] ?? below
    return { low, high, has: fill("TOEFL %(score)s of 6 (%(low)s to %(high)s of 120)", { score: score(given), low, high }) }
  }

  function language(asks, given) {
    const scored = ["ielts", "toefl", "toefl-6"].includes(given.proof)
    if (!scored && given.proof !== "statement" && !common.further_proofs[given.proof])
      return untold("language", languageNeeded(asks))
    if (!scored) return withoutAScore(asks, given)
    const test = given.proof === "ielts" ? "ielts" : "toefl"
    const needed = Math.max(common[test], asks[test] ?? 0)
    const asked = `${test.toUpperCase()} ${score(needed)}`
    if (given.score == null) return untold("language", asked)
    const { low, high, has } = onTheScaleAsked(given.proof, given.score)
    if (high < needed) return finding("language", "not_met", asked, has, little(needed - high, test))
    if (low < needed) return finding("language", "unknown", asked, has)
    if (asks[test] === undefined && asksLanguage(asks))
      return finding("language", "unknown", languageNeeded(asks), has)
    return finding("language", "met", asked, has)
  }

  function level(asks, given) {
    const needed = asks.levels ? anyOf(asks.levels.map(word)) : ""
    if (given.level == null) return untold("level", needed)
    if (!asks.levels) return finding("level", "unknown", needed, word(given.level))
    return finding("level", asks.levels.includes(given.level) ? "met" : "not_met", needed, word(given.level))
  }

  // Told where the office has set years for the reader's level.
  function year(given) {
    const admitted = common.years_of_study[given.level]
    if (!admitted) return []
    const needed = anyOf(admitted.map(String))
    if (given.year == null) return [untold("year", needed)]
    return [finding("year", admitted.includes(given.year) ? "met" : "not_met", needed, String(given.year))]
  }

  const findings = (asks, given) => [...gpa(asks, given), language(asks, given), level(asks, given), ...year(given)]

  // All findings in one word, which says no more than they do; null where the reader told nothing yet.
  function answer(found) {
    const told = found.filter((each) => each.told)
    if (!told.length) return null
    if (told.some((each) => each.verdict === "not_met" && !each.near)) return "no"
    if (told.some((each) => each.verdict === "not_met" || each.verdict === "below")) return "almost"
    if (found.some((each) => each.verdict === "unknown" && (each.told || !each.needed))) return "unknown"
    return found.every((each) => each.verdict === "met") ? "yes" : "so-far"
  }

  return { findings, answer }
}
