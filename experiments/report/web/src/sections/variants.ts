// Variants side by side, each figure with its difference to the baseline.
import type { ReportData, RunData } from "../data";
import { type Child, h, section } from "../dom";
import { number, signed } from "../format";
import { type Column, table } from "../table";
import { badge, outcome } from "./verdict";

interface Row {
  name: string;
  verdict: string;
  figures: Record<string, number>;
  run: RunData | undefined;
}

function rowsOf(data: ReportData): Row[] {
  const rows: Row[] = data.runs.map((run) => {
    const judged = data.compare?.variants.find((variant) => variant.name === run.variant);
    return { name: run.name, verdict: judged?.verdict ?? "", figures: run.figures, run };
  });
  for (const variant of data.compare?.variants ?? []) // those whose runs were not kept
    if (!data.runs.some((run) => run.variant === variant.name))
      rows.push({ name: variant.name, verdict: variant.verdict ?? "", figures: variant.fates ?? {}, run: undefined });
  return rows;
}

export function variantsSection(data: ReportData): HTMLElement {
  const rows = rowsOf(data);
  const baseline = rows.find((row) => row.run?.variant === data.compare?.baseline) ?? rows[0]!;
  const keys = [...new Set(data.runs.flatMap((run) => Object.keys(run.figures)))];
  const cell = (row: Row, key: string): Child => {
    const value = row.figures[key];
    const before = baseline.figures[key];
    if (value === undefined) return "–";
    const changed = row !== baseline && before !== undefined && value !== before;
    return [number(value), changed && h("span", { class: "difference" }, ` ${signed(value - before)}`)];
  };
  const first = rows.length > 1 ? baseline : null; // one run alone is nobody's baseline
  const verdict = (row: Row) => (row === first ? "baseline" : row.verdict || (row.run ? outcome(row.run) : ""));
  const columns: Column<Row>[] = [
    { head: "variant", value: (row) => row.name, kind: "mono" },
    {
      head: "verdict",
      value: verdict,
      cell: (row) => (row === first ? verdict(row) : (badge(row.verdict) ?? verdict(row))),
    },
    ...keys.map(
      (key): Column<Row> => ({
        head: key,
        kind: "number",
        value: (row) => row.figures[key],
        cell: (row) => cell(row, key),
      }),
    ),
    { head: "fingerprint", kind: "mono", value: (row) => row.run?.fingerprint ?? "" },
  ];
  return section(
    "variants",
    rows.length > 1 ? "Variants" : "Figures",
    table({
      name: "variants",
      columns,
      rows,
      most: 60,
      caption: rows.length > 1 ? `Figures, and their differences to ${baseline.name}` : "Figures of the run",
    }).element,
  );
}
