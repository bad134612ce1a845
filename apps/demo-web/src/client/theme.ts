/** Light, dark, or as the system is set. */
import { computed, effect, signal } from "@preact/signals";
import { kept, oneOf } from "./local.ts";

export type Theme = "system" | "light" | "dark";

export const theme = kept<Theme>("theme", "system", oneOf("system", "light", "dark"));

const systemDark = matchMedia("(prefers-color-scheme: dark)");
const isSystemDark = signal(systemDark.matches);
systemDark.addEventListener("change", (event) => {
  isSystemDark.value = event.matches;
});

export const isDark = computed(() => (theme.value === "system" ? isSystemDark.value : theme.value === "dark"));

/** Switches to the other theme. If the system has that theme, follows the system again. */
export function toggleTheme(): void {
  const dark = !isDark.value;
  theme.value = dark === isSystemDark.value ? "system" : dark ? "dark" : "light";
}

effect(() => {
  document.documentElement.dataset["theme"] = isDark.value ? "dark" : "light";
});
