/** A model as Codex asks for it: the Responses API, as far as Codex uses it. */
import { type Answer, type ModelServer, startModel } from "./model-server.js";
import { wishOf } from "./wish.js";

interface Item {
  readonly type: string;
  readonly role?: string;
  readonly content?: readonly { readonly text?: string }[];
  readonly output?: unknown;
}
interface Body {
  readonly input?: readonly Item[];
}

const MODELS = { object: "list", data: [{ id: "stub", object: "model" }], models: [] };
const USAGE = {
  ...{ input_tokens: 10, input_tokens_details: { cached_tokens: 0 }, total_tokens: 15 },
  ...{ output_tokens: 5, output_tokens_details: { reasoning_tokens: 0 } },
};
const THREAD_ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

export async function startResponsesModel(): Promise<ModelServer> {
  return startModel(({ what, body }, count) => {
    if (what.startsWith("GET ") && what.includes("/models")) return { status: 200, json: MODELS };
    if (!what.startsWith("POST ") || !what.includes("/responses")) return { status: 404, json: {} };
    return answerTo(JSON.parse(body) as Body, count);
  });
}

function answerTo({ input = [] }: Body, count: number): Answer {
  const last = input.findLastIndex((item) => item.type === "message" && item.role === "user" && isWritten(item));
  const outputs = input.slice(last + 1).filter(({ type }) => type.endsWith("_output"));
  const item = itemOf(wordsOf(input[last]), outputs, count);
  const response = { id: `resp_${count}`, status: "in_progress" };
  const delta =
    "content" in item ? { item_id: item.id, output_index: 0, content_index: 0, delta: item.content[0]?.text } : {};
  return {
    events: [
      { type: "response.created", response },
      { type: "response.output_item.added", output_index: 0, item: { ...item, status: "in_progress" } },
      ...("content" in item ? [{ type: "response.output_text.delta", ...delta }] : []),
      { type: "response.output_item.done", output_index: 0, item },
      { type: "response.completed", response: { ...response, status: "completed", output: [item], usage: USAGE } },
    ],
  };
}

/** The next call, as far as the calls before have led; at last a message. */
function itemOf(words: string, outputs: readonly Item[], count: number) {
  const wish = wishOf(words);
  const call = (name: string, args: unknown, namespace?: string) => ({
    ...{ type: "function_call", id: `fc_${count}`, call_id: `call_${count}`, name, arguments: JSON.stringify(args) },
    ...(namespace === undefined ? {} : { namespace }),
  });
  if (wish.kind === "run" && outputs.length === 0) return call("exec_command", { cmd: wish.command });
  if (wish.kind === "subagent" && outputs.length === 0)
    return call("spawn_agent", { message: wish.prompt }, "multi_agent_v1");
  const [spawned] = THREAD_ID.exec(JSON.stringify(outputs[0]?.output ?? "")) ?? [];
  if (wish.kind === "subagent" && outputs.length === 1)
    return call("wait_agent", { targets: [spawned], timeout_ms: 30_000 }, "multi_agent_v1");
  const text = wish.kind === "text" ? wish.text : "ok";
  const content = [{ type: "output_text", text, annotations: [] }];
  return { type: "message", id: `msg_${count}`, role: "assistant", status: "completed", content };
}

/** The program adds messages of its own in the user's name, all of them in tags. */
function isWritten(item: Item): boolean {
  return !/^\s*</.test(wordsOf(item));
}

function wordsOf(item: Item | undefined): string {
  return (item?.content ?? []).map(({ text }) => text ?? "").join("\n");
}
