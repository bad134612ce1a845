/** Leaves the page little room to store. */
import type { Page } from "playwright";

/** The origin may store so many bytes in all from now on, until the function that this gives is called. */
export async function limitStorage(page: Page, quotaSize: number): Promise<() => Promise<void>> {
  const { origin } = new URL(page.url());
  const session = await page.context().newCDPSession(page);
  await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize });
  return async () => {
    await session.send("Storage.overrideQuotaForOrigin", { origin });
    await session.detach();
  };
}
