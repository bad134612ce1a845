/** The lane of `npm run test:proof`: simulation, kills, disks and hostile input at length. A variable that is set already stays. */
import { defineConfig } from "vitest/config";
import { inNode, project, second } from "./vitest.projects.ts";

const AT_LENGTH = {
  SESSION_ARCHIVER_AT_LENGTH: "1",
  SESSION_ARCHIVER_KILLS: "1500",
  SESSION_ARCHIVER_FUZZ: "10",
  SESSION_ARCHIVER_REBUILDS: "200",
  SESSION_ARCHIVER_PAIRS: "40",
  SESSION_ARCHIVER_ALL_POINTS: "1",
};
for (const [name, value] of Object.entries(AT_LENGTH)) process.env[name] ??= value;

const proof = { include: ["test/proof/**/*.test.ts"] };
const hours = { testTimeout: 4 * 3_600_000 };
const atLength = (name: string, root: string, lane = proof) => {
  const { resolve, test } = project(name, root, second, lane);
  return { resolve, test: { ...test, ...hours } };
};

export default defineConfig({
  test: {
    projects: [
      ...inNode.filter((name) => name !== "simulation").map((name) => atLength(name, `packages/${name}`)),
      atLength("simulation", "packages/simulation", { include: ["test/**/*.test.ts"] }),
      atLength("adapter-indexeddb", "packages/adapter-indexeddb", {
        include: ["test/{chromium,engines}/**/*.test.ts"],
      }),
      atLength("demo-web", "apps/demo-web", { include: ["test/worker/hostile*.test.ts"] }),
    ],
  },
});
