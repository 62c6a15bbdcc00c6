// The messages of a run that the page holds, and one of them told in full, beside another run if the reader wants it.
import type { MessageData, RecipientData, ReportData, RunData } from "../data";
import { articleTags, h, newId, note, section } from "../dom";
import { counted, date, duration, elapsed, number, plural, shortened } from "../format";
import type { View } from "../state";
import { type Table, table } from "../table";
import { firstDifference, sequence } from "./sequence";

const unique = (items: string[]) => [...new Set(items)];
const fates = (message: MessageData) => counted(message.recipients.map((one) => one.fate));
const articles = (message: MessageData) => unique(message.recipients.flatMap((one) => one.ruled_by));
const total = (message: MessageData, of: (one: RecipientData) => number) =>
  message.recipients.reduce((n, one) => n + of(one), 0);
const text = (message: MessageData) =>
  [
    message.id,
    message.sender,
    message.subject,
    message.node,
    ...message.recipients.flatMap((one) => [one.address, one.status]),
  ]
    .join("\n")
    .toLowerCase();

const addresses = (message: MessageData): string => {
  const all = message.recipients.map((one) => one.address);
  return all.length > 2 ? `${all[0]} and ${number(all.length - 1)} more` : all.join(", ");
};

// In the list a row is a line or two; the message below, and the file, have all of it.
const brief = (words: string): Node | string =>
  words.length > 70 ? h("span", { title: words }, shortened(words, 70)) : words;

export interface MessageList {
  element: HTMLElement;
  show: (view: View) => void;
}

export function messagesSection(run: RunData, start: string, choose: (id: string) => void): MessageList {
  let chosen: string | null = null;
  const found = h("p", { class: "note", role: "status" });
  const query = h("input", { type: "search", id: newId("search"), placeholder: "id, address, subject, status" });
  const options = (all: string[], any: string) => [
    h("option", { value: "" }, any),
    ...all.map((one) => h("option", { value: one }, one)),
  ];
  const fate = h(
    "select",
    { id: newId("fate") },
    options(unique(run.messages.flatMap((message) => message.recipients.map((one) => one.fate))), "any fate"),
  );
  const article = h("select", { id: newId("article") }, options(unique(run.messages.flatMap(articles)), "any article"));
  const words = new Map(run.messages.map((message) => [message, text(message)]));

  const list: Table<MessageData> = table<MessageData>({
    name: `messages-${run.name}`,
    caption: `Messages of ${run.name}`,
    rows: run.messages,
    most: 100,
    empty: "No message matches.",
    choice: { key: (message) => message.id, chosen: () => chosen, choose },
    columns: [
      { head: "message", kind: "mono", value: (message) => message.id },
      {
        head: "sender",
        kind: "long",
        value: (message) => message.sender,
        cell: (message) => brief(message.sender || "<>"),
      },
      {
        head: "to",
        kind: "long",
        value: (message) => message.recipients.map((one) => one.address).join("; "),
        cell: (message) => brief(addresses(message)),
      },
      {
        head: "subject",
        kind: "words",
        value: (message) => message.subject,
        cell: (message) => brief(message.subject),
      },
      {
        head: "fate",
        kind: "words",
        value: (message) =>
          fates(message)
            .map((one) => (one.times > 1 ? `${one.times} ${one.text}` : one.text))
            .join(", "),
      },
      { head: "attempts", kind: "number", value: (message) => total(message, (one) => one.attempts) },
      { head: "copies", kind: "number", value: (message) => total(message, (one) => one.copies) },
      {
        head: "ruled by",
        value: (message) => articles(message).join(" "),
        cell: (message) => articleTags(articles(message)),
      },
      {
        head: "submitted",
        kind: "number",
        value: (message) => message.submitted_s,
        cell: (message) => h("span", { title: date(start, message.submitted_s) }, elapsed(message.submitted_s)),
      },
    ],
  });

  function filter(): void {
    const wanted = query.value.trim().toLowerCase();
    const rows = run.messages.filter(
      (message) =>
        (wanted === "" || words.get(message)!.includes(wanted)) &&
        (fate.value === "" || message.recipients.some((one) => one.fate === fate.value)) &&
        (article.value === "" || articles(message).includes(article.value)),
    );
    list.setRows(rows);
    found.textContent =
      rows.length === run.messages.length
        ? `${number(run.messages.length)} of ${plural(run.messages_total, "message")} in the run` +
          (run.messages.length < run.messages_total
            ? ": those named in the experiment, then failed, doubled and slow ones."
            : ".")
        : `${number(rows.length)} of ${plural(run.messages.length, "message")} match.`;
  }
  for (const control of [query, fate, article]) control.addEventListener("input", filter);
  filter();

  const element = section(
    "messages",
    "Messages",
    run.messages.length === 0
      ? note(
          run.record === "summary"
            ? `Not recorded in ${run.name} (summary only): run it again with --record events; it is the same run.`
            : `${run.name} has no messages.`,
        )
      : [
          h(
            "div",
            { class: "filters" },
            h("span", {}, h("label", { for: query.id }, "Search"), query),
            h("span", {}, h("label", { for: fate.id }, "Fate"), fate),
            h("span", {}, h("label", { for: article.id }, "Article"), article),
            found,
          ),
          h("div", { class: run.messages.length > 9 ? "list tall" : "list" }, list.element),
        ],
  );
  return {
    element,
    show: (view) => {
      chosen = view.message?.id ?? null;
      list.showChosen();
    },
  };
}

