// What the reader is looking at: one run, one of its messages, and perhaps another run beside it. The address says it
// (#run=unfixed&message=m1&beside=hotfix), so that it can be sent to somebody.
import type { MessageData, ReportData, RunData } from "./data";

export interface View {
  run: RunData;
  message: MessageData | null;
  beside: RunData | null;
  missing: string; // what the address asked for and the report does not hold
}

export const isState = (hash: string): boolean => hash.includes("=");

export function readView(data: ReportData, hash: string): View {
  const asked = new URLSearchParams(isState(hash) ? hash.replace(/^#/, "") : "");
  const missing: string[] = [];
  const runNamed = (name: string | null): RunData | null => {
    const found = name === null ? null : (data.runs.find((run) => run.name === name) ?? null);
    if (name !== null && !found) missing.push(`no run is called ${name}`);
    return found;
  };
  const run = runNamed(asked.get("run")) ?? data.runs[0]!;
  const id = asked.get("message");
  const message = run.messages.find((one) => one.id === id) ?? null;
  if (id !== null && !message) missing.push(`the page holds no message ${id} of ${run.name}`);
  const beside = runNamed(asked.get("beside"));
  return { run, message, beside: beside === run ? null : beside, missing: missing.join("; ") };
}

export function hashOf(run: string, message: string | null, beside: string | null): string {
  const asked = new URLSearchParams({ run });
  if (message !== null) asked.set("message", message);
  if (beside !== null) asked.set("beside", beside);
  return `#${asked.toString()}`;
}
