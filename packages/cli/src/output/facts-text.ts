/** What is noted of a session, in words. */
import type { SessionFacts } from "@session-archiver/search";
import { count } from "./text.js";

/** `6 from you, 31 answers`. */
export function saidText({ user, assistant }: NonNullable<SessionFacts["messages"]>): string {
  return `${user} from you, ${count(assistant, "answer")}`;
}

const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** `1.2M tokens in (980K from a cache), 40K out`; `""` if it is not known. */
export function tokensText(tokens: SessionFacts["tokens"]): string {
  if (tokens === null) return "";
  const { input, output, cacheRead, cacheWrite } = tokens;
  const cached = cacheRead > 0 ? ` (${short.format(cacheRead)} from a cache)` : "";
  return `${short.format(input + cacheRead + cacheWrite)} tokens in${cached}, ${short.format(output)} out`;
}
