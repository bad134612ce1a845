/** Light, dark, or as the system has it. */
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

/** To the other look; back to following the system where that is the same. */
export function toggleTheme(): void {
  const dark = !isDark.value;
  theme.value = dark === isSystemDark.value ? "system" : dark ? "dark" : "light";
}

effect(() => {
  document.documentElement.dataset["theme"] = isDark.value ? "dark" : "light";
});
