// One message's story as a sequence chart: a lane a node, arrows between the ends of a session, boxes for what happens
// at one place. Each round is a drawing of its own under a heading that can be folded; attempts that went alike were
// told once by the program, and the heading says how many they are.
import type { MessageData, RoundData, RunData } from "../data";
import { articleTags, h, note, s } from "../dom";
import { date, elapsed, number, shortened } from "../format";
import { table } from "../table";

const kTime = 108; // width of the column of times
const kLast = 200; // room for boxes right of the last lane
const kRow = 22;
const kLetter = 6.65; // of the drawing's type
const kScrollBar = 18;
const kMostRows = 120; // of one round in the drawing
const kOpen = 6; // rounds that are unfolded at first, from each end

type Line = RoundData["lines"][number];

// "s1 > DATA" and "s1 < 354 go on": who speaks to whom.
const dialogue = (words: string) => /^\S+ ([<>]) ([\s\S]*)$/.exec(words);

const readable = (words: string) => words.replace(/(\\r\\n|\r\n)$/, "").replace(/\\r\\n|\r\n/g, " ⏎ ");

// Names of nodes; a session's other end may be named by its host.
function lanesOf(run: RunData, rounds: RoundData[]): { names: string[]; lane: (name: string) => number } {
  const known = new Map(
    run.nodes.flatMap((node) => [
      [node.host, node.name],
      [node.name, node.name],
    ]),
  );
  const names: string[] = [];
  const proper = (name: string) => known.get(name) ?? name;
  for (const round of rounds)
    for (const name of [round.node, round.peer, ...round.lines.map((line) => line.node)])
      if (name !== "" && !names.includes(proper(name))) names.push(proper(name));
  return { names, lane: (name) => names.indexOf(proper(name)) };
}

export function roundTitle(round: RoundData): string {
  const { first, last } = round;
  if (first === 0) {
    const kinds = [...new Set(round.lines.map((line) => line.kind))];
    return `${round.node ? `at ${round.node}: ` : ""}${kinds.slice(0, 4).join(", ")}${kinds.length > 4 ? ", …" : ""}`;
  }
  const where = round.peer ? `${round.node} to ${round.peer}` : round.node;
  return last > first
    ? `attempts ${number(first)} to ${number(last)}, same answer, ${where}`
    : `attempt ${number(first)}, ${where}`;
}

const roundTime = (round: RoundData): string =>
  elapsed(round.began_s) + (round.last_began_s > round.began_s ? ` to ${elapsed(round.last_began_s)}` : "");

interface Row {
  line: Line;
  more?: string;
}

// Without what differs from one time to the next: dates, sessions, counts.
const plain = (line: Line) =>
  [
    line.node,
    line.kind,
    line.words
      .replace(/\bs\d+\b/g, "s")
      .replace(/(\d+d )?\d+:\d\d:\d\d(\.\d+)?/g, "t")
      .replace(/\b\d+ attempts?\b/g, "attempts")
      .replace(/copy \d+/g, "copy"),
  ].join("\n");

// Lines that come again in the same order, three times or more, are drawn once.
export function rowsOf(lines: Line[]): Row[] {
  const keys = lines.map(plain);
  const rows: Row[] = [];
  for (let i = 0; i < lines.length; ) {
    const again = [1, 2, 3, 4, 5, 6]
      .map((period) => {
        let end = i + period;
        while (end < lines.length && keys[end] === keys[end - period]) ++end;
        return { period, times: Math.floor((end - i) / period) };
      })
      .find((one) => one.times >= 3);
    const { period, times } = again ?? { period: 1, times: 1 };
    for (let k = 0; k < period; ++k) rows.push({ line: lines[i + k]! });
    const last = lines[i + period * times - 1]!;
    if (again) rows.push({ line: last, more: `… ${number(times - 1)} more like this, until ${elapsed(last.t)}` });
    i += period * times;
  }
  if (rows.length <= kMostRows) return rows;
  const left = rows.length - kMostRows;
  return [
    ...rows.slice(0, kMostRows),
    { line: rows[kMostRows]!.line, more: `… ${number(left)} more: see the table below` },
  ];
}

