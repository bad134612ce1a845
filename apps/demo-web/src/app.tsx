/** The shell: two panes side by side, or one at a time if the window is too narrow for both. */
import { DatabaseZap } from "lucide";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { connection } from "./client/connection.ts";
import { explain } from "./client/errors.ts";
import { route } from "./client/route.ts";
import { sessions } from "./client/sessions.ts";
import { addDialog } from "./import/add-menu.tsx";
import { DropZone } from "./import/drop-zone.tsx";
import { NewSessionDialog } from "./import/new-session-dialog.tsx";
import { SamplesDialog } from "./import/samples-dialog.tsx";
import { Home } from "./sessions/home.tsx";
import { LostBanner } from "./sessions/lost-banner.tsx";
import { NotHere } from "./sessions/not-here.tsx";
import { SessionPage } from "./sessions/session-page.tsx";
import { Sidebar } from "./sessions/sidebar.tsx";
import { StoragePage } from "./storage/storage-page.tsx";
import { SweepDrawer } from "./sweep/sweep-drawer.tsx";
import { Button } from "./ui/button.tsx";
import { ConfirmDialog } from "./ui/confirm-dialog.tsx";
import { Icon } from "./ui/icon.tsx";
import { isNarrow } from "./ui/is-narrow.ts";
import { Toaster } from "./ui/toaster.tsx";

const NAME = "Session archiver";

export function App(): VNode {
  const at = route.value;
  const title =
    at.page === "session" ? sessions.value.get(at.id)?.title : at.page === "storage" ? "Storage" : undefined;
  useEffect(() => {
    document.title = title ? `${title} · ${NAME}` : NAME;
  }, [title]);
  const state = connection.value;
  if (state.status === "failed") return <Unopened error={state.error} />;
  return (
    <div class="app" data-page={at.page}>
      {state.status === "closed" ? <ClosedBanner message={state.message} /> : <LostBanner />}
      <Sidebar />
      <main class="pane">
        {isNarrow.value && <h1 class="visually-hidden">{NAME}</h1>}
        {state.status !== "connecting" && <Page />}
      </main>
      <SweepDrawer />
      <AddDialogs />
      <ConfirmDialog />
      {state.status === "ready" && <DropZone />}
      <Toaster />
    </div>
  );
}

function Page(): VNode {
  const at = route.value;
  if (at.page === "session") return <SessionPage key={at.id} id={at.id} />;
  if (at.page === "unknown")
    return (
      <NotHere
        title="There is no page at this address"
        hint={`Nothing of this app is at “${at.address}”: it may be mistyped, or cut off.`}
      />
    );
  return at.page === "storage" ? <StoragePage /> : <Home />;
}

function AddDialogs(): VNode | null {
  const close = (): void => {
    addDialog.value = undefined;
  };
  if (addDialog.value === "samples") return <SamplesDialog onClose={close} />;
  return addDialog.value === "session" ? <NewSessionDialog onClose={close} /> : null;
}

function ClosedBanner({ message }: { readonly message: string }): VNode {
  return (
    <div class="banner" role="alert">
      <p>
        <strong>This page has lost its storage.</strong> {message}
      </p>
      <Button onClick={() => location.reload()}>Reload</Button>
    </div>
  );
}

function Unopened({ error }: { readonly error: unknown }): VNode {
  return (
    <main class="unopened">
      <div class="empty">
        <span class="empty-icon">
          <Icon icon={DatabaseZap} size={24} />
        </span>
        <h1>Storage could not be opened</h1>
        <p class="unopened-reason" role="alert">
          {explain(error).detail}
        </p>
        <Button look="primary" onClick={() => location.reload()}>
          Reload
        </Button>
        <p class="hint">Nothing was lost. Private windows and blocked site data keep pages from storing anything.</p>
      </div>
    </main>
  );
}
