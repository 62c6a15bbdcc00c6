// One run over time: queues, attempts, reports and deliveries, all on one axis; and how long mail took.
import { chart, Plot, timeAxis } from "../chart";
import type { RunData, Series } from "../data";
import { h, note, section } from "../dom";
import { date, duration, elapsed, number, plural } from "../format";
import { table } from "../table";

interface Bar {
  from: number;
  to: number;
  low: number;
  high: number;
  what: string;
}

// Bars of one bin on top of each other, in the order in which they are named.
function stacked<T extends { t: number }>(bins: T[], step: number, parts: (keyof T & string)[]): Bar[] {
  return bins.flatMap((bin) => {
    let low = 0;
    return parts.flatMap((what) => {
      const n = Number(bin[what]) || 0;
      low += n;
      return n > 0 ? [{ from: bin.t, to: bin.t + step, low: low - n, high: low, what }] : [];
    });
  });
}

interface Bars {
  name: string;
  title: string;
  summary: string;
  end: number;
  bars: Bar[];
  parts: { part: string; label: string; color: string }[];
}

function barChart({ name, title, summary, end, bars, parts }: Bars): HTMLElement {
  const top = bars.reduce((most, bar) => Math.max(most, bar.high), 1);
  const color = new Map(parts.map((one) => [one.part, one.color]));
  return chart({
    name,
    title,
    summary,
    height: 150,
    legend: parts.length > 1 ? parts : undefined,
    draw: (width) => ({
      marginLeft: 52,
      marginBottom: 30,
      x: timeAxis(end, width),
      y: { label: null, grid: true, ticks: Math.min(4, top), tickFormat: number },
      marks: [
        Plot.rectY(bars, {
          x1: "from",
          x2: "to",
          y1: "low",
          y2: "high",
          fill: (bar: Bar) => color.get(bar.what),
          stroke: (bar: Bar) => color.get(bar.what),
          strokeWidth: 1,
        }),
        Plot.ruleY([0]),
      ],
    }),
  });
}

const sum = <T>(list: T[], of: (one: T) => number): number => list.reduce((n, one) => n + of(one), 0);

function lastOf(series: Series): number {
  const bins = [...series.attempts, ...series.reports, ...series.deliveries].map((bin) => bin.t + series.step_s);
  const depths = series.queues.flatMap((queue) => queue.points.map(([t]) => t));
  return Math.max(series.step_s, 0, ...bins, ...depths);
}

function queueChart(series: Series, end: number): HTMLElement {
  const name = (queue: Series["queues"][number]) => `${queue.node} → ${queue.next_hop}`;
  const points = series.queues.flatMap((queue, i) => {
    const last = queue.points[queue.points.length - 1];
    const all = last && last[0] < end ? [...queue.points, [end, last[1]] as [number, number]] : queue.points;
    return all.map(([t, depth]) => ({ i, t, share: queue.peak > 0 ? depth / queue.peak : 0 }));
  });
  const row = 40;
  const which =
    series.queues_total > series.queues.length
      ? `the ${series.queues.length} deepest of ${number(series.queues_total)} queues`
      : plural(series.queues.length, "queue");
  const told = `Messages in ${which}, each on a scale of its own up to its peak.`;
  return chart({
    name: "queues",
    title: "Queue depth",
    height: 34 + row * series.queues.length,
    told,
    summary: `${told} ${series.queues.map((queue) => `${name(queue)}: ${number(queue.peak)}`).join(", ")}.`,
    draw: (width) => ({
      marginLeft: 52,
      marginBottom: 30,
      marginTop: 4,
      x: timeAxis(end, width),
      y: { axis: null, domain: [0, 1.9] },
      fy: { axis: null, domain: series.queues.map((_, i) => i), padding: 0.08 },
      marks: [
        Plot.areaY(points, {
          x: "t",
          y: "share",
          fy: "i",
          curve: "step-after",
          fill: "var(--c-blue)",
          fillOpacity: 0.35,
        }),
        Plot.lineY(points, {
          x: "t",
          y: "share",
          fy: "i",
          curve: "step-after",
          stroke: "var(--c-blue)",
          strokeWidth: 1.2,
        }),
        Plot.text(
          series.queues.map((queue, i) => ({ i, words: `${name(queue)}, peak ${number(queue.peak)}` })),
          {
            text: "words",
            fy: "i",
            frameAnchor: "top-left",
            dx: 2,
            dy: 1,
            fill: "currentColor",
            fontSize: 11,
            lineWidth: Math.max(10, (width - 90) / 11),
            textOverflow: "ellipsis",
          },
        ),
        Plot.ruleY(
          series.queues.map((_, i) => i),
          { fy: (i: number) => i, y: 0, strokeOpacity: 0.4 },
        ),
      ],
    }),
  });
}

