/** How a program of a container is asked to end. */

/** Aborted by SIGTERM, as containers get it, and by Ctrl-C. */
export function stopping(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}
