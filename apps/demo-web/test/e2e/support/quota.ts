/** Limits the page's storage. */
import type { Page } from "playwright";

/** Sets the origin's quota to this many bytes. Returns the function that removes the limit. */
export async function limitStorage(page: Page, quotaSize: number): Promise<() => Promise<void>> {
  const { origin } = new URL(page.url());
  const session = await page.context().newCDPSession(page);
  await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize });
  return async () => {
    await session.send("Storage.overrideQuotaForOrigin", { origin });
    await session.detach();
  };
}
