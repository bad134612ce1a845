/** Opens the browser's own file and folder pickers. */
import { importFrom } from "../client/import-job.ts";
import { pickedFiles } from "./find-files.ts";

export function pickFiles(): void {
  pick((input) => {
    input.accept = ".jsonl,.gz,.zst,.jsonl.gz,.jsonl.zst,application/gzip,application/zstd";
  });
}

export function pickFolder(): void {
  pick((input) => {
    input.webkitdirectory = true;
  });
}

function pick(configure: (input: HTMLInputElement) => void): void {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  configure(input);
  input.addEventListener("change", () => {
    const { files } = input;
    if (files && files.length > 0) void importFrom(async () => pickedFiles(files));
  });
  input.click();
}
