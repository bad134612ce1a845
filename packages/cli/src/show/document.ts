/** What `show --json` prints. */
import { type Block, type CallBlock, type Detail, printJson, type ResultBlock } from "@session-archiver/transcripts";
import type { ShownMessage, ShownSession } from "../documents.js";
import { documentOf } from "../exit.js";
import type { Output } from "../output/output.js";
import { jsonText } from "../output/text.js";
import { diffText } from "./draw/details.js";
import { noteOf } from "./draw/tools.js";
import type { JoinedEntry } from "./join-results.js";
import type { ShowOptions } from "./options.js";
import type { Source } from "./source.js";
import type { Subject } from "./subject.js";

/** UTF-16 units of a text, unless all is asked for. */
const MOST_CHARS = 20_000;

export function sessionOf({ info, facts, files, children, file }: Subject): ShownSession {
  const { agent, cwd, project, branch, title, models, messages, tokens, parentId } = facts;
  const { id, state, lineCount, rawBytes, startedAt, lastActivityMs, archivedAt, prunedAt, undoableUntil } = info;
  return {
    ...{ agent, cwd, project, branch, title, models, messages, tokens, parentId },
    ...{ id, state, lineCount, rawBytes, startedAt, lastActivityMs, archivedAt, prunedAt, undoableUntil },
    ...{ files, children, file: file ?? null },
  };
}

/** One document in bounded memory. If reading fails half-way, it ends with an `error`; one that was read past stands beside the window. */
export async function showAsJson(
  output: Output,
  subject: Subject,
  source: Source,
  entries: AsyncIterable<JoinedEntry>,
  options: ShowOptions & { readonly limit: number },
): Promise<void> {
  let from: number | null = null;
  let to: number | null = null;
  let next: number | null = null;
  let shown = 0;
  const total = await source.total();
  const iterator = entries[Symbol.asyncIterator]();
  // An error at the start is reported like any other error.
  let given = await iterator.next();
  const start = { schemaVersion: 1, kind: "show", session: sessionOf(subject) };
  await output.raw(`${jsonText(start).slice(0, -1)},"messages":[`);
  try {
    for (; !given.done; given = await iterator.next()) {
      const message = messageOf(given.value, options);
      if (!message) continue;
      if (shown === options.limit) {
        next = given.value.line;
        break;
      }
      from ??= message.line;
      to = message.line;
      await output.raw(`${shown++ > 0 ? "," : ""}${jsonText(message)}`);
    }
  } catch (error) {
    await output.raw(`],${jsonText(documentOf(error)).slice(1)}\n`);
    throw error;
  } finally {
    await iterator.return?.();
  }
  const damage = source.damage();
  const error = damage ? `,${jsonText(documentOf(damage)).slice(1, -1)}` : "";
  await output.raw(`],"window":${jsonText({ from, to, total, next })}${error}}\n`);
}

/** A session that can't be read any more. */
export async function prunedAsJson(output: Output, subject: Subject, error: unknown): Promise<void> {
  const start = { schemaVersion: 1, kind: "show", session: sessionOf(subject), messages: [], window: null };
  await output.result({ ...start, ...documentOf(error) }, "");
}

/** `undefined` if nothing of it is to be shown. */
function messageOf({ line, entry, flaw, results }: JoinedEntry, options: ShowOptions): ShownMessage | undefined {
  const { full = false, tools: unfolded = false, thinking: thinks = false } = options;
  const isAsked = full || line === options.line;
  let truncated = flaw === "cut";
  const shortened = (text: string): string => {
    if (isAsked || text.length <= MOST_CHARS) return text;
    truncated = true;
    return text.slice(0, MOST_CHARS).toWellFormed();
  };
  const texts = (wanted: (block: Block) => string | undefined): string =>
    shortened(entry.blocks.flatMap((block) => wanted(block) ?? []).join("\n\n"));
  const text = texts((block) => saidIn(block, isAsked));
  const thinking = thinks || isAsked ? texts((block) => (block.type === "thinking" ? block.text : undefined)) : "";
  const toolOf = (
    call: CallBlock | undefined,
    result: ResultBlock | undefined,
    at: number,
  ): ShownMessage["tools"][number] => ({
    line: at,
    name: call?.name ?? result?.name ?? null,
    summary: call?.summary ?? "",
    note: noteOf(call, result),
    failed: result?.failed ?? null,
    input: (unfolded || isAsked) && call ? shortened(textOf(call.body)) : null,
    result: (unfolded || isAsked) && result ? shortened(textOf(result.body)) : null,
  });
  const tools = entry.blocks.flatMap((block) => {
    if (block.type === "call") return [toolOf(block, results.get(block)?.result, line)];
    return block.type === "result" ? [toolOf(undefined, block, line)] : [];
  });
  if (text === "" && thinking === "" && tools.length === 0 && flaw === null) return undefined;
  const { role, label, time: at, model } = entry;
  return { line, role, label, at, model, text, thinking, tools, flaw, truncated };
}

/** What a block says in words; `full`: with what the agent's program wrote. */
function saidIn(block: Block, full: boolean): string | undefined {
  switch (block.type) {
    case "thinking":
    case "call":
    case "result":
      return undefined;
    case "context":
      return full ? block.text : undefined;
    case "event":
      return full || block.tone === "warning" ? [block.label, block.detail].filter(Boolean).join(": ") : undefined;
    case "raw":
      return block.text;
    default:
      return textOf([block]);
  }
}

function textOf(body: readonly Detail[]): string {
  return body.map(detailText).join("\n\n");
}

function detailText(detail: Detail): string {
  switch (detail.type) {
    case "json":
      return printJson(detail.value);
    case "image":
      return `[image ${detail.mediaType ?? ""}]`.replace(" ]", "]");
    case "todos":
      return detail.items.map(({ text, status }) => `[${status}] ${text}`).join("\n");
    case "diff": {
      const lines = detail.hunks.flatMap((hunk) => hunk.lines.map(({ sign, text }) => sign + text));
      return [`${detail.path} ${diffText([detail])}`, ...lines].join("\n");
    }
    default:
      return detail.text;
  }
}
