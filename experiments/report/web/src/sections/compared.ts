// What became of the recipients of the baseline, by how much the metrics moved, and what else changed.
import { chart, Plot } from "../chart";
import type { CompareData, MetricData } from "../data";
import { articleTags, type Child, h, section } from "../dom";
import {
  counted,
  date,
  elapsed,
  listed,
  number,
  plural,
  shortened,
  signed,
  signedDuration,
  tickText,
  timeTicks,
} from "../format";
import { type Column, table } from "../table";

type Go = (run: string, message: string) => Child;

export function transitionsSection(compare: CompareData): HTMLElement {
  const examples = (list: string[]) =>
    counted(list).map(({ text, times }) => (times > 1 ? `${text} (×${times})` : text));
  return section(
    "transitions",
    "Transitions",
    table({
      name: "transitions",
      caption: "Recipients whose end is another one than in the baseline, over all pairs",
      rows: compare.transitions,
      empty: "Nobody's end changed in any variant.",
      columns: [
        { head: "variant", kind: "mono", value: (row) => row.variant },
        { head: "from", kind: "words", value: (row) => row.from },
        {
          head: "to",
          kind: "words",
          value: (row) => row.to,
          cell: (row) => [h("span", { class: "faint" }, "→ "), row.to],
        },
        { head: "recipients", kind: "number", value: (row) => row.count },
        { head: "examples", kind: "long", value: (row) => examples(row.examples).join("; ") },
      ],
    }).element,
  );
}

const moved = (metric: MetricData): boolean =>
  metric.difference !== 0 || (metric.ci95 !== null && metric.ci95.some((end) => end !== 0));

// What is measured in seconds; the rest are counts.
const isTime = (name: string): boolean => name.startsWith("delay.") || name === "scanner.busy";

const difference = (name: string, value: number): string => (isTime(name) ? signedDuration(value) : signed(value));

const brief = (value: number): string => {
  const size = Math.abs(value);
  if (size >= 1e9) return value.toExponential(0);
  return size >= 1e6 ? `${number(value / 1e6)}M` : size >= 1e4 ? `${number(value / 1000)}k` : number(value);
};

function metricChart(name: string, metrics: MetricData[]): HTMLElement {
  const ends = metrics.flatMap((metric) => [metric.difference, ...(metric.ci95 ?? [])]).filter(Number.isFinite);
  const low = Math.min(0, ...ends);
  const high = Math.max(0, ...ends);
  const room = (high - low || 1) * 0.06;
  const size = Math.max(high, -low);
  const marks = isTime(name)
    ? {
        ticks: timeTicks(low, high, 3) as unknown as number,
        tickFormat: (t: number) => (t < 0 ? "−" : "") + tickText(Math.abs(t), size),
      }
    : { ticks: 3, tickFormat: brief };
  return chart({
    name: `metric-${name}`,
    title: name,
    height: 34 + 18 * metrics.length,
    told: false,
    summary: metrics
      .map(
        (metric) =>
          `${metric.variant} ${difference(name, metric.difference)}` +
          (metric.ci95 ? ` (${metric.ci95.map((end) => difference(name, end)).join(" to ")})` : ""),
      )
      .join("; "),
    draw: () => ({
      marginLeft: 10 + 6.4 * Math.min(22, Math.max(...metrics.map((metric) => metric.variant.length))),
      marginTop: 4,
      marginBottom: 26,
      marginRight: 14,
      x: { domain: [low - room, high + room], label: null, grid: true, ...marks },
      y: {
        domain: metrics.map((metric) => metric.variant),
        label: null,
        tickSize: 0,
        tickFormat: (text: string) => shortened(text, 22),
      },
      marks: [
        Plot.ruleX([0], { stroke: "currentColor", strokeDasharray: "2,2" }),
        Plot.ruleY(
          metrics.filter((metric) => metric.ci95 !== null),
          {
            x1: (metric: MetricData) => metric.ci95![0],
            x2: (metric: MetricData) => metric.ci95![1],
            y: "variant",
            stroke: "var(--c-blue)",
            strokeWidth: 2,
            className: "whisker",
          },
        ),
        Plot.dot(metrics, { x: "difference", y: "variant", fill: "var(--c-blue)", r: 3.5 }),
      ],
    }),
  });
}

