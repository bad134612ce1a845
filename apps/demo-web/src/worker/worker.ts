/** The worker's entry: all storage, archiving and transcript reading of one tab. */
import { expose } from "comlink";
import { sendErrorsWithCode } from "./rpc.ts";
import { createSessionApi } from "./session-api.ts";
import { openStores } from "./stores.ts";

sendErrorsWithCode();
expose(createSessionApi({ openStores }));
