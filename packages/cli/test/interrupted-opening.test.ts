/** Ctrl-C while a server has taken the connection and says nothing: the command ends at once, whatever its time limits are. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { newFolder } from "./support/cli.js";
import { ended, startProgram } from "./support/program.js";

/** Its port, and the wait for the first one that connects. */
async function silentServer(): Promise<{ readonly port: number; readonly connected: Promise<unknown> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on("error", () => {}))).listen(0, "127.0.0.1");
  const connected = once(server, "connection");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, connected };
}

const postgres = (port: number): string => `postgres://me@127.0.0.1:${port}/db?connect_timeout=3600`;
const bucket = (port: number): string => `s3://agents?endpoint=http://127.0.0.1:${port}`;

test.each([
  ["sweep", "--store", postgres],
  ["list", "--store", postgres],
  ["doctor", "--store", postgres],
  ["rebuild", "--store", postgres],
  ["sweep", "--archives", bucket],
  ["doctor", "--archives", bucket],
])("%s, with a silent server as %s", async (command, option, nameOf) => {
  const { port, connected } = await silentServer();
  const env = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
  const child = startProgram({ cwd: await newFolder(), env }, option, nameOf(port), command, "--json");
  const end = ended(child);
  await connected;
  child.kill("SIGINT");
  const { exitCode, stdout } = await end;
  expect([exitCode, JSON.parse(stdout).error.code]).toEqual([130, "ABORTED"]);
});
