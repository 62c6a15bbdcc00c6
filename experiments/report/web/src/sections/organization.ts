// The organization as a picture. What stands on a node is shown when it is pointed at or focused, and in the table of
// nodes below; the links have a table of their own.
import type { Organization, RunData } from "../data";
import { h, newId, note, s, section } from "../dom";
import { plural, shortened } from "../format";
import { table } from "../table";

interface Box {
  name: string;
  x: number;
  y: number;
  w: number;
  h: number;
}

const kMost = 24;

const pen = document.createElement("canvas").getContext("2d");
function widthOf(words: string, font: string): number {
  if (!pen) return words.length * 8;
  pen.font = `${font} ${getComputedStyle(document.body).fontFamily}`;
  return pen.measureText(words).width;
}

// Boxes in their places, pushed apart where they would cover one another.
function place(nodes: Organization["nodes"], width: number, height: number): Box[] {
  const boxes = nodes.map((node) => {
    const label = Math.max(
      widthOf(shortened(node.name, kMost), "600 12px"),
      widthOf(shortened(node.group, kMost), "400 10.5px"),
    );
    return { name: node.name, x: 0, y: 0, w: Math.max(56, label + 18), h: node.group ? 38 : 26 };
  });
  const inside = (value: number, size: number, room: number) =>
    Math.min(room - size / 2 - 4, Math.max(size / 2 + 4, value));
  boxes.forEach((box, i) => {
    box.x = inside((Number.isFinite(nodes[i]!.x) ? nodes[i]!.x : 0.5) * width, box.w, width);
    box.y = inside((Number.isFinite(nodes[i]!.y) ? nodes[i]!.y : 0.5) * height, box.h, height);
  });
  for (let round = 0; round < 60; ++round) {
    let moved = false;
    for (let i = 0; i < boxes.length; ++i)
      for (let j = i + 1; j < boxes.length; ++j) {
        const [a, b] = [boxes[i]!, boxes[j]!];
        const wide = (a.w + b.w) / 2 + 14 - Math.abs(a.x - b.x);
        const high = (a.h + b.h) / 2 + 12 - Math.abs(a.y - b.y);
        if (wide <= 0 || high <= 0) continue;
        moved = true;
        const along = high <= wide ? "y" : "x";
        const step = (Math.min(wide, high) / 2 + 0.5) * (a[along] <= b[along] ? 1 : -1);
        a[along] -= step;
        b[along] += step;
        for (const box of [a, b]) {
          box.x = inside(box.x, box.w, width);
          box.y = inside(box.y, box.h, height);
        }
      }
    if (!moved) break;
  }
  return boxes;
}

export const nodeWords = (run: RunData, name: string): string => {
  const node = run.nodes.find((one) => one.name === name);
  if (!node) return "nothing is installed on it";
  const quirks = node.quirks.length > 0 ? `in force: ${node.quirks.join(", ")}` : "no quirk in force";
  return `${node.host !== node.name ? `${node.host}; ` : ""}${node.build}; ${quirks}`;
};

export function organizationSection(organization: Organization | null, run: RunData): HTMLElement {
  if (!organization || organization.nodes.length === 0)
    return section("organization", "Organization", note("Not drawn: the topology was not at hand."));
  const { nodes, links } = organization;
  const width = Math.max(640, Math.min(1160, 260 + 90 * nodes.length));
  const height = Math.max(200, Math.min(620, 150 + 34 * nodes.length));
  const boxes = new Map(place(nodes, width, height).map((box) => [box.name, box]));
  const quiet = "Point at a node, or reach it with Tab, to see what is installed on it.";
  const said = h("p", { class: "note said", "aria-live": "polite" }, quiet);
  const lines: SVGLineElement[] = [];
  const light = (name: string | null) =>
    lines.forEach((line) =>
      line.classList.toggle("lit", name !== null && (line.dataset["from"] === name || line.dataset["to"] === name)),
    );

  for (const link of links) {
    const [a, b] = [boxes.get(link.from), boxes.get(link.to)];
    if (!a || !b) continue;
    lines.push(
      s(
        "line",
        {
          x1: a.x,
          y1: a.y,
          x2: b.x,
          y2: b.y,
          class: `link ${/connector|x400|site/i.test(link.kind) ? "connector" : "wire"}`,
          "data-from": link.from,
          "data-to": link.to,
        },
        s("title", {}, `${link.name || link.kind}: ${link.from} to ${link.to}`),
      ),
    );
  }
  const drawn = nodes.map((node) => {
    const box = boxes.get(node.name)!;
    const quirks = run.nodes.find((one) => one.name === node.name)?.quirks ?? [];
    const words = `${node.name}, ${node.kind}${node.group ? ` in ${node.group}` : ""}: ${nodeWords(run, node.name)}`;
    const show = () => {
      said.textContent = words;
      light(node.name);
    };
    const leave = () => {
      said.textContent = quiet;
      light(null);
    };
    const plain = run.nodes.some((one) => one.name === node.name);
    return s(
      "g",
      {
        class: `node ${plain ? "server" : "place"} ${quirks.length > 0 ? "quirk" : ""}`,
        tabindex: 0,
        role: "img",
        "aria-label": words,
        focus: show,
        mouseenter: show,
        blur: leave,
        mouseleave: leave,
        transform: `translate(${box.x},${box.y})`,
      },
      s("rect", { x: -box.w / 2, y: -box.h / 2, width: box.w, height: box.h, rx: plain ? 3 : box.h / 2 }),
      s("text", { y: node.group ? -3 : 4, "text-anchor": "middle" }, shortened(node.name, kMost)),
      node.group && s("text", { y: 12, "text-anchor": "middle", class: "group" }, shortened(node.group, kMost)),
    );
  });
  const title = newId("organization");
  const held = new Set(run.nodes.flatMap((node) => node.quirks));
  return section(
    "organization",
    "Organization",
    note(
      `${plural(nodes.length, "node")}, ${plural(links.length, "link")}. A thick border marks the nodes on which a ` +
        `quirk is in force in ${run.name}${held.size > 0 ? `: ${[...held].join(", ")}` : "; there are none"}.`,
    ),
    h(
      "div",
      { class: "scroll drawing" },
      s(
        "svg",
        { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-labelledby": title },
        s("title", { id: title }, "The organization: nodes and links"),
        lines,
        drawn,
      ),
    ),
    said,
    h(
      "details",
      {},
      h("summary", {}, "Links as a table"),
      table({
        name: "links",
        caption: "Links",
        rows: links,
        columns: [
          { head: "name", kind: "mono", value: (link) => link.name },
          { head: "from", kind: "mono", value: (link) => link.from },
          { head: "to", kind: "mono", value: (link) => link.to },
          { head: "kind", value: (link) => link.kind },
        ],
      }).element,
    ),
  );
}
