import { expect, test } from "vitest";
import type { FileLook } from "../../src/files.js";
import { linuxWriters } from "../../src/writers/linux.js";
import type { Proc } from "../../src/writers/proc.js";

const FILE: FileLook = {
  kind: "file",
  size: 1,
  identity: "7:42",
  mtimeNs: "1",
  ctimeNs: "1",
  links: 1,
  mode: 0o600,
  owner: 1000,
  diskBytes: 4096,
};

interface Process {
  readonly name?: string;
  readonly uid?: string;
  readonly state?: string;
  readonly threads?: number;
  readonly pids?: string;
  readonly files?: ReturnType<Proc["openFiles"]>;
  readonly maps?: string;
}

const OURS = "1000\t1000\t1000\t1000";

function procOf(processes: Record<number, Process>, changes: Partial<Proc> = {}): Proc {
  const of = (pid: number) => processes[pid] ?? {};
  return {
    namespace: (kind) => (kind === "pid" ? "pid:[4026531836]" : "user:[4026531837]"),
    pids: () => Object.keys(processes).map(Number),
    status(pid) {
      const { name = "node", uid = OURS, state = "S", threads = 1, pids = String(pid) } = of(pid);
      return `Name:\t${name}\nState:\t${state} (any)\nNSpid:\t${pids}\nUid:\t${uid}\nThreads:\t${threads}\n`;
    },
    openFiles: (pid) => of(pid).files ?? [],
    maps: (pid) => of(pid).maps ?? "",
    fileSystem: () => ({ type: 0xef53, device: "7" }),
    ...changes,
  };
}

const self = { platform: "linux", pid: 1, uid: 1000 };

function writers(processes: Record<number, Process>, changes: Partial<Proc> = {}, file: Partial<FileLook> = {}) {
  const proc = procOf({ 1: {}, 2: { files: ["7:41"] }, ...processes }, changes);
  return linuxWriters({ root: "/r", proc, self }).writers({ ...FILE, ...file }, {});
}

test("nobody has it open", async () => {
  expect(await writers({})).toBe("nobody");
});

test("we have it open ourselves, to read it", async () => {
  expect(await writers({ 1: { files: ["7:42"] } })).toBe("nobody");
});

test("another process has it open", async () => {
  expect(await writers({ 3: { files: ["7:41", "7:42"] } })).toBe("somebody");
});

test("a process shares memory with it, and has closed it", async () => {
  const line = (flags: string) => `7f00-7f01 ${flags} 00000000 00:07 42                     /r/s.jsonl\n`;
  expect(await writers({ 3: { maps: `${line("r--p")}${line("rw-s")}` } })).toBe("somebody");
  expect(await writers({ 3: { maps: line("rw-p") } })).toBe("nobody");
  expect(await writers({ 3: { maps: line("rw-s").replace(" 42 ", " 421 ") } })).toBe("nobody");
});

test("a process that began during the pass has it open", async () => {
  let calls = 0;
  const pids = () => (++calls === 1 ? [1, 2] : [1, 2, 3]);
  expect(await writers({ 3: { files: ["7:42"] } }, { pids })).toBe("somebody");
});

test("processes that keep coming prove nothing", async () => {
  let last = 10;
  expect(await writers({}, { pids: () => [1, ++last] })).toBe("unknown");
});

test("a process of ours that can't be looked at proves nothing", async () => {
  expect(await writers({ 3: { files: "hidden" } })).toBe("unknown");
  expect(await writers({ 3: { uid: "0\t1000\t0\t0", files: "hidden" } })).toBe("unknown");
  expect(await writers({}, { maps: () => "hidden" })).toBe("unknown");
  expect(await writers({}, { status: (pid) => (pid === 2 ? "hidden" : procOf({}).status(pid)) })).toBe("unknown");
});

test.each(["pids", "status", "openFiles", "maps", "fileSystem", "namespace"] as const)(
  "a runtime that refuses `%s` proves nothing",
  async (name) => {
    const refused = (): never => {
      throw new Error("Requires all access to /proc");
    };
    expect(await writers({ 3: {} }, { [name]: refused })).toBe("unknown");
  },
);

