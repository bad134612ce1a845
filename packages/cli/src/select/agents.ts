/** The agents by which sessions are chosen. */
import { UsageError } from "../usage-error.js";

/** What writes such lines is not known. */
const OTHER = "other";

/**
 * The agents' ids, from what people call them: `claude-code`, `Claude Code`, or a beginning that only one has, in any case.
 * A usage error for any other name: such a filter would fit nothing.
 */
export async function agentsFrom(words: readonly string[]): Promise<readonly string[]> {
  const { agentIds, agentName } = await import("@session-archiver/transcripts");
  const known = [
    ...agentIds.map((id) => ({ id, names: [id, agentName(id).toLowerCase()] })),
    { id: OTHER, names: [OTHER] },
  ];
  return words.map((word) => {
    const wanted = word.toLowerCase();
    const called = known.filter(({ names }) => names.includes(wanted));
    const begun = known.filter(({ names }) => names.some((name) => name.startsWith(wanted)));
    const [meant, ...others] = called.length > 0 ? called : begun;
    if (meant && others.length === 0) return meant.id;
    const names = (meant ? begun : known).map(({ id }) => id).join(", ");
    throw new UsageError(
      meant
        ? `--agent: "${word}" is the beginning of several agents' names: ${names}.`
        : `--agent: no agent that is known here is called "${word}": ${names}.`,
    );
  });
}
