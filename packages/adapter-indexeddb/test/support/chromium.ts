/** The site and one browser, for all tests of a file. To be called once, outside of tests. */
import { launchChromium } from "@session-archiver/test-kit/chromium";
import type { Browser, BrowserContext } from "playwright";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { openSite, type Site } from "./site.js";
import { openTab, type Tab } from "./tab.js";

interface Chromium {
  readonly site: Site;
  newProfile(): Promise<BrowserContext>;
  openTab(profile: BrowserContext): Promise<Tab>;
}

/** For tests that run beside each other: each makes and closes a profile of its own. */
export function useChromium(): Chromium {
  let site: Site;
  let browser: Browser;
  beforeAll(async () => {
    [site, browser] = await Promise.all([openSite(), launchChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });
  return {
    get site() {
      return site;
    },
    newProfile: () => browser.newContext(),
    openTab: (profile) => openTab(profile, site),
  };
}

/** For tests that run one after the other: the profile is there. */
export function useProfile(): { readonly site: Site; openTab(): Promise<Tab> } {
  const chromium = useChromium();
  let profile: BrowserContext;
  beforeEach(async () => {
    profile = await chromium.newProfile();
  });
  afterEach(async () => profile.close());
  return {
    get site() {
      return chromium.site;
    },
    openTab: () => chromium.openTab(profile),
  };
}