function seriesCharts(series: Series): HTMLElement[] {
  const end = lastOf(series);
  const step = series.step_s;
  const { attempts, reports, deliveries } = series;
  const bin = `in bins of ${duration(step)}`;
  const charts: HTMLElement[] = [];
  if (series.queues.length > 0) charts.push(queueChart(series, end));
  if (attempts.length > 0)
    charts.push(
      barChart({
        name: "attempts",
        title: "Attempts",
        end,
        bars: stacked(attempts, step, ["delivered", "again", "failed"]),
        summary:
          `${number(sum(attempts, (a) => a.delivered))} delivered, ${number(sum(attempts, (a) => a.again))} to be ` +
          `tried again, ${number(sum(attempts, (a) => a.failed))} failed for good, ${bin}.`,
        parts: [
          { part: "delivered", label: "delivered", color: "var(--c-blue)" },
          { part: "again", label: "to be tried again", color: "var(--c-orange)" },
          { part: "failed", label: "failed", color: "var(--c-purple)" },
        ],
      }),
    );
  if (reports.length > 0)
    charts.push(
      barChart({
        name: "reports",
        title: "Reports to senders",
        end,
        bars: stacked(reports, step, ["ndr", "delay"]),
        summary:
          `${plural(
            sum(reports, (r) => r.ndr),
            "non-delivery report",
          )} and ` +
          `${plural(
            sum(reports, (r) => r.delay),
            "delay notice",
          )}, ${bin}.`,
        parts: [
          { part: "ndr", label: "non-delivery reports", color: "var(--c-purple)" },
          { part: "delay", label: "delay notices", color: "var(--c-orange)" },
        ],
      }),
    );
  if (deliveries.length > 0)
    charts.push(
      barChart({
        name: "deliveries",
        title: "Deliveries",
        end,
        bars: stacked(deliveries, step, ["n"]),
        summary:
          `${plural(
            sum(deliveries, (d) => d.n),
            "first copy",
            "first copies",
          )}, ${bin}; the last bin begins at ${elapsed(Math.max(...deliveries.map((d) => d.t)))}.`,
        parts: [{ part: "n", label: "deliveries", color: "var(--c-blue)" }],
      }),
    );
  if (charts.length === 0) charts.push(note("Nothing was queued, tried or delivered in this run."));
  return charts;
}

export function trafficSection(run: RunData, start: string): HTMLElement {
  const { series } = run;
  return section(
    "traffic",
    "Over time",
    series === null
      ? note(`Not recorded in ${run.name}: run it again with --record events; it is the same run.`)
      : [
          note(
            `${run.name}: from ${start}, shown to ${elapsed(lastOf(series))} ` +
              `(${date(start, lastOf(series))}) of ${elapsed(run.horizon_s)}.`,
          ),
          h("div", { class: "charts" }, seriesCharts(series)),
        ],
  );
}

