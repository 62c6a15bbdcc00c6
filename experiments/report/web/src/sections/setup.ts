// What a run was made of, and whether it did what was expected: nodes, expectations, oracles, inputs, configuration.
import type { Judged, Organization, RunData } from "../data";
import { articleTags, h, note, section } from "../dom";
import { plural } from "../format";
import { table } from "../table";

export function nodesSection(run: RunData, organization: Organization | null): HTMLElement {
  const groups = new Map(organization?.nodes.map((node) => [node.name, node.group]));
  return section(
    "nodes",
    "Builds and quirks",
    table({
      name: "nodes",
      caption: `What stands on each node in ${run.name}`,
      rows: run.nodes,
      empty: "Not recorded.",
      columns: [
        { head: "node", kind: "mono", value: (node) => node.name },
        { head: "host", kind: "mono", value: (node) => node.host },
        { head: "group", value: (node) => groups.get(node.name) ?? "" },
        { head: "build", kind: "words", value: (node) => node.build },
        {
          head: "quirks in force",
          value: (node) => node.quirks.join(" "),
          cell: (node) => (node.quirks.length > 0 ? articleTags(node.quirks) : h("span", { class: "faint" }, "none")),
        },
      ],
    }).element,
    rulings(run),
  );
}

function rulings(run: RunData): HTMLElement {
  const ruled = Object.entries(run.quirks_ruled);
  return ruled.length === 0
    ? note("No quirk had a hand in anything.")
    : table({
        name: "rulings",
        caption: "How often a quirk had a hand in a recipient's end",
        rows: ruled,
        columns: [
          { head: "article", value: ([article]) => article, cell: ([article]) => articleTags([article]) },
          { head: "times", kind: "number", value: ([, times]) => times },
        ],
      }).element;
}

interface Line {
  kind: string;
  held: boolean;
  text: string;
  why: string;
}

const linesOf = (kind: string, judged: Judged): Line[] => [
  ...judged.failed.map(({ text, why }) => ({ kind, held: false, text, why })),
  ...judged.held.map((text) => ({ kind, held: true, text, why: "" })),
];

export function judgedSection(run: RunData): HTMLElement {
  const rows = [...linesOf("expectation", run.expectations), ...linesOf("oracle", run.oracles)];
  const failed = rows.filter((row) => !row.held).length;
  return section(
    "judged",
    "Expectations and oracles",
    rows.length > 0 &&
      note(
        failed > 0
          ? `${failed} of ${plural(rows.length, "line")} failed.`
          : `${plural(rows.length, "line")}, all held.`,
      ),
    table({
      name: "judged",
      caption: `What ${run.name} was held to`,
      rows,
      empty: "Nothing was expected.",
      columns: [
        {
          head: "outcome",
          value: (row) => (row.held ? "held" : "failed"),
          cell: (row) => h("span", { class: `badge ${row.held ? "cured" : "worse"}` }, row.held ? "HELD" : "FAILED"),
        },
        { head: "what", kind: "words", value: (row) => row.text },
        { head: "why", kind: "words", value: (row) => row.why },
        { head: "kind", value: (row) => row.kind },
      ],
    }).element,
  );
}

function copyButton(label: string, text: () => string): HTMLElement {
  const button = h("button", { type: "button", class: "quiet", click: () => void copy() }, label);
  const said = h("span", { class: "faint", role: "status" });
  async function copy(): Promise<void> {
    said.textContent = (await put(text())) ? " copied" : " could not be copied: select it instead";
    setTimeout(() => {
      said.textContent = "";
    }, 4000);
  }
  return h("span", {}, button, said);
}

async function put(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = h("textarea", { class: "hidden", "aria-hidden": "true" });
    area.value = text;
    document.body.appendChild(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

export function setupSection(run: RunData, program: string): HTMLElement {
  const fact = (name: string, ...value: (Node | string)[]) => [h("dt", {}, name), h("dd", {}, ...value)];
  return section(
    "setup",
    "Configuration and inputs",
    h(
      "dl",
      {},
      fact(
        "fingerprint",
        h("code", {}, run.fingerprint),
        " ",
        copyButton("Copy fingerprint", () => run.fingerprint),
      ),
      fact("run", `${run.variant}, seed ${run.seed}, recorded: ${run.record}${run.complete ? "" : ", interrupted"}`),
      fact("folder", h("code", {}, run.folder)),
      fact("made by", program),
    ),
    table({
      name: "inputs",
      caption: "Inputs",
      rows: run.inputs,
      empty: "None named.",
      columns: [
        { head: "role", value: (input) => input.role },
        { head: "file", kind: "long", value: (input) => input.path },
        { head: "hash", kind: "mono", value: (input) => input.hash },
      ],
    }).element,
    h(
      "div",
      { class: "tablehead" },
      h("span", { class: "caption" }, "Resolved configuration"),
      copyButton("Copy configuration", () => run.config),
    ),
    h(
      "details",
      {},
      h("summary", {}, "Show the configuration"),
      h("pre", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Configuration" }, run.config),
    ),
  );
}
