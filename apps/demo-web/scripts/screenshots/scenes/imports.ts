/** Pictures of the empty app, of imports, and of the list. */
import { importCard, pick } from "../../../test/e2e/support/import.ts";
import { CALLER, SUBAGENTS } from "../../../test/e2e/support/projects.ts";
import { toList } from "../../../test/e2e/support/screens.ts";
import { actMore, openSession } from "../../../test/e2e/support/session.ts";
import { untilShown } from "../../../test/e2e/support/transcript.ts";
import type { Scene } from "../scene.ts";

export const empty: Scene = async ({ page, shoot }) => {
  await page.getByRole("heading", { name: /^Drop/ }).waitFor({ state: "attached" });
  await shoot("empty");
  await page.getByRole("button", { name: "Add sessions" }).click();
  await page.getByRole("menu", { name: "Add sessions" }).waitFor();
  await shoot("add-menu");
  await page.keyboard.press("Escape");
};

export const imports: Scene = async ({ page, samples, shoot }) => {
  await pick(page, "Import a folder…", [`${samples.folder}/transcripts`]);
  await importCard(page).getByRole("progressbar").waitFor();
  await shoot("import-running");
  await importCard(page).getByRole("button", { name: "Show report" }).click();
  await shoot("import-report");
  await page.keyboard.press("Escape");
  await importCard(page).getByRole("button", { name: "Dismiss import report" }).click();
};

export const list: Scene = async ({ page, shoot }) => {
  await page.getByRole("button", { name: "Add sessions" }).click();
  await page.getByRole("menuitem", { name: "Make sample sessions…" }).click();
  const dialog = page.getByRole("dialog", { name: "Make sample sessions" });
  await dialog.getByRole("slider", { name: "Sessions" }).fill("110");
  await dialog.getByLabel("Size of each, about").selectOption({ index: 0 });
  await shoot("samples-dialog");
  await dialog.getByRole("button", { name: "Make 110 sessions" }).click();
  const made = page.getByRole("status").getByText("Made 110 sample sessions.");
  await made.waitFor();
  await page.getByText("113 sessions", { exact: true }).waitFor();
  await shoot("list");
  await made.waitFor({ state: "detached" });
  await page.getByRole("searchbox").fill("nothing has this title");
  await shoot("list-no-match");
  await page.getByRole("button", { name: "Show all sessions" }).click();
};

export const subagents: Scene = async ({ page, samples, shoot }) => {
  await pick(page, "Import a folder…", [`${samples.folder}/projects`]);
  await importCard(page).getByRole("button", { name: "Dismiss import report" }).click();
  await page.getByRole("searchbox").fill("importer opus");
  await page.getByText("3 sessions", { exact: true }).waitFor();
  await shoot("list-subagents");
  await page.getByRole("searchbox").fill("");
  await openSession(page, SUBAGENTS[0] ?? "");
  await untilShown(page);
  await shoot("subagent");
  await page.getByRole("link", { name: CALLER }).click();
  await untilShown(page);
  await shoot("caller");
  await actMore(page, "Delete for good…");
  await shoot("delete-question");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await toList(page);
};

export const wrongAddresses: Scene = async ({ page, shoot }) => {
  for (const [name, hash] of [
    ["address-unknown", "#/session/a/more"],
    ["address-without-session", "#/session/projects%2Fimporter%2Fno-such-session"],
  ] as const) {
    await page.evaluate((to) => {
      location.hash = to;
    }, hash);
    await page.getByRole("link", { name: "Back to the sessions" }).waitFor();
    await shoot(name);
  }
  await page.getByRole("link", { name: "Back to the sessions" }).click();
  await page.getByRole("listbox", { name: "Sessions" }).waitFor();
};
