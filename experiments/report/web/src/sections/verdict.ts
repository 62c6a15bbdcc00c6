// What was asked, and what came of it.
import type { ReportData } from "../data";
import { type Child, h, section } from "../dom";
import { number, plural } from "../format";

const kBadges: Record<string, string> = {
  CURED: "cured",
  PARTLY: "partly",
  "NOT CURED": "not-cured",
  WORSE: "worse",
  INERT: "inert",
  REFUSED: "refused",
};

export const badge = (verdict: string | null | undefined): Child =>
  verdict ? h("span", { class: `badge ${kBadges[verdict] ?? "inert"}` }, verdict) : null;

// Without a comparison a run is judged by what was expected of it.
export const outcome = (run: ReportData["runs"][number]): string => {
  const failed = run.expectations.failed.length + run.oracles.failed.length;
  if (failed > 0) return `${plural(failed, "expectation or oracle", "expectations or oracles")} failed`;
  const held = run.expectations.held.length + run.oracles.held.length;
  return held > 0 ? "as expected" : "nothing was expected";
};

export function verdictSection(data: ReportData): HTMLElement {
  const { compare } = data;
  const incomplete = data.runs.filter((run) => !run.complete);
  const warning =
    incomplete.length > 0 &&
    h("p", { class: "warning" }, `Interrupted before the end: ${incomplete.map((run) => run.name).join(", ")}.`);
  if (!compare) {
    return section(
      "verdict",
      "Verdict",
      warning,
      h(
        "ul",
        { class: "verdicts" },
        data.runs.map((run) =>
          h(
            "li",
            {},
            h("b", {}, run.name),
            " ",
            h(
              "span",
              { class: `badge ${outcome(run).endsWith("failed") ? "worse" : "inert"}` },
              outcome(run).toUpperCase(),
            ),
            h("span", {}, ""),
          ),
        ),
      ),
    );
  }
  const judged = compare.variants.filter((variant) => variant.verdict);
  return section(
    "verdict",
    "Verdict",
    warning,
    h(
      "p",
      { class: "note" },
      `Each variant beside ${compare.baseline}, with the same chance: `,
      `${plural(compare.pairs, "pair")} of runs, from seed ${compare.seed}.`,
      !compare.settled && " The intervals did not become as narrow as was asked for.",
    ),
    compare.failed.length > 0 &&
      h(
        "div",
        { class: "warning" },
        h("p", {}, "What did not hold:"),
        h(
          "ul",
          {},
          compare.failed.map((words) => h("li", {}, words)),
        ),
      ),
    judged.length === 0 && h("p", {}, "No variant was compared with the baseline."),
    h(
      "ul",
      { class: "verdicts" },
      judged.map((variant) =>
        h(
          "li",
          {},
          h("b", {}, variant.name),
          " ",
          badge(variant.verdict),
          h("span", {}, (variant.sentences ?? []).join(" ")),
        ),
      ),
    ),
  );
}

export const seedText = (seed: string | number): string => (typeof seed === "number" ? number(seed) : seed);
