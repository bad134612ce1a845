/** The deployment of compose.yaml, as processes of this machine on a PostgreSQL server and the small S3 server. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { whyNoPostgres } from "@session-archiver/test-kit/servers";
import { describe, expect, onTestFinished, test } from "vitest";
import { servicesIn } from "../src/without-docker/compose.js";
import { type Deployment, deploy } from "../src/without-docker/deployment.js";

const folder = fileURLToPath(new URL("..", import.meta.url));
const compose = readFileSync(`${folder}/compose.yaml`, "utf8");
const missing = whyNoPostgres();
if (missing !== undefined) console.warn(`Skipped: ${missing}.`);

interface Listed {
  readonly id: string;
  readonly state: string;
}

/** The deployment, and a wait for the next round of a sweeper. */
async function started(): Promise<Deployment & { nextRound(): Promise<void> }> {
  const waiting: (() => void)[] = [];
  const deployment = await deploy(servicesIn(compose, { IDLE_DAYS: "0", EVERY_SECONDS: "0.2" }), (_, { service }) => {
    if (service !== "sweeper") return;
    for (const resume of waiting.splice(0)) resume();
  });
  onTestFinished(async () => {
    await deployment.stop();
  });
  return { ...deployment, nextRound: () => new Promise((resolve) => waiting.push(resolve)) };
}

const linesOf = (n: number): string => `${JSON.stringify({ role: "user", text: `question ${n}` })}\n`.repeat(50 + n);

describe("compose.yaml", () => {
  test("names one version of each image, commands that are there, and a database and bucket that all use", () => {
    const services = servicesIn(compose, {});
    expect(services.map(({ name }) => name)).toEqual(["database", "bucket", "app", "reader", "sweeper", "collector"]);
    for (const { image, command, environment } of services) {
      expect(image).toMatch(/:v?\d+\.\d+/);
      if (command[0] !== "node") continue;
      expect(existsSync(`${folder}/${String(command[1]).replace("dist", "src").replace(".js", ".ts")}`)).toBe(true);
      expect(environment).toMatchObject({ S3_ENDPOINT: "http://bucket:9000", S3_BUCKET: "archives" });
      expect(environment["DATABASE_URL"]).toContain("@database:5432/sessions");
    }
    expect(services.find(({ name }) => name === "sweeper")?.replicas).toBeGreaterThan(1);
  });
});

describe.skipIf(missing !== undefined)("the deployment", () => {
  test("records, archives and reads, while a sweeper is killed, and ends when it is asked to", async () => {
    const deployment = await started();
    const [app, reader] = [deployment.urlOf("app"), deployment.urlOf("reader")];
    const record = async (n: number, lines: string): Promise<void> => {
      expect((await fetch(`${app}/sessions/s${n}`, { method: "POST", body: lines })).status).toBe(204);
    };
    const list = async (): Promise<readonly Listed[]> => {
      const text = await (await fetch(`${reader}/sessions`)).text();
      return text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
    };
    const untilArchived = async (): Promise<void> => {
      while (!(await list()).every(({ state }) => state === "archived")) await deployment.nextRound();
    };
    const numbers = Array.from({ length: 60 }, (_, n) => n);

    await Promise.all(numbers.map((n) => record(n, linesOf(n))));
    const [killed, ...others] = deployment.instancesOf("sweeper");
    killed?.process.kill("SIGKILL");
    expect(await killed?.ended).toBe("SIGKILL");
    await untilArchived();
    await Promise.all(numbers.slice(0, 10).map((n) => record(n, "{}\n")));
    await untilArchived();

    expect(await list()).toHaveLength(numbers.length);
    for (const n of numbers) {
      const whole = linesOf(n) + (n < 10 ? "{}\n" : "");
      expect(await (await fetch(`${reader}/sessions/s${n}`)).text()).toBe(whole);
    }
    expect(await (await fetch(`${reader}/sessions/s3?tail=1`)).text()).toBe("{}\n");
    expect((await fetch(`${reader}/sessions/unknown`)).status).toBe(404);
    expect((await fetch(`${app}/sessions/s1`)).status).toBe(404);

    const ends = await deployment.stop();
    expect(ends.map(({ service }) => service).toSorted()).toEqual(
      ["app", "collector", "reader", ...others.map(({ service }) => service)].toSorted(),
    );
    expect(ends.filter(({ end }) => end !== 0)).toEqual([]);
  });
});
