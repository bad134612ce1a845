/** Starts what a compose file describes as processes of this machine: the same commands, with the same variables, in the same order. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "@session-archiver/test-kit/servers";
import type { Service } from "./compose.js";
import { type Server, serverFor } from "./servers.js";

/** What the programs find as their working directory. */
const FOLDER = fileURLToPath(new URL("../..", import.meta.url));

/** One process of a service. */
export interface Instance {
  readonly service: string;
  readonly process: ChildProcess;
  /** Resolves to its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

export interface Deployment {
  instancesOf(service: string): readonly Instance[];
  /** Where a service listens that has a PORT. */
  urlOf(service: string): string;
  /** SIGTERM to all programs, then the servers. Resolves to how each of the programs ended that was still there. */
  stop(): Promise<readonly { readonly service: string; readonly end: number | NodeJS.Signals | null }[]>;
}

/** `onLine` gets each line that a program prints. */
export async function deploy(
  services: readonly Service[],
  onLine: (line: string, from: Instance) => void,
): Promise<Deployment> {
  const servers: Server[] = [];
  const instances: Instance[] = [];
  const ports = new Map<string, number>();

  /** Containers have hosts of their own: here all are one, with other ports. */
  const here = ({ name, environment }: Service): Record<string, string> => {
    const values = Object.entries(environment).map(([key, value]) => {
      const text = servers.reduce((changed, { from, to }) => changed.replace(from, to), value);
      return [key, key === "PORT" ? String(ports.get(name)) : text];
    });
    return { PATH: process.env["PATH"] ?? "", ...Object.fromEntries(values) };
  };
  const run = (service: Service, [program = "", ...args]: readonly string[], stdio: "pipe" | "ignore"): ChildProcess =>
    spawn(program === "node" ? process.execPath : program, args, {
      cwd: FOLDER,
      env: here(service),
      stdio: ["ignore", stdio, "inherit"],
    });
  const start = (service: Service): void => {
    const child = run(service, service.command, "pipe");
    const ended = once(child, "exit").then(([code, signal]) => code ?? signal);
    const instance = { service: service.name, process: child, ended };
    instances.push(instance);
    if (child.stdout) createInterface({ input: child.stdout }).on("line", (line) => onLine(line, instance));
  };
  /** As containers are watched: its check is made again and again until it succeeds. */
  const untilWell = async (service: Service, check: readonly string[]): Promise<void> => {
    const isGone = () =>
      instances.some(({ service: name, process: { exitCode } }) => name === service.name && exitCode);
    for (;;) {
      if (isGone()) throw new Error(`The service ${service.name} has ended.`);
      const [code] = await once(run(service, check, "ignore"), "exit");
      if (code === 0) return;
      await pause(100);
    }
  };
  const stop: Deployment["stop"] = async () => {
    const running = instances.filter(
      ({ process: { exitCode, signalCode } }) => exitCode === null && signalCode === null,
    );
    for (const { process: child } of running) child.kill("SIGTERM");
    const ends = await Promise.all(running.map(async ({ service, ended }) => ({ service, end: await ended })));
    for (const server of servers.toReversed()) await server.stop();
    return ends;
  };

  try {
    for (const service of services) {
      const server = serverFor(service);
      if (server) {
        servers.push(await server());
        continue;
      }
      if (service.environment["PORT"] !== undefined) ports.set(service.name, await freePort());
      for (let n = 0; n < service.replicas; n++) start(service);
      if (service.healthcheck) await untilWell(service, service.healthcheck);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    instancesOf: (name) => instances.filter(({ service }) => service === name),
    urlOf: (name) => `http://127.0.0.1:${ports.get(name)}`,
    stop,
  };
}
