// The report's page: reads what the program has put into it and draws it once; what depends on the run or the message
// that the reader looks at is drawn again when the address changes.
import "./style.css";
import "./tables.css";
import "./charts.css";
import "./message.css";

import type { ReportData, RunData } from "./data";
import { type Child, h, note } from "./dom";
import { transitionsSection, metricsSection, unintendedSection } from "./sections/compared";
import { type MessageList, messageSection, messagesSection } from "./sections/messages";
import { organizationSection } from "./sections/organization";
import { judgedSection, nodesSection, setupSection } from "./sections/setup";
import { delaysSection, trafficSection } from "./sections/traffic";
import { variantsSection } from "./sections/variants";
import { verdictSection } from "./sections/verdict";
import { hashOf, isState, readView, type View } from "./state";
import { themeButton } from "./theme";

function read(): ReportData | string {
  const held = document.getElementById("data")?.textContent ?? "";
  let data: ReportData | null;
  try {
    data = JSON.parse(held) as ReportData | null;
  } catch {
    return "This page holds no report: deadletter report fills it.";
  }
  if (data === null || data.format !== 1) return "This page holds a report of a format that it does not know.";
  return data.runs.length > 0 ? data : "This report holds no run.";
}

function go(id: string): void {
  const place = document.getElementById(id);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  place?.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
  place?.focus({ preventScroll: true });
}

const jump = (id: string, words: string, css?: string): HTMLElement =>
  h(
    "a",
    {
      href: `#${id}`,
      class: css,
      click: (event: Event) => {
        event.preventDefault();
        go(id);
      },
    },
    words,
  );

function page(data: ReportData): HTMLElement {
  const { compare, start, runs } = data;
  let view: View = readView(data, location.hash);
  let list: MessageList | null = null;
  let drawnRun: RunData | null = null;

  const set = (run: string, message: string | null, beside: string | null) => {
    location.hash = hashOf(run, message, beside);
  };
  const follow = (variant: string, message: string): Child => {
    const run = runs.find((one) => one.variant === variant && one.messages.some((m) => m.id === message));
    if (!run) return message;
    const hash = hashOf(run.name, message, null);
    return h("a", { href: hash, click: () => setTimeout(() => go("message")) }, message);
  };

  const picker = h(
    "select",
    {
      id: "run",
      change: () => set(picker.value, view.message?.id ?? null, view.beside?.name ?? null),
    },
    runs.map((run) => h("option", { value: run.name }, run.name)),
  );
  const missing = h("p", { class: "warning", role: "status", hidden: true });
  const ofRun = h("div");
  const ofMessage = h("div");
  const afterMessage = h("div");

  const sections: [string, string][] = [
    ["verdict", "Verdict"],
    ["variants", runs.length > 1 || compare ? "Variants" : "Figures"],
    ...(compare
      ? ([
          ["transitions", "Transitions"],
          ["metrics", "Metrics"],
          ["unintended", "Unintended"],
        ] as [string, string][])
      : []),
    ["organization", "Organization"],
    ["traffic", "Over time"],
    ["delays", "Delay"],
    ["messages", "Messages"],
    ["message", "One message"],
    ["nodes", "Builds"],
    ["judged", "Expectations"],
    ["setup", "Configuration"],
  ];

  function drawMessage(): void {
    const room = ofMessage.clientWidth || 900;
    ofMessage.replaceChildren(
      messageSection(data, view, room, (beside) => set(view.run.name, view.message!.id, beside)),
    );
  }

  function draw(): void {
    view = readView(data, location.hash);
    const { run } = view;
    picker.value = run.name;
    missing.hidden = view.missing === "";
    missing.textContent = view.missing === "" ? "" : `This address asks for what is not here: ${view.missing}.`;
    if (run !== drawnRun) {
      list = messagesSection(run, start, (id) => set(view.run.name, id, view.beside?.name ?? null));
      ofRun.replaceChildren(
        organizationSection(data.organization, run),
        trafficSection(run, start),
        delaysSection(runs, run),
        list.element,
      );
      afterMessage.replaceChildren(
        nodesSection(run, data.organization),
        judgedSection(run),
        setupSection(run, data.program),
      );
      drawnRun = run;
    }
    list?.show(view);
    const focused = document.activeElement?.id;
    drawMessage();
    if (focused === "beside") document.getElementById("beside")?.focus();
  }

  addEventListener("hashchange", () => {
    if (isState(location.hash)) draw();
  });
  let wide = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === wide) return; // a phone's bar came or went
    wide = innerWidth;
    drawMessage();
  });

  const main = h(
    "main",
    { id: "main", tabindex: -1 },
    missing,
    verdictSection(data),
    variantsSection(data),
    compare && [transitionsSection(compare), metricsSection(compare), unintendedSection(compare, start, follow)],
    ofRun,
    ofMessage,
    afterMessage,
  );
  // Once the page stands in the document, so that its width is known; before it is painted.
  queueMicrotask(() => {
    draw();
    if (view.message) go("message");
  });
  return h(
    "div",
    {},
    jump("main", "Skip to the report", "skip"),
    h(
      "header",
      {},
      h("div", { class: "title" }, h("h1", {}, data.title), themeButton()),
      data.question && h("p", { class: "question" }, data.question),
    ),
    h(
      "div",
      { class: "bar" },
      h(
        "nav",
        { "aria-label": "Sections" },
        sections.map(([id, words]) => jump(id, words)),
      ),
      runs.length > 1 && h("span", { class: "picker" }, h("label", { for: "run" }, "Run"), picker),
    ),
    main,
    h("footer", {}, note(`${data.program}. Times are simulated: elapsed since ${start}, dates in UTC.`)),
  );
}

const data = read();
const place = document.getElementById("page")!;
if (typeof data === "string") {
  place.append(h("main", {}, themeButton(), h("p", {}, data)));
} else {
  document.title = `${data.title} – Deadletter`;
  place.append(page(data));
}
