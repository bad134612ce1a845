/** Short transcripts in Claude Code's form. */

/** A uuid by number. */
export const uuid = (number: number): string => `${number.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`;

export interface LineOptions {
  readonly agentId?: string;
  readonly parentUuid?: string | null;
  readonly content?: string;
}

/** One line, with its end. */
export function userLine(sessionId: string, { agentId, parentUuid = null, content = "hi" }: LineOptions = {}): string {
  const line = {
    parentUuid,
    isSidechain: agentId !== undefined,
    ...(agentId !== undefined && { agentId }),
    userType: "external",
    cwd: "/home/me/project",
    sessionId,
    version: "2.1.328",
    type: "user",
    message: { role: "user", content },
    uuid: "11111111-0000-4000-8000-000000000000",
    timestamp: "2026-01-05T09:00:00.000Z",
  };
  return `${JSON.stringify(line)}\n`;
}
