/** Decides where a link in a transcript may lead. */

const SAFE: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);

/** The address, or `null` for anything but a complete web or mail address, since transcripts are not trusted. */
export function safeHref(href: string): string | null {
  try {
    const url = new URL(href);
    return SAFE.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