interface Frame {
  width: number;
  x: (lane: number) => number;
  gap: number;
}

function frame(lanes: number, room: number): Frame {
  const first = kTime + 74;
  const gap = lanes > 1 ? Math.max(230, Math.min(480, (room - first - kLast) / (lanes - 1))) : 0;
  return {
    width: Math.max(first + gap * (lanes - 1) + kLast, room),
    x: (lane) => first + lane * gap,
    gap,
  };
}

const textWidth = (text: string) => Array.from(text).length * kLetter;

function draw(round: RoundData, lanes: string[], lane: (name: string) => number, f: Frame): SVGSVGElement {
  const rows = rowsOf(round.lines);
  const height = rows.length * kRow + 6;
  const parts: SVGElement[] = lanes.map((_, i) =>
    s("line", { class: "lane", x1: f.x(i), x2: f.x(i), y1: 0, y2: height }),
  );
  let before = "";
  rows.forEach(({ line, more }, i) => {
    const y = i * kRow + 16;
    if (more !== undefined) {
      parts.push(s("text", { x: f.x(Math.max(0, lane(line.node))) - 62, y: y + 1, class: "more" }, more));
      return;
    }
    const time = elapsed(line.t, true);
    if (time !== before) parts.push(s("text", { x: kTime - 10, y: y + 1, class: "time", "text-anchor": "end" }, time));
    before = time;
    parts.push(
      s(
        "g",
        { class: line.articles.length > 0 ? "ruled" : "" },
        s(
          "title",
          {},
          `${line.kind}: ${readable(line.words)}${line.articles.length > 0 ? ` [${line.articles.join(", ")}]` : ""}`,
        ),
        mark(line, round, lane, f, y),
      ),
    );
  });
  return s(
    "svg",
    {
      class: "round",
      width: f.width,
      height,
      viewBox: `0 0 ${f.width} ${height}`,
      role: "img",
      "aria-label": `${roundTitle(round)}: ${round.lines.length} events; the table below tells them in words`,
    },
    parts,
  );
}

function mark(line: Line, round: RoundData, lane: (name: string) => number, f: Frame, y: number): SVGElement[] {
  const at = lane(line.node || round.node);
  const other = lane(round.peer) === at ? lane(round.node) : lane(round.peer);
  const said = dialogue(line.words);
  const opens = line.kind === "connect";
  const unnamed = line.articles.filter((article) => !line.words.includes(article));
  const tag = unnamed.length > 0 ? ` [${unnamed.join(" ")}]` : "";
  if ((said || opens) && at >= 0 && other >= 0 && at !== other) {
    const away = opens || said![1] === ">";
    const [from, to] = away ? [f.x(at), f.x(other)] : [f.x(other), f.x(at)];
    const words = opens ? "connect" : readable(said![2] ?? "") || line.kind;
    const most = Math.floor(Math.abs(to - from) / kLetter) - 3;
    const end = to + (to > from ? -6 : 6);
    return [
      s("line", {
        class: `arrow ${opens ? "opens" : away ? "command" : "reply"}`,
        x1: from,
        y1: y + 3,
        x2: end,
        y2: y + 3,
      }),
      s("path", { class: "head", d: `M${to},${y + 3} l${to > from ? -7 : 7},-3.5 v7 z` }),
      s("text", { x: (from + to) / 2, y: y - 1, "text-anchor": "middle", class: "said" }, shortened(words + tag, most)),
    ];
  }
  const words = `${line.kind} ${readable(line.words)}${tag}`;
  const left = at >= 0 ? f.x(at) - 68 : kTime; // boxes begin left of their lane and may reach over the next ones
  const label = shortened(words, Math.floor((f.width - left - 22) / kLetter));
  return [
    s("rect", { class: "event", x: left, y: y - 11, width: textWidth(label) + 12, height: kRow - 5, rx: 2 }),
    s("text", { x: left + 6, y: y + 1, class: "said" }, label),
  ];
}

