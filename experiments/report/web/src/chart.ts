// A chart with its title, its meaning in words, and a drawing that follows the width of its place.
import * as Plot from "@observablehq/plot";

import { h, newId, note } from "./dom";
import { elapsed, tickText, timeTicks } from "./format";

interface Chart {
  name: string;
  title: string;
  summary: string; // what it shows, in a sentence or two
  told?: string | false; // what stands under the chart when it is not the summary; false: nothing
  height: number;
  legend?: { label: string; color: string }[];
  draw: (width: number) => Plot.PlotOptions;
}

const watcher = new ResizeObserver((entries) => {
  for (const entry of entries) redraw.get(entry.target)?.(entry.contentRect.width);
});
const redraw = new WeakMap<Element, (width: number) => void>();

export function chart(options: Chart): HTMLElement {
  const title = newId("chart");
  const place = h("div", { class: "plot", style: `min-height:${options.height}px` });
  let drawn = 0;
  redraw.set(place, (wide) => {
    const width = Math.max(240, Math.floor(wide));
    if (width === drawn) return;
    drawn = width;
    const svg = Plot.plot({ width, height: options.height, ...options.draw(width) });
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", `${options.title}. ${options.summary}`);
    place.replaceChildren(svg);
  });
  watcher.observe(place);
  return h(
    "figure",
    { "data-chart": options.name, "aria-labelledby": title },
    h(
      "figcaption",
      { id: title },
      h("h3", {}, options.title),
      options.legend &&
        h(
          "span",
          { class: "legend" },
          options.legend.map((one) =>
            h(
              "span",
              {},
              h("i", { class: "swatch", style: `background:${one.color}`, "aria-hidden": "true" }),
              one.label,
            ),
          ),
        ),
    ),
    place,
    options.told !== false && note(options.told ?? options.summary),
  );
}

export function timeAxis(end: number, width: number): Plot.ScaleOptions {
  return {
    domain: [0, end],
    ticks: timeTicks(0, end, Math.max(3, Math.floor(width / 90))) as unknown as number,
    tickFormat: (t: number) => tickText(t, end),
    label: "simulated time",
    nice: false,
  };
}

export const span = (from: number, to: number): string => `${elapsed(from)} to ${elapsed(to)}`;

export { Plot };
