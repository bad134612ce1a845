/** Whether the window is so narrow that it shows one pane at a time; the same width as in layout.css. */
import { signal } from "@preact/signals";

const query = matchMedia("(max-width: 759.98px)");

export const isNarrow = signal(query.matches);

query.addEventListener("change", (event) => {
  isNarrow.value = event.matches;
});
