/** A home folder that a program believes to be the user's: nothing of this machine's own is read, and nothing leaves loopback. */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Output, outputOf } from "@session-archiver/test-kit/machine";
import { onTestFinished } from "vitest";

export interface Running {
  readonly pid: number;
  readonly ended: Promise<Output>;
  kill(): Promise<void>;
}

export interface FakeHome {
  /** The user's home, absolute and without links. */
  readonly folder: string;
  /** A project, in which programs are started. */
  readonly work: string;
  /** The whole environment of a program. */
  readonly env: Readonly<Record<string, string>>;
  /** Starts a program without a terminal. It is killed at the end of the test, unless it has ended. */
  start(program: string, args: readonly string[], cwd?: string): Running;
}

/** Where nobody answers: a program that asks for anything but the model is refused at once. */
const NOWHERE = "http://127.0.0.1:9";

/** `more`: further variables of the environment. */
export async function newFakeHome(more: Readonly<Record<string, string>>): Promise<FakeHome> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "session-archiver-home-")));
  const work = join(folder, "work");
  const tmp = join(folder, "tmp");
  for (const path of [work, tmp]) await mkdir(path);
  const children = new Set<Running>();
  onTestFinished(async () => {
    for (const child of children) await child.kill();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  const env = {
    ...{ PATH: "/usr/bin:/bin", HOME: folder, USER: "dev", SHELL: "/bin/bash", TERM: "dumb", TMPDIR: tmp },
    ...{ HTTP_PROXY: NOWHERE, HTTPS_PROXY: NOWHERE, ALL_PROXY: NOWHERE, NO_PROXY: "127.0.0.1" },
    ...more,
  };
  return {
    folder,
    work,
    env,
    start(program, args, cwd = work) {
      const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
      const ended = outputOf(child);
      const running: Running = {
        pid: child.pid ?? 0,
        ended: ended.finally(() => children.delete(running)),
        async kill() {
          child.kill("SIGKILL");
          await ended;
        },
      };
      children.add(running);
      return running;
    },
  };
}