// The first round of one story that is not as in the other, but for times and numbers of sessions.
export function firstDifference(one: RoundData[], other: RoundData[]): number {
  const key = (round: RoundData | undefined) =>
    round && JSON.stringify([round.node, round.first, round.last, round.lines.map(plain)]);
  return one.findIndex((round, i) => key(round) !== key(other[i]));
}

export function sequence(
  run: RunData,
  message: MessageData,
  start: string,
  room: number,
  differs: number,
): HTMLElement {
  const rounds = message.story;
  if (rounds.length === 0)
    return h(
      "div",
      {},
      note(
        run.record === "events"
          ? "Nothing is told of it."
          : "Its story is not recorded: run it again with --record events; it is the same run.",
      ),
    );
  const { names, lane } = lanesOf(run, rounds);
  const f = frame(names.length, room - kScrollBar);
  const most = Math.floor((f.gap || 300) / 7.2) - 1;
  const head = s(
    "svg",
    { width: f.width, height: 26, viewBox: `0 0 ${f.width} 26`, "aria-hidden": "true" },
    names.map((name, i) =>
      s(
        "text",
        { x: f.x(i), y: 17, "text-anchor": "middle" },
        s("title", {}, name),
        shortened(name, i === 0 ? Math.min(most, 22) : most),
      ),
    ),
  );
  const drawn = rounds.map((round, i) => {
    const folded = round.last > round.first;
    return h(
      "details",
      {
        class: "round",
        open: i < kOpen || i >= rounds.length - kOpen || i === differs,
        "data-folded": folded && "yes",
      },
      h(
        "summary",
        {},
        h("b", { class: folded && "folded" }, roundTitle(round)),
        " ",
        h("span", { class: "faint", title: date(start, round.began_s) }, roundTime(round)),
        round.session && h("span", { class: "faint" }, ` ${round.session}`),
        i === differs && h("span", { class: "badge partly" }, "DIFFERS FROM HERE"),
      ),
      draw(round, names, lane, f),
    );
  });
  const all = (open: boolean) =>
    drawn.forEach((one) => {
      one.open = open;
    });
  const lines = rounds.flatMap((round) => round.lines.map((line) => ({ round, line })));
  return h(
    "div",
    { class: "story" },
    h(
      "div",
      { class: "tablehead" },
      h("span", { class: "caption" }, "Story"),
      h(
        "span",
        {},
        h("button", { type: "button", class: "quiet", click: () => all(true) }, "Unfold all"),
        " ",
        h("button", { type: "button", class: "quiet", click: () => all(false) }, "Fold all"),
      ),
    ),
    h(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": `Sequence chart of ${message.id} in ${run.name}` },
      h("div", { class: "sequence", style: `min-width:${f.width}px` }, h("div", { class: "lanes" }, head), drawn),
    ),
    message.story_cut && note("There is more than this page holds; deadletter explain tells all of it."),
    h(
      "details",
      {},
      h("summary", {}, "The story as a table"),
      table({
        name: `story-${run.name}-${message.id}`,
        caption: `Events of ${message.id} in ${run.name}`,
        rows: lines,
        columns: [
          { head: "time", kind: "mono", value: ({ line }) => elapsed(line.t, true) },
          { head: "round", kind: "words", value: ({ round }) => roundTitle(round) },
          { head: "node", kind: "mono", value: ({ line }) => line.node },
          { head: "event", kind: "mono", value: ({ line }) => line.kind },
          { head: "words", kind: "long", value: ({ line }) => line.words, cell: ({ line }) => readable(line.words) },
          {
            head: "articles",
            value: ({ line }) => line.articles.join(" "),
            cell: ({ line }) => articleTags(line.articles),
          },
        ],
      }).element,
    ),
  );
}
