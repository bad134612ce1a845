/** Sessions in memory for the tests of the search. */
import { type Archiver, bytesOf, createArchiver, memoryPorts, type Ports } from "@session-archiver/core";
import { transcriptDescriber } from "@session-archiver/transcripts";
import { type Hit, type Search, type SearchOptions, search } from "../../src/index.js";

export const MINUTE = 60_000;
export const START: number = Date.UTC(2026, 10, 20, 9);

export interface World {
  readonly archiver: Archiver;
  readonly ports: Ports;
}

export function world(change: (ports: Ports) => Ports = (ports) => ports): World {
  const ports = change(memoryPorts());
  return { ports, archiver: createArchiver({ ...ports, describe: transcriptDescriber() }) };
}

/** A line of Claude Code, `minute` minutes after the start. */
export function said(text: string, minute: number, more: object = {}): string {
  return JSON.stringify({
    type: "user",
    uuid: `u${minute}`,
    sessionId: "s",
    cwd: "/home/me/app",
    timestamp: new Date(START + minute * MINUTE).toISOString(),
    message: { role: "user", content: text },
    ...more,
  });
}

export async function imported({ archiver }: World, id: string, lines: readonly string[]): Promise<void> {
  await archiver.import(id, bytesOf(new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""))));
}

export async function hitsOf(searched: Search): Promise<Hit[]> {
  return Array.fromAsync(searched);
}

/** Session and line of each hit. */
export async function found({ archiver }: World, query: string, options: SearchOptions = {}): Promise<string[]> {
  return (await hitsOf(search(archiver, query, options))).map(({ session, line }) => `${session.id} ${line}`);
}
