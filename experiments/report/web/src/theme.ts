// Light or dark: what the system prefers, until the reader says otherwise.
import { h } from "./dom";

type Theme = "light" | "dark";
const kKey = "deadletter-theme";

function remembered(): Theme | null {
  try {
    const said = localStorage.getItem(kKey);
    return said === "light" || said === "dark" ? said : null;
  } catch {
    return null; // a browser may refuse storage to local files
  }
}

export function themeButton(): HTMLElement {
  const system = matchMedia("(prefers-color-scheme: dark)");
  let said = remembered();
  const button = h("button", { type: "button", class: "quiet", id: "theme", click: () => say() });
  const now = (): Theme => said ?? (system.matches ? "dark" : "light");

  function show(): void {
    document.documentElement.dataset["theme"] = now();
    button.textContent = now() === "dark" ? "Light" : "Dark";
    button.setAttribute("aria-label", `Switch to the ${now() === "dark" ? "light" : "dark"} theme`);
  }
  function say(): void {
    said = now() === "dark" ? "light" : "dark";
    try {
      localStorage.setItem(kKey, said);
    } catch {
      // then it holds until the page is closed
    }
    show();
  }
  system.addEventListener("change", show);
  show();
  return button;
}
