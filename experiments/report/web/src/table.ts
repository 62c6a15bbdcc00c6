// A table that can be sorted by each column and downloaded. Long ones begin with their first rows: the rest is a button
// away, and always in the file.
import { csv, download, type Value } from "./csv";
import { append, type Child, h, newId } from "./dom";
import { number } from "./format";

export interface Column<T> {
  head: string;
  value: (row: T) => Value; // to sort by and for the file
  cell?: (row: T) => Child; // what is shown, when it is not the value
  kind?: "number" | "mono" | "words" | "long"; // numbers stand right; long text may break anywhere
}

// One row is chosen, by a button in the first column: Tab reaches the chosen one, arrows go to the others.
export interface Choice<T> {
  key: (row: T) => string;
  chosen: () => string | null;
  choose: (key: string) => void;
}

interface Options<T> {
  name: string; // of the file, without .csv
  caption: string;
  columns: Column<T>[];
  rows: T[];
  empty?: string; // said instead of a table without rows
  choice?: Choice<T>;
  most?: number;
  captionHidden?: boolean; // when the heading above says it
}

export interface Table<T> {
  element: HTMLElement;
  setRows: (rows: T[]) => void;
  showChosen: () => void;
}

const compare = (a: Value, b: Value): number => {
  const none = (v: Value) => v === null || v === undefined || v === "";
  if (none(a) || none(b)) return none(a) === none(b) ? 0 : none(a) ? 1 : -1;
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
};

export function table<T>(options: Options<T>): Table<T> {
  const { columns, choice } = options;
  const first = options.most ?? 200;
  let rows = options.rows;
  let sorted = rows;
  let order: { column: number; down: boolean } | null = null;
  let all = false;

  const caption = newId("caption");
  const body = h("tbody");
  const more = h("button", {
    type: "button",
    click: () => {
      all = true;
      draw();
    },
  });
  const heads = columns.map((column, i) =>
    h(
      "th",
      { scope: "col", class: column.kind === "number" && "number" },
      h("button", { type: "button", class: "sort", click: () => sortBy(i) }, column.head),
    ),
  );
  const save = () =>
    download(
      `${options.name}.csv`,
      csv([columns.map((column) => column.head), ...sorted.map((row) => columns.map((column) => column.value(row)))]),
    );
  const scroll = h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-labelledby": caption },
    h("table", { "aria-labelledby": caption }, h("thead", {}, h("tr", {}, heads)), body),
  );
  const said = h("p", { class: "note" }, options.empty ?? "None.");
  const element = h(
    "div",
    { class: "table", "data-table": options.name },
    h(
      "div",
      { class: "tablehead" },
      h("span", { id: caption, class: options.captionHidden ? "hidden" : "caption" }, options.caption),
      h(
        "button",
        { type: "button", class: "quiet", click: save, "aria-label": `Download CSV: ${options.caption}` },
        "CSV",
      ),
    ),
    scroll,
    said,
    more,
  );

  function sortBy(column: number): void {
    order = { column, down: order?.column === column ? !order.down : false };
    heads.forEach((head, i) => {
      if (i === column) head.setAttribute("aria-sort", order?.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    arrange();
  }

  function arrange(): void {
    const by = order && columns[order.column];
    sorted = by
      ? rows
          .map((row, i) => ({ row, i, v: by.value(row) }))
          .sort((a, b) => (order!.down ? compare(b.v, a.v) : compare(a.v, b.v)) || a.i - b.i)
          .map((one) => one.row)
      : rows;
    draw();
  }

  const content = (row: T, column: Column<T>): Child => {
    if (column.cell) return column.cell(row);
    const value = column.value(row);
    return typeof value === "number" ? number(value) : (value ?? "");
  };

  function line(row: T): HTMLTableRowElement {
    const key = choice?.key(row);
    const tr = h("tr", { "data-key": key });
    columns.forEach((column, i) => {
      const inside = content(row, column);
      append(tr, [
        h(
          i === 0 ? "th" : "td",
          { scope: i === 0 && "row", class: column.kind },
          i === 0 && choice && key !== undefined
            ? h("button", { type: "button", class: "choose", click: () => choice.choose(key) }, inside)
            : inside,
        ),
      ]);
    });
    return tr;
  }

  function draw(): void {
    const shown = all ? sorted : sorted.slice(0, first);
    body.replaceChildren(...shown.map(line));
    more.textContent = `Show all ${number(sorted.length)} rows`;
    more.hidden = shown.length === sorted.length;
    said.hidden = sorted.length > 0;
    scroll.hidden = sorted.length === 0;
    showChosen();
  }

  function showChosen(): void {
    if (!choice) return;
    const chosen = choice.chosen();
    let reached = false;
    for (const tr of body.rows) {
      const is = tr.dataset["key"] === chosen;
      tr.classList.toggle("chosen", is);
      const button = tr.querySelector("button.choose");
      button?.setAttribute("aria-pressed", String(is));
      button?.setAttribute("tabindex", is && !reached ? "0" : "-1");
      reached ||= is;
    }
    if (!reached) body.rows[0]?.querySelector("button.choose")?.setAttribute("tabindex", "0");
  }

  body.addEventListener("keydown", (event) => {
    const button = (event.target as Element).closest("button.choose");
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (!choice || !button || step === undefined) return;
    const buttons = [...body.querySelectorAll<HTMLButtonElement>("button.choose")];
    const at = buttons.indexOf(button as HTMLButtonElement);
    buttons[Math.min(buttons.length - 1, Math.max(0, at + step))]?.focus();
    event.preventDefault();
  });

  arrange();
  return {
    element,
    setRows: (next) => {
      rows = next;
      arrange();
    },
    showChosen,
  };
}
