// A table as a file (RFC 4180), made in the browser.

export type Value = string | number | null | undefined;

const quoted = (value: Value): string => {
  const text = value === null || value === undefined ? "" : String(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
};

export const csv = (rows: Value[][]): string => rows.map((row) => row.map(quoted).join(",") + "\r\n").join("");

export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