test("what was seen counts, although not all could be looked at", async () => {
  expect(await writers({ 3: { files: "hidden" }, 4: { files: ["7:42"] } })).toBe("somebody");
});

test("other people's processes may be hidden", async () => {
  expect(await writers({ 3: { uid: "33\t33\t33\t33", files: "hidden" } })).toBe("nobody");
  expect(await writers({ 3: { uid: "0\t0\t0\t0", files: "hidden" } })).toBe("nobody");
});

test("root in a container may write to what it shares with us", async () => {
  expect(await writers({ 3: { uid: "0\t0\t0\t0", pids: "3\t1", files: "hidden" } })).toBe("unknown");
});

test("root has to see every process", async () => {
  const proc = procOf({ 1: {}, 3: { uid: "33\t33\t33\t33", files: "hidden" } });
  const check = linuxWriters({ root: "/r", proc, self: { ...self, uid: 0 } });
  expect(await check.writers(FILE, {})).toBe("unknown");
});

test("a process that has ended has nothing open", async () => {
  expect(await writers({ 3: { files: "gone" } })).toBe("nobody");
  expect(await writers({ 3: { state: "Z", files: "hidden" } })).toBe("nobody");
});

test("threads that outlive their first one are not seen", async () => {
  expect(await writers({ 3: { state: "Z", threads: 2 } })).toBe("unknown");
});

test("descriptors that move while they are listed are listed again", async () => {
  let calls = 0;
  const openFiles = (pid: number) => (pid === 2 && ++calls < 3 ? "moving" : pid === 2 ? ["7:42"] : []);
  expect(await writers({}, { openFiles })).toBe("somebody");
  expect(await writers({}, { openFiles: () => "moving" })).toBe("unknown");
});

test.each(["nfsd", "ksmbd"])("%s serves files without descriptors", async (name) => {
  expect(await writers({ 3: { name, uid: "0\t0\t0\t0" } })).toBe("unknown");
});

test.each(["pid", "user"] as const)("in another %s namespace not all processes are seen", async (kind) => {
  const namespace: Proc["namespace"] = (asked) =>
    asked === kind ? `${kind}:[4026532201]` : procOf({}).namespace(asked);
  expect(await writers({}, { namespace })).toBe("unknown");
  expect(await writers({}, { namespace: () => undefined })).toBe("unknown");
});

test.each([
  { name: "somebody else's", file: { owner: 33 } },
  { name: "writable by a group", file: { mode: 0o660 } },
  { name: "writable by all", file: { mode: 0o602 } },
  { name: "on another file system than its root", file: { identity: "71:42" } },
])("a file that is $name", async ({ file }) => {
  expect(await writers({}, {}, file)).toBe("unknown");
});

test.each([0x6969, 0x65735546, 0x01021997, 0x794c7630, 0xff534d42])("the file system %i is not local", async (type) => {
  expect(await writers({}, { fileSystem: () => ({ type, device: "7" }) })).toBe("unknown");
});

test("numbers of file systems may come with a sign", async () => {
  expect(await writers({}, { fileSystem: () => ({ type: 0x9123683e - 2 ** 32, device: "7" }) })).toBe("nobody");
});

test("other systems prove nothing", async () => {
  const check = linuxWriters({ root: "/r", proc: procOf({ 1: {} }), self: { ...self, platform: "darwin" } });
  expect(await check.writers(FILE, {})).toBe("unknown");
});

test("calls at the same time share a pass, and one that has begun serves no later call", async () => {
  let passes = 0;
  let isOpen = false;
  const looked = (pid: number) => {
    if (pid === 2) passes++;
    return pid === 2 && isOpen ? ["7:42"] : [];
  };
  // A number at which the pass lets others run in the middle.
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [index + 1, {}]));
  const check = linuxWriters({ root: "/r", proc: procOf(many, { openFiles: looked }), self });
  const first = Promise.all([check.writers(FILE, {}), check.writers(FILE, {})]);
  await new Promise((resolve) => process.nextTick(resolve));
  expect(passes).toBe(1);
  isOpen = true;
  const second = check.writers(FILE, {});
  expect(await first).toEqual(["nobody", "nobody"]);
  expect(await second).toBe("somebody");
  expect(passes).toBe(2);
});
