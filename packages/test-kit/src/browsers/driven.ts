/** What a test asks of a browser, whichever protocol drives it. */
import type { Engine } from "./engines.js";

export interface DrivenBrowser {
  readonly engine: Engine;
  /** As it names itself, such as `153.8.0`. */
  readonly version: string;
  newPage(): Promise<DrivenPage>;
  /** Ends it, with all its processes and data. */
  close(): Promise<void>;
}

export interface DrivenPage {
  /** Resolves once the page has loaded. */
  goto(url: string): Promise<void>;
  /** The value of an expression in the page, awaited; it must be JSON. Rejects with the page's error. */
  evaluate(expression: string): Promise<unknown>;
  close(): Promise<void>;
}