export function delaysSection(runs: RunData[], run: RunData): HTMLElement {
  const known = runs.filter((one) => one.delays !== null && one.delays.points.length > 0);
  if (known.length === 0) return section("delays", "Delay", note("Nothing was delivered, or it was not recorded."));
  const baseline = runs[0]!;
  const rank = (one: RunData) => (one === run ? 2 : one === baseline ? 1 : 0);
  const style = ["var(--faint)", "var(--c-orange)", "var(--c-blue)"];
  const least = 0.001; // a delay of nothing has no place on a logarithmic axis
  const all = known.flatMap((one) => one.delays!.points.map(([seconds]) => Math.max(least, seconds)));
  const shortest = Math.min(...all);
  const spans = Math.max(...all) / shortest > 30;
  const low = spans ? shortest : 0;
  const high = Math.max(...all) * (spans ? 1 : 1.1);
  const points = [...known]
    .sort((a, b) => rank(a) - rank(b))
    .flatMap((one) => {
      const first = one.delays!.points[0]!;
      const last = one.delays!.points[one.delays!.points.length - 1]!;
      return ([[first[0], 0], ...one.delays!.points, [high, last[1]]] as [number, number][]).map(
        ([seconds, share]) => ({ name: one.name, rank: rank(one), x: Math.max(least, seconds), share }),
      );
    });
  const ticks = (width: number) => (spans ? logTicks(low, high, width) : linearTicks(low, high, width));
  const shown = known.filter((one) => rank(one) > 0);
  const others = known.length - shown.length;
  return section(
    "delays",
    "Delay",
    h(
      "div",
      { class: "charts" },
      chart({
        name: "delays",
        title: "From submission to the first copy",
        height: 220,
        legend: [
          ...shown.map((one) => ({ label: one.name, color: style[rank(one)]! })),
          ...(others > 0 ? [{ label: plural(others, "other run"), color: style[0]! }] : []),
        ],
        summary:
          (run.delays
            ? `${run.name}: half of ${plural(run.delays.count, "recipient")} within ` +
              `${duration(run.delays.p50)}, 95 % within ${duration(run.delays.p95)}, the last after ` +
              `${duration(run.delays.max)}.`
            : `Nothing was delivered in ${run.name}, or it was not recorded.`) + (spans ? " Logarithmic axis." : ""),
        draw: (width) => ({
          marginLeft: 52,
          marginRight: 24,
          marginBottom: 34,
          x: { type: spans ? "log" : "linear", domain: [low, high], axis: null },
          y: {
            domain: [0, 1],
            label: null,
            percent: false,
            grid: true,
            ticks: 4,
            tickFormat: (y: number) => `${100 * y} %`,
          },
          marks: [
            Plot.gridX(ticks(width)),
            Plot.axisX(ticks(width), { text: (t: number) => duration(t), label: "delay" }),
            Plot.line(points, {
              x: "x",
              y: "share",
              z: "name",
              curve: "step-after",
              stroke: (p: { rank: number }) => style[p.rank],
              strokeWidth: 1.8,
            }),
            Plot.ruleY([0]),
          ],
        }),
      }),
    ),
    table({
      name: "delays",
      caption: "Delays by run",
      captionHidden: false,
      rows: known,
      most: 60,
      columns: [
        { head: "run", kind: "mono", value: (one) => one.name },
        { head: "recipients", kind: "number", value: (one) => one.delays!.count },
        ...(["p50", "p95", "p99", "max"] as const).map((key) => ({
          head: `${key}, s`,
          kind: "number" as const,
          value: (one: RunData) => one.delays![key],
          cell: (one: RunData) => duration(one.delays![key]),
        })),
      ],
    }).element,
  );
}

// Round numbers of seconds, minutes, hours and days, a few of them.
function logTicks(low: number, high: number, width: number): number[] {
  const round = [0.001, 0.01, 0.1, 1, 10, 60, 600, 3600, 21600, 86400, 432000, 2592000, 31536000];
  const inside = round.filter((t) => t >= low && t <= high);
  const every = Math.ceil(inside.length / Math.max(2, Math.floor(width / 80)));
  return inside.filter((_, i) => i % every === 0);
}

function linearTicks(low: number, high: number, width: number): number[] {
  const most = Math.max(2, Math.floor(width / 110));
  const raw = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((n) => n * power).find((one) => one >= raw) ?? raw;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
}
