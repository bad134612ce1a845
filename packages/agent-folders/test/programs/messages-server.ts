/** A model as Claude Code asks for it: the Messages API, as far as Claude Code uses it. */
import { type Answer, type ModelEvent, type ModelServer, startModel } from "./model-server.js";
import { type Wish, wishOf } from "./wish.js";

interface Block {
  readonly type: string;
  readonly text?: string;
}
interface Body {
  readonly model?: string;
  readonly stream?: boolean;
  readonly tools?: readonly { readonly name: string }[];
  readonly messages?: readonly { readonly role: string; readonly content: string | readonly Block[] }[];
}

const NOT_FOUND = { type: "error", error: { type: "not_found_error", message: "this model has messages only" } };
const USAGE = { input_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 5 };
/** What the program adds to a user's words. */
const REMINDERS = /<system-reminder>[\s\S]*?<\/system-reminder>/g;

export async function startMessagesModel(): Promise<ModelServer> {
  return startModel(({ what, body }, count) => {
    if (!what.startsWith("POST /v1/messages")) return { status: 404, json: NOT_FOUND };
    if (what.includes("count_tokens")) return { status: 200, json: { input_tokens: 10 } };
    return answerTo(JSON.parse(body) as Body, count);
  });
}

function answerTo({ model, stream, tools = [], messages = [] }: Body, count: number): Answer {
  const last = messages.findLastIndex(({ role, content }) => role === "user" && wordsOf(content) !== "");
  const isDone = messages
    .slice(last)
    .some(({ content }) => blocksOf(content).some(({ type }) => type === "tool_result"));
  const wish = wishOf(wordsOf(messages[last]?.content ?? ""));
  const call = isDone || tools.length === 0 ? undefined : callOf(wish, count);
  const block = call ?? { type: "text", text: wish.kind === "text" ? wish.text : "ok" };
  const message = { id: `msg_${count}`, type: "message", role: "assistant", model, stop_sequence: null, usage: USAGE };
  const reason = call ? "tool_use" : "end_turn";
  if (!stream) return { status: 200, json: { ...message, content: [block], stop_reason: reason } };
  return {
    events: [
      { type: "message_start", message: { ...message, content: [], stop_reason: null } },
      ...eventsOf(block),
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: 5 } },
      { type: "message_stop" },
    ],
  };
}

type Call = { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: unknown };

function callOf(wish: Wish, count: number): Call | undefined {
  const call = { type: "tool_use", id: `toolu_${count}` } as const;
  const description = "a test";
  if (wish.kind === "run") return { ...call, name: "Bash", input: { command: wish.command, description } };
  if (wish.kind !== "subagent") return undefined;
  const input = { prompt: wish.prompt, description, subagent_type: "general-purpose", run_in_background: false };
  return { ...call, name: "Agent", input };
}

function eventsOf(block: Call | { readonly type: string; readonly text: string }): readonly ModelEvent[] {
  const [empty, delta] =
    "text" in block
      ? [
          { ...block, text: "" },
          { type: "text_delta", text: block.text },
        ]
      : [
          { ...block, input: {} },
          { type: "input_json_delta", partial_json: JSON.stringify(block.input) },
        ];
  return [
    { type: "content_block_start", index: 0, content_block: empty },
    { type: "content_block_delta", index: 0, delta },
  ];
}

function blocksOf(content: string | readonly Block[]): readonly Block[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

function wordsOf(content: string | readonly Block[]): string {
  const texts = blocksOf(content).flatMap(({ type, text }) => (type === "text" && text !== undefined ? [text] : []));
  return texts.join("\n").replace(REMINDERS, "").trim();
}
