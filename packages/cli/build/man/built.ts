/** The page of this build. Made while the module is loaded: Vite runs nothing of it later. */
import { source } from "./source.ts";

// As all builds do that are to come out the same again.
const { SOURCE_DATE_EPOCH: seconds } = process.env;

export const page: string = await source(seconds === undefined ? Date.now() : Number(seconds) * 1000);
