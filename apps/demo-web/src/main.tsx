import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "./styles/index.css";
import { render } from "preact";
import { App } from "./app.tsx";
import { connection, openConnection } from "./client/connection.ts";
import { loadSessions } from "./client/sessions.ts";
import { loadStorage } from "./client/storage.ts";
import "./client/theme.ts";

const root = document.getElementById("app");
if (root) render(<App />, root);

await openConnection();
if (connection.peek().status === "ready") {
  await loadSessions();
  await loadStorage();
}
