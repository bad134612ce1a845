/** The whole job on real sessions, laid out as their programs lay them out. */
import { join } from "node:path";
import { CORPUS, hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { expect, test } from "vitest";
import { layOutClaudeHome } from "../../../agent-folders/test/support/claude-home.js";
import { layOutCodexHome } from "../../../agent-folders/test/support/codex-home.js";
import type { FolderSweepDocument } from "../../src/folders/documents.js";
import { du, newAgents, treeOf } from "../support/agents.js";
import { listAll } from "../support/listed.js";

test.skipIf(!hasCorpus)(
  `two runs give back at least 70 % of the disk; each restore, and the undo of the run, gives the same files (${hasCorpus ? "corpus" : NO_CORPUS})`,
  async () => {
    const cli = await newAgents();
    await layOutClaudeHome(cli.folder, CORPUS);
    await layOutCodexHome(cli.folder, CORPUS);
    const words = ["sweep", "--source", "claude-code,codex", "--yes", "--json"];
    const agents = [cli.claude, cli.codex];
    const all = [...agents, join(cli.folder, "home")];
    const [tree, before] = [await treeOf(...agents), await du(...all)];
    const expectSmall = async (): Promise<void> => {
      const each = await Promise.all(
        [
          ...agents,
          join(cli.folder, "home", "archives"),
          join(cli.folder, "home", "sessions.db"),
          join(cli.folder, "home"),
        ].map((path) => du(path)),
      );
      expect(await du(...all), `of ${before}; agents, archives, database, home: ${each.join(", ")}`).toBeLessThan(
        0.3 * before,
      );
    };
    const first = (await cli.run(...words)).json<FolderSweepDocument>();
    expect(first.failures).toEqual([]);
    expect(first.freedBytes).toBe(before - (await du(...all)));
    const left = (run: FolderSweepDocument) => run.sessions.filter(({ outcome }) => !/^(freed|held)$/.test(outcome));
    expect(left(first)).toEqual([]);
    const second = (await cli.runLater(25, ...words)).json<FolderSweepDocument>();
    expect([second.failures, second.heldDiskBytes, second.plan.held.filter(({ due }) => !due)]).toEqual([[], 0, []]);
    await expectSmall();

    const sessions = await listAll(cli);
    expect(new Set(sessions.map(({ state }) => state))).toEqual(new Set(["archived"]));
    const restored = await cli.run("restore", ...sessions.map(({ id }) => id));
    expect(restored.exitCode).toBe(0);
    expect(await treeOf(...agents)).toEqual(tree);

    expect(left((await cli.runLater(24 * 9, ...words)).json<FolderSweepDocument>())).toEqual([]);
    await cli.runLater(24 * 11, ...words);
    await expectSmall();
    expect((await cli.run("undo")).exitCode).toBe(0);
    expect(await treeOf(...agents)).toEqual(tree);
    expect((await cli.run("verify")).exitCode).toBe(0);
  },
  300_000,
);
