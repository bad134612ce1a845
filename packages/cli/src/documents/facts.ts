/** What is noted of a session, as documents say it. `null`: no line says it, or its facts were never extracted. */
export interface NotedFacts {
  readonly agent: string | null;
  readonly title: string | null;
  /** The last part of `cwd`. */
  readonly project: string | null;
  /** Where the agent worked. */
  readonly cwd: string | null;
  readonly branch: string | null;
  readonly models: readonly string[];
  readonly messages: { readonly user: number; readonly assistant: number } | null;
  /** `input` did not come from a cache. */
  readonly tokens: {
    readonly input: number;
    readonly output: number;
    readonly cacheRead: number;
    readonly cacheWrite: number;
  } | null;
  /** Id of the session that it belongs to or continues. */
  readonly parentId: string | null;
}