function recipientsTable(run: RunData, message: MessageData, start: string): HTMLElement {
  return table<RecipientData>({
    name: `recipients-${run.name}-${message.id}`,
    caption: "Recipients",
    rows: message.recipients,
    most: 50,
    columns: [
      { head: "recipient", kind: "long", value: (one) => one.address },
      { head: "fate", value: (one) => one.fate },
      { head: "status", kind: "mono", value: (one) => one.status },
      { head: "copies", kind: "number", value: (one) => one.copies },
      { head: "attempts", kind: "number", value: (one) => one.attempts },
      { head: "NDRs", kind: "number", value: (one) => one.ndr },
      { head: "delay notices", kind: "number", value: (one) => one.delay },
      {
        head: "first copy",
        kind: "number",
        value: (one) => one.delivered_s,
        cell: (one) =>
          one.delivered_s === null
            ? "–"
            : h("span", { title: date(start, one.delivered_s) }, elapsed(one.delivered_s, true)),
      },
      { head: "ruled by", value: (one) => one.ruled_by.join(" "), cell: (one) => articleTags(one.ruled_by) },
    ],
  }).element;
}

function told(run: RunData, message: MessageData, data: ReportData, room: number, differs: number): HTMLElement {
  const seen = message.recipients.filter((one) => one.sender_sees !== "");
  return h(
    "article",
    { class: "message", "data-run": run.name, "aria-label": `${message.id} in ${run.name}` },
    h("h3", {}, message.id, h("span", { class: "faint" }, ` in ${run.name}`)),
    h(
      "p",
      {},
      h("span", { class: "subject" }, message.subject || "(no subject)"),
      ` from ${message.sender || "<>"}, ${number(message.size)} octets, submitted at ${message.node} ` +
        `${elapsed(message.submitted_s)} (${date(data.start, message.submitted_s)} UTC)`,
      message.recipients.length === 1 &&
        message.recipients[0]!.delivered_s !== null &&
        `; the first copy after ${duration(message.recipients[0]!.delivered_s - message.submitted_s)}`,
    ),
    recipientsTable(run, message, data.start),
    seen.length > 0 &&
      h(
        "details",
        { open: seen.length <= 2 },
        h("summary", {}, "What the sender sees"),
        seen
          .slice(0, 20)
          .map((one) => [
            h("p", { class: "note" }, `about ${one.address}`),
            h("pre", { class: "sees" }, one.sender_sees),
          ]),
      ),
    sequence(run, message, data.start, room, differs),
  );
}

// Rebuilt whenever another message, or another run beside it, is chosen.
export function messageSection(
  data: ReportData,
  view: View,
  room: number,
  set: (beside: string | null) => void,
): HTMLElement {
  const { run, message } = view;
  if (!message)
    return section(
      "message",
      "One message",
      note(run.messages.length > 0 ? "Choose a message above to follow it." : "There is none to follow."),
    );
  const others = data.runs.filter((one) => one !== run && one.messages.some((m) => m.id === message.id));
  const select = h(
    "select",
    { id: "beside", change: () => set(select.value === "" ? null : select.value) },
    h("option", { value: "" }, "none"),
    others.map((one) => h("option", { value: one.name, selected: one === view.beside }, one.name)),
  );
  const twin = view.beside?.messages.find((one) => one.id === message.id) ?? null;
  const both = twin !== null && view.beside !== null;
  const width = Math.max(300, both && room >= 1000 ? (room - 28) / 2 : room) - 2;
  const differs =
    both && message.story.length > 0 && twin.story.length > 0 ? firstDifference(twin.story, message.story) : -1;
  const here =
    both && message.story.length > 0 && twin.story.length > 0 ? firstDifference(message.story, twin.story) : -1;
  return section(
    "message",
    "One message",
    others.length > 0 && h("div", { class: "filters" }, h("label", { for: "beside" }, "Beside it, in the run"), select),
    view.beside && !twin && note(`The page holds no message ${message.id} of ${view.beside.name}.`),
    both &&
      message.story.length > 0 &&
      twin.story.length > 0 &&
      here < 0 &&
      differs < 0 &&
      note("The two stories go alike, but for their times."),
    h(
      "div",
      { class: both ? "beside" : "alone" },
      told(run, message, data, width, here),
      both && told(view.beside!, twin, data, width, differs),
    ),
  );
}
