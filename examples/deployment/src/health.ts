/** Whether the program of this container answers. */
import { variable } from "./store.js";

const isWell = await fetch(`http://127.0.0.1:${variable("PORT")}/health`).then(
  ({ ok }) => ok,
  () => false,
);
process.exitCode = isWell ? 0 : 1;
