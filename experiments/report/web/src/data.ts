// What `deadletter report` puts into the page, as JSON: written by experiments/report/report_data.cpp.
// Times are in seconds since the beginning of the simulated run, unless a name says otherwise.

export interface ReportData {
  format: 1;
  program: string; // "deadletter 0.1.0"
  title: string; // the experiment's id
  question: string; // what the experiment asks; may be empty
  start: string; // the simulated date of second 0, RFC 3339
  runs: RunData[]; // at least one; the first is the baseline
  compare: CompareData | null; // what `deadletter compare --out` left, when it is one of its folders
  organization: Organization | null;
}

export interface Organization {
  nodes: { name: string; kind: string; group: string; x: number; y: number }[]; // x, y: 0 to 1
  links: { from: string; to: string; kind: string; name: string }[];
}

export interface RunData {
  name: string; // the variant; the folder's name is added when two runs have the same one
  folder: string;
  variant: string;
  seed: string;
  fingerprint: string;
  record: "summary" | "messages" | "events";
  complete: boolean;
  horizon_s: number;
  figures: Record<string, number>; // messages, recipients, delivered, returned, waiting, …, in the order to show
  expectations: Judged;
  oracles: Judged;
  quirks_ruled: Record<string, number>; // article: how many times
  nodes: { name: string; host: string; build: string; quirks: string[] }[];
  inputs: { role: string; path: string; hash: string }[];
  config: string; // the resolved configuration, JSON text
  delays: Delays | null; // null where nothing was recorded or nothing delivered
  series: Series | null; // null where nothing was recorded
  messages: MessageData[]; // those named in the experiment, then failed, doubled and slowest ones: a choice
  messages_total: number;
}

export interface Judged {
  held: string[];
  failed: { text: string; why: string }[];
}

// Seconds from submission to the first copy, over recipients.
export interface Delays {
  count: number;
  points: [seconds: number, share: number][]; // of the distribution function, ascending; at most 200
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

export interface Series {
  step_s: number; // width of a bin
  attempts: { t: number; delivered: number; again: number; failed: number }[]; // by how the attempt ended; empty bins left out
  reports: { t: number; ndr: number; delay: number }[];
  deliveries: { t: number; n: number }[]; // first copies
  queues: { node: string; next_hop: string; peak: number; points: [t: number, depth: number][] }[]; // the deepest, at most 12
  queues_total: number;
}

export interface MessageData {
  id: string;
  sender: string;
  subject: string;
  size: number; // octets
  node: string; // where it was submitted
  submitted_s: number;
  recipients: RecipientData[];
  recipients_total?: number; // when there are more than the page holds
  story: RoundData[]; // empty when the run was not recorded event by event
  story_cut: boolean; // there was more than the page holds
}

export interface RecipientData {
  address: string;
  fate: string;
  status: string;
  copies: number;
  attempts: number;
  ndr: number;
  delay: number;
  delivered_s: number | null;
  ruled_by: string[];
  sender_sees: string; // the report as its reader sees it; may be empty
}

// A row of events at one place; with attempts, those that went alike are told once.
export interface RoundData {
  first: number; // numbers of the attempts at their node; 0: none
  last: number;
  session: string; // "s1" or empty
  node: string;
  peer: string; // the other end of the session; empty without one
  began_s: number;
  last_began_s: number;
  lines: { t: number; node: string; kind: string; words: string; articles: string[] }[];
}

// compare.json as it is written by experiments/compare (see `deadletter compare --format json`).
export interface CompareData {
  experiment: string;
  baseline: string;
  seed: number | string;
  pairs: number;
  settled: boolean;
  failed: string[]; // expectations and oracles that did not hold, in sentences
  variants: VariantData[];
  transitions: { from: string; to: string; variant: string; count: number; examples: string[] }[];
  metrics: MetricData[];
  unintended: Record<string, unknown>[];
}
export interface VariantData {
  name: string;
  verdict?: string; // CURED, PARTLY, NOT CURED, WORSE, INERT, REFUSED; the baseline has none
  sentences?: string[];
  fates: Record<string, number>;
  [more: string]: unknown;
}
export interface MetricData {
  name: string;
  variant: string;
  difference: number;
  ci95: [number, number] | null;
  [more: string]: unknown;
}
