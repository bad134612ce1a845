/** Ceph's S3 with all that it stands on, in memory: a monitor, a store and the gateway, on loopback, in a temporary folder. */

import type { ChildProcess } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KEYS } from "@session-archiver/test-kit/fake-s3";
import { end, find, freePort, newFolder, run, start } from "@session-archiver/test-kit/servers";

export interface CephServer {
  readonly url: string;
  remove(): Promise<void>;
}

const PROGRAMS = ["ceph", "ceph-authtool", "ceph-mon", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin"];

/** Why there is none; `undefined` if there can be one. */
export function whyNoCeph(): string | undefined {
  return PROGRAMS.every(find) ? undefined : "there is no Ceph with radosgw on this machine";
}

export async function startCeph(): Promise<CephServer> {
  const folder = newFolder("ceph");
  const ports = [await freePort(), await freePort(), await freePort()];
  const [conf, keyring, monmap] = ["ceph.conf", "keyring", "monmap"].map((file) => join(folder, file)) as [
    string,
    string,
    string,
  ];
  const id = crypto.randomUUID();
  writeFileSync(conf, settings(folder, id, ports), { mode: 0o644 });
  const path = (program: string): string => find(program) ?? program;
  const call = (program: string, ...args: string[]) => run(path(program), args);
  const children: ChildProcess[] = [];
  const stay = async (program: string, ready: RegExp, ...args: string[]): Promise<void> => {
    children.unshift(await start(path(program), ["-c", conf, "-d", ...args], ready));
  };
  const remove = async (): Promise<void> => {
    for (const child of children) await end(child, "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    // As the user that the servers are.
    await call("mkdir", join(folder, "osd"));
    await call("ceph-authtool", "--create-keyring", keyring, "--gen-key", "-n", "mon.", "--cap", "mon", "allow *");
    // The gateway insists on keys, also where nobody else does.
    const all = ["--cap", "mon", "allow *", "--cap", "osd", "allow *"];
    for (const [name, caps] of [
      ["client.admin", all],
      ["client.rgw", all],
      ["osd.0", ["--cap", "mon", "allow profile osd", "--cap", "osd", "allow *"]],
    ] as const) {
      await call("ceph-authtool", keyring, "--gen-key", "-n", name, ...caps);
    }
    const monitor = `[v2:127.0.0.1:${ports[0]},v1:127.0.0.1:${ports[1]}]`;
    await call("monmaptool", "--create", "--fsid", id, "--addv", "a", monitor, monmap);
    await call(
      "ceph-mon",
      "-c",
      conf,
      "--mkfs",
      "-i",
      "a",
      "--monmap",
      monmap,
      "--keyring",
      keyring,
      "--no-mon-config",
    );
    await stay("ceph-mon", /./, "-i", "a");
    await call("ceph", "-c", conf, "--connect-timeout", "60", "osd", "create");
    await call("ceph-osd", "-c", conf, "-i", "0", "--mkfs", "--no-mon-config", "--osd-uuid", crypto.randomUUID());
    await stay("ceph-osd", /./, "-i", "0");
    await stay("radosgw", /starting handler/, "-n", "client.rgw");
    const { accessKeyId, secretAccessKey } = KEYS;
    const keys = [`--access-key=${accessKeyId}`, `--secret-key=${secretAccessKey}`];
    await call("radosgw-admin", "-c", conf, "user", "create", "--uid=t", "--display-name=t", ...keys);
    return { url: `http://127.0.0.1:${ports[2]}`, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Without `tcp_nodelay` each answer with a body waits 40 ms for the client's acknowledgement of its head. */
function settings(folder: string, id: string, [v2, v1, gateway]: readonly number[]): string {
  return `[global]
fsid = ${id}
mon host = [v2:127.0.0.1:${v2},v1:127.0.0.1:${v1}]
osd pool default size = 1
osd pool default min size = 1
mon allow pool size one = true
osd pool default pg num = 8
osd pool default pgp num = 8
osd crush chooseleaf type = 0
mon max pg per osd = 1000
run dir = ${folder}
admin socket = ${folder}/$name.asok
pid file = ${folder}/$name.pid
ms bind ipv4 = true
public addr = 127.0.0.1
cluster addr = 127.0.0.1
keyring = ${folder}/keyring
[mon.a]
mon data = ${folder}/mon
mon initial members = a
[osd.0]
osd data = ${folder}/osd
osd objectstore = memstore
memstore device bytes = 2147483648
osd max object name len = 2048
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:${gateway} tcp_nodelay=1
rgw data = ${folder}
rgw enable ops log = false
`;
}
