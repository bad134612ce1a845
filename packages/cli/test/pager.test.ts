/** Output to people goes through a pager on a terminal, and nowhere else. */
import { ArchiverError, throwIfAborted } from "@session-archiver/core";
import { describe, expect, test } from "vitest";
import { type OutputOptions, openOutput } from "../src/output/output.js";
import { pagerCommand } from "../src/output/pager.js";
import { ClosedPipe } from "../src/output/pipe.js";
import { watchSignals } from "../src/signals.js";
import { Sink } from "./support/cli.js";

class Terminal extends Sink {
  readonly isTTY = true;
}

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly json?: boolean;
  readonly options?: OutputOptions;
  readonly stdout?: Sink;
}

function opened({ env = {}, json = false, options = {}, stdout = new Terminal() }: Given) {
  const stderr = new Terminal();
  const events: string[] = [];
  const leaveInterrupts = (): (() => void) => {
    events.push("left");
    return () => void events.push("taken back");
  };
  const io = { stdout, stderr, env: { PATH: process.env["PATH"] ?? "", ...env }, leaveInterrupts };
  const output = openOutput(io, json, () => options);
  return { output, events, text: () => stdout.bytes.toString(), errors: () => stderr.bytes.toString() };
}

const NEVER = new AbortController().signal;
/** Marks each line that goes through it. */
const MARKED = { PAGER: "sed 's/^/|/'" };

test("on a terminal, output goes through the pager, which ends before the command does", async () => {
  const { output, text, events } = opened({ env: MARKED });
  const result = await output.paged(NEVER, async () => {
    await output.raw("one\ntwo\n");
    expect(events).toEqual(["left"]);
    return 7;
  });
  expect([result, text(), events]).toEqual([7, "|one\n|two\n", ["left", "taken back"]]);
  await output.raw("after\n");
  expect(text()).toBe("|one\n|two\nafter\n");
});

test.each<[string, Given]>([
  ["into a pipe", { env: MARKED, stdout: new Sink() }],
  ["as JSON", { env: MARKED, json: true }],
  ["with --no-pager", { env: MARKED, options: { pager: false } }],
  ["with PAGER=cat", { env: { PAGER: "cat" } }],
  ["with an empty PAGER", { env: { PAGER: "" } }],
  ["with an empty one of our own", { env: { ...MARKED, SESSION_ARCHIVER_PAGER: " " } }],
  ["on a dumb terminal", { env: { TERM: "dumb" } }],
  ["if the pager isn't there", { env: { PAGER: "no-such-pager -x" } }],
  ["if a shell can't find the pager", { env: { PAGER: "no-such-pager 'x'" } }],
])("%s, output goes straight out, all of it", async (_, given) => {
  const { output, text } = opened(given);
  const chunk = `${"x".repeat(50_000)}\n`;
  const seen = await output.paged(NEVER, async (signal) => {
    for (let n = 0; n < 10; n++) await output.raw(chunk);
    return signal.aborted;
  });
  expect(seen).toBe(false);
  expect(text()).toBe(chunk.repeat(10));
});

test("our own variable comes before PAGER, and less is used without either", () => {
  expect(pagerCommand({})).toBe("less -FRX");
  expect(pagerCommand({ PAGER: "more" })).toBe("more");
  expect(pagerCommand({ PAGER: "more", SESSION_ARCHIVER_PAGER: "most -s" })).toBe("most -s");
});

test.each([
  [{}, "FRX -c"],
  [{ LESS: "", LV: "-x" }, " -x"],
])("less and lv pass colours, unless the environment says otherwise: %j", async (env, expected) => {
  const { output, text } = opened({ env: { ...env, PAGER: 'cat; echo "$LESS $LV"' } });
  await output.paged(NEVER, () => output.raw("x\n"));
  expect(text()).toBe(`x\n${expected}\n`);
});

describe("when the pager is quit", () => {
  test("the work stops at its next write", async () => {
    const { output, text, events } = opened({ env: { PAGER: "head -n 1" } });
    const work = output.paged(NEVER, async () => {
      for (;;) await output.raw(`${"x".repeat(1000)}\n`);
    });
    await expect(work).rejects.toThrow(ClosedPipe);
    expect(text()).toBe(`${"x".repeat(1000)}\n`);
    expect(events).toEqual(["left", "taken back"]);
  });

  test("the work stops although it writes nothing", async () => {
    const { output } = opened({ env: { PAGER: "head -n 1" } });
    const work = output.paged(NEVER, async (signal) => {
      await output.raw("one\n");
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      throwIfAborted(signal);
    });
    await expect(work).rejects.toThrow(ClosedPipe);
  });

  test("what failed before is still a failure", async () => {
    const { output } = opened({ env: MARKED });
    const work = output.paged(NEVER, () => Promise.reject(new ArchiverError("CORRUPT", "damaged")));
    await expect(work).rejects.toThrow("damaged");
  });
});

test("a request to end ends the pager, too", async () => {
  const { output } = opened({ env: { PAGER: "sleep 1000" } });
  const controller = new AbortController();
  const work = output.paged(controller.signal, async (signal) => {
    controller.abort("SIGTERM");
    throwIfAborted(signal);
  });
  await expect(work).rejects.toMatchObject({ code: "ABORTED" });
});

test("notes wait until the pager has gone, and no progress is shown meanwhile", async () => {
  const { output, errors } = opened({ env: MARKED });
  await output.paged(NEVER, async () => {
    output.note("first");
    await output.withProgress({ label: "x", total: 1, unit: "bytes" }, async (progress) => {
      progress.update(1, "a");
      output.note("second");
    });
    expect(errors()).toBe("");
  });
  expect(errors()).toBe("first\nsecond\n");
});

test("Ctrl-C is left to others while they ask for it", () => {
  const listeners = new Map<string, () => void>();
  const { signal, leaveInterrupts } = watchSignals({
    on: (name, listener) => listeners.set(name, listener),
    off: () => {},
    exit: () => {
      throw new Error("ended");
    },
  });
  const [one, other] = [leaveInterrupts(), leaveInterrupts()];
  one();
  one();
  listeners.get("SIGINT")?.();
  expect(signal.aborted).toBe(false);
  other();
  listeners.get("SIGINT")?.();
  expect(signal.reason).toBe("SIGINT");
});