export function metricsSection(compare: CompareData): HTMLElement {
  const names = [...new Set(compare.metrics.map((metric) => metric.name))];
  const of = (name: string) => compare.metrics.filter((metric) => metric.name === name);
  const still = names.filter((name) => !of(name).some(moved));
  const columns: Column<MetricData>[] = [
    { head: "metric", kind: "mono", value: (row) => row.name },
    { head: "variant", kind: "mono", value: (row) => row.variant },
    {
      head: "difference",
      kind: "number",
      value: (row) => row.difference,
      cell: (row) => difference(row.name, row.difference),
    },
    ...([0, 1] as const).map(
      (end): Column<MetricData> => ({
        head: end === 0 ? "95 % from" : "to",
        kind: "number",
        value: (row) => row.ci95?.[end],
        cell: (row) => (row.ci95 ? difference(row.name, row.ci95[end]) : ""),
      }),
    ),
    { head: "p", kind: "number", value: (row) => (typeof row["p"] === "number" ? row["p"] : null) },
    {
      head: "significant",
      value: (row) => (row["significant"] === true ? "yes" : row["significant"] === false ? "no" : ""),
    },
  ];
  return section(
    "metrics",
    "Metrics",
    h(
      "p",
      { class: "note" },
      `Differences to ${compare.baseline}, n = ${plural(compare.pairs, "pair")}. `,
      compare.pairs > 1
        ? "A dot is the mean of the paired differences, a whisker its 95 % interval."
        : "One pair gives no interval; more of them do.",
    ),
    h(
      "div",
      { class: "charts small" },
      names.filter((name) => !still.includes(name)).map((name) => metricChart(name, of(name))),
    ),
    still.length > 0 && h("p", { class: "note" }, `No difference in any variant: ${listed(still)}.`),
    compare.metrics.length > 0 &&
      h(
        "details",
        {},
        h("summary", {}, "All metrics as a table"),
        table({
          name: "metrics",
          caption: `Paired differences to ${compare.baseline}`,
          rows: compare.metrics,
          columns,
        }).element,
      ),
  );
}

interface Changed {
  variant: string;
  message: string;
  recipient: string;
  from: string;
  to: string;
  worse: boolean;
  pairs: number;
  at: number | null;
  where: string;
  article: string;
  what: string;
}

const word = (value: unknown): string =>
  value === null || value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);

function changedRows(list: Record<string, unknown>[]): Changed[] {
  return counted(list.map((one) => JSON.stringify(one))).map(({ text, times }) => {
    const one = JSON.parse(text) as Record<string, unknown>;
    const first = (typeof one["first_divergence"] === "object" ? one["first_divergence"] : null) as Record<
      string,
      unknown
    > | null;
    return {
      variant: word(one["variant"]),
      message: word(one["message"]),
      recipient: word(one["recipient"]),
      from: word(one["from"]),
      to: word(one["to"]),
      worse: one["worse"] === true,
      pairs: times,
      at: typeof first?.["at_s"] === "number" ? first["at_s"] : null,
      where: word(first?.["where"]),
      article: word(first?.["article"]),
      what: [word(first?.["message"]), word(first?.["what"])].filter((part) => part !== "").join(": "),
    };
  });
}

export function unintendedSection(compare: CompareData, start: string, go: Go): HTMLElement {
  const rows = changedRows(compare.unintended);
  return section(
    "unintended",
    "Unintended changes",
    table({
      name: "unintended",
      rows,
      empty: "Nothing else changed.",
      caption: `${plural(compare.unintended.length, "recipient")} that were not to be cured and end differently`,
      columns: [
        { head: "variant", kind: "mono", value: (row) => row.variant },
        { head: "message", kind: "mono", value: (row) => row.message, cell: (row) => go(row.variant, row.message) },
        { head: "recipient", kind: "long", value: (row) => row.recipient },
        { head: "pairs", kind: "number", value: (row) => row.pairs },
        { head: "from", kind: "words", value: (row) => row.from },
        {
          head: "to",
          kind: "words",
          value: (row) => row.to,
          cell: (row) => [row.to, row.worse && h("span", { class: "badge worse" }, "WORSE")],
        },
        {
          head: "first divergence",
          value: (row) => row.at,
          kind: "words",
          cell: (row) =>
            row.at === null
              ? "not recorded"
              : [h("span", { title: date(start, row.at) }, elapsed(row.at)), row.where && ` at ${row.where}`],
        },
        { head: "there", kind: "words", value: (row) => row.what },
        { head: "article", value: (row) => row.article, cell: (row) => row.article && articleTags([row.article]) },
      ],
    }).element,
  );
}
