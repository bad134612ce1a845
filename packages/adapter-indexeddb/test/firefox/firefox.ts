/** A Firefox that nobody drives: it opens one address. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRAM = process.env["FIREFOX_PATH"] ?? "firefox-esr";

export const hasFirefox: boolean = spawnSync(PROGRAM, ["--version"]).status === 0;
export const NO_FIREFOX = "there is no firefox-esr here: a full store in Firefox is not tested";

/** Runs until `work` has ended. If Firefox ends before, rejects. */
export async function withFirefox<T>(
  url: string,
  preferences: Readonly<Record<string, number | boolean>>,
  work: Promise<T>,
): Promise<T> {
  const profile = await mkdtemp(join(tmpdir(), "session-archiver-firefox-"));
  const lines = Object.entries(preferences).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${value});\n`);
  await writeFile(join(profile, "user.js"), lines.join(""));
  const words = ["--headless", "--no-remote", "--profile", profile, url];
  const child = spawn(PROGRAM, words, { env: { ...process.env, HOME: profile }, stdio: "ignore" });
  const exited = once(child, "exit");
  try {
    return await Promise.race([work, exited.then(() => Promise.reject(new Error("Firefox has ended.")))]);
  } finally {
    child.kill();
    await exited;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
