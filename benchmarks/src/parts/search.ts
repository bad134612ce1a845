/** Searches all sessions in gzip archives, in whole processes, beside programs that search the same files. */
import { join } from "node:path";
import { BIN, runCli } from "../measure/cli.js";
import { type Contender, runRounds } from "../measure/rounds.js";
import { task } from "../measure/task.js";
import { runTool } from "../measure/tool.js";
import type { ChoiceParams, Choices } from "../ours/search-choices.js";
import { toolVersion } from "../report/machine.js";
import type { Part } from "./part.js";
import { littleMemory } from "./targets.js";

/** In no session, so that everything is searched; and a word that is in nearly all of them. */
const RARE = "qzxjkvwy";
const COMMON = "the";

const OURS = "ours, a rare word";
const ZCAT = "zcat | grep -c";
const RG = "rg -z -c";
const FIRST = "ours, the first hit of a common word";
const LIST = "session-archiver list";
const SINCE = "ours, the last tenth by time";
const PROJECTS = "ours, a tenth by project";

const choose = task<ChoiceParams, Choices>("ours/search-choices.js");

export const searchPart: Part = {
  name: "search",
  about: "search all sessions, whole processes, against zcat | grep and rg -z",
  optIn: true,
  async run({ data, rounds, scratch }) {
    const { folder } = await data.sessions();
    const home = join(scratch, "home");
    await runCli(["--home", home, "--json", "import", folder]);
    await runCli(["--home", home, "--json", "sweep", "--inactive-days", "0"]);
    const { bytes, since, projects } = await choose({ home });
    const archives = join(home, "archives");
    const output = join(scratch, "output");

    const ours = (name: string, ...words: readonly string[]): Contender => ({
      name,
      run: () => runTool({ tool: process.execPath, args: [BIN, "--home", home, ...words], output, alsoFine: [1] }),
    });
    const shell = (name: string, script: string, needed: string): Contender => ({
      name,
      // Like grep, these end with 1 if they find nothing.
      run:
        toolVersion(needed) === undefined
          ? undefined
          : () => runTool({ tool: "bash", args: ["-c", `${script} || [ $? -le 1 ]`, "bash", archives], output }),
    });
    const contenders: readonly Contender[] = [
      ours(OURS, "search", RARE),
      shell(ZCAT, `find "$1" -name '*.gz' -print0 | xargs -0 zcat | grep -c ${RARE}`, "gzip"),
      shell(RG, `rg -z -c -uu -g '*.gz' ${RARE} "$1"`, "rg"),
      ours(SINCE, "search", RARE, "--since", new Date(since).toISOString()),
      ours(PROJECTS, "search", RARE, ...projects.flatMap((project) => ["--project", project])),
      ours(FIRST, "search", COMMON, "--limit", "1"),
      ours(LIST, "list"),
    ];
    return {
      part: "search",
      title: "Searching sessions in gzip archives, whole processes",
      series: await runRounds(contenders, rounds, scratch),
      facts: { "raw MB searched": Math.round(bytes / 1e6), "projects of the tenth": projects.length },
      claims: [
        { kind: "speed", of: OURS, than: ZCAT, atLeast: 2 },
        { kind: "speed", of: OURS, than: RG, atLeast: 2.5 },
        { kind: "speed", of: FIRST, than: LIST, atLeast: 1 / 1.5 },
        { kind: "speed", of: SINCE, than: OURS, atLeast: 5 },
        { kind: "speed", of: PROJECTS, than: OURS, atLeast: 5 },
        ...littleMemory(OURS, SINCE, PROJECTS, FIRST),
      ],
    };
  },
};
