/** The commands of W3C WebDriver that tests need, over HTTP: https://www.w3.org/TR/webdriver2/ */

/** One session with a driver. */
export interface WebDriver {
  readonly browserVersion: string;
  /** A command of the session; `path` without its beginning. */
  command<T = unknown>(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<T>;
}

interface Session {
  readonly sessionId: string;
  readonly capabilities: { readonly browserVersion: string };
}

/** `at` is the driver's address, without a slash at its end. */
export async function newSession(at: string, capabilities: Readonly<Record<string, unknown>>): Promise<WebDriver> {
  const session = await ask<Session>(`${at}/session`, "POST", { capabilities: { alwaysMatch: capabilities } });
  return {
    browserVersion: session.capabilities.browserVersion,
    command: (method, path, body) => ask(`${at}/session/${session.sessionId}/${path}`, method, body),
  };
}

/** Whether a driver listens there yet. */
export const isReady = (at: string): Promise<boolean> =>
  ask(`${at}/status`, "GET").then(
    () => true,
    () => false,
  );

async function ask<T>(url: string, method: string, body?: unknown): Promise<T> {
  const response = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const { value } = (await response.json()) as { readonly value: unknown };
  if (response.ok) return value as T;
  const { error, message } = value as { readonly error: string; readonly message: string };
  throw new Error(`WebDriver: ${method} ${new URL(url).pathname}: ${error}: ${message}`);
}
