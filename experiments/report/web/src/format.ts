// Numbers and times as the page writes them. Nothing here depends on the reader's language or time zone.

// 17,166; 0.0564; what is no number stays as it is.
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const [whole = "", part] = Math.abs(value) < 1e15 ? decimal(Math.abs(value)).split(".") : [String(Math.abs(value))];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return (value < 0 ? "−" : "") + grouped + (part === undefined ? "" : `.${part}`);
}

// Four significant digits behind the point at most, none that are not needed.
function decimal(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const digits = value >= 1000 ? 1 : value >= 1 ? 3 : Math.min(12, 3 - Math.floor(Math.log10(value)));
  return value.toFixed(digits).replace(/\.?0+$/, "");
}

export const signed = (value: number): string => (value > 0 ? "+" : value === 0 ? "±" : "") + number(value);

// Since the beginning of the run: 0:10:01, from a day on 2d 0:03:43; with thousandths where asked for.
export function elapsed(seconds: number | null | undefined, thousandths = false): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "–";
  const ms = Math.round(Math.abs(seconds) * 1000);
  const whole = Math.floor(ms / 1000);
  const days = Math.floor(whole / 86400);
  const two = (n: number) => String(n).padStart(2, "0");
  const clock = `${Math.floor((whole % 86400) / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return (
    (seconds < 0 ? "−" : "") +
    (days > 0 ? `${days}d ` : "") +
    clock +
    (thousandths ? `.${String(ms % 1000).padStart(3, "0")}` : "")
  );
}

// How long something took: 40 ms, 1.14 s, 0:10:01.
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "–";
  if (seconds === 0) return "0 s";
  if (seconds < 1) return `${number(Number((seconds * 1000).toPrecision(4)))} ms`;
  return seconds < 60 ? `${number(Math.round(seconds * 1000) / 1000)} s` : elapsed(seconds);
}

export const signedDuration = (seconds: number): string =>
  (seconds > 0 ? "+" : seconds < 0 ? "−" : "±") + duration(Math.abs(seconds));

// The simulated date, in UTC: 2006-03-03 08:03:43.
export function date(start: string, seconds: number | null): string {
  const begin = Date.parse(start);
  if (seconds === null || Number.isNaN(begin) || !Number.isFinite(seconds)) return "";
  const when = new Date(begin + Math.floor(seconds * 1000));
  return Number.isNaN(when.getTime()) ? "" : when.toISOString().slice(0, 19).replace("T", " ");
}

export const plural = (n: number, one: string, many = `${one}s`): string => `${number(n)} ${n === 1 ? one : many}`;

// Tells things in a row: a, b and c.
export function listed(items: string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`;
}

export const shortened = (text: string, most: number): string => {
  const letters = Array.from(text);
  return letters.length <= most ? text : `${letters.slice(0, Math.max(1, most - 1)).join("")}…`;
};

// What repeats is told once, with how often.
export function counted(items: string[]): { text: string; times: number }[] {
  const times = new Map<string, number>();
  for (const item of items) times.set(item, (times.get(item) ?? 0) + 1);
  return [...times].map(([text, n]) => ({ text, times: n }));
}

const kSteps = [
  0.001, 0.01, 0.1, 1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 432000, 864000,
  2592000, 8640000, 31536000,
];

// Places for the marks of a time axis, at round times, `most` steps at most.
export function timeTicks(begin: number, end: number, most: number): number[] {
  const step = kSteps.find((one) => (end - begin) / one <= most) ?? (end - begin) / most;
  const first = Math.ceil(begin / step - 1e-9);
  return Array.from({ length: Math.floor(end / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step || 0);
}

export function tickText(seconds: number, end: number): string {
  if (seconds === 0) return "0";
  if (end < 120) return `${number(seconds)} s`;
  const days = Math.floor(seconds / 86400);
  const rest = elapsed(seconds % 86400).replace(/:00$/, "");
  return days === 0 ? rest : rest === "0:00" ? `${days}d` : `${days}d ${rest}`;
}
