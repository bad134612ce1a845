/** The actions on a session: the usual next step first, then the others. */
import {
  Archive,
  ArchiveRestore,
  Bot,
  CircleStop,
  Ellipsis,
  FileDown,
  type IconNode,
  Pin,
  PinOff,
  Trash2,
} from "lucide";
import type { VNode } from "preact";
import { archive, exportGzip, remove, restore, setAgent, setPinned } from "../client/operations.ts";
import { busy, type Operation } from "../client/running.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Menu } from "../ui/menu.tsx";
import type { SessionRow } from "../worker/api.ts";
import { moreActions } from "./more-actions.ts";

export function SessionActions({ row }: { readonly row: SessionRow }): VNode {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of buttons isn't a fieldset
    <div class="session-actions" role="group" aria-label="Session actions">
      {row.state === "pruned" ? <DeleteButton row={row} /> : <Actions row={row} />}
    </div>
  );
}

function Actions({ row }: { readonly row: SessionRow }): VNode {
  return (
    <>
      <NextStep row={row} />
      {row.state === "resumed" && <StepButton row={row} step={RESTORE} look="plain" />}
      <AgentButton row={row} />
      <PinButton row={row} />
      <ExportButton row={row} />
      <Menu label="More actions" buttonClass="icon-button" items={moreActions(row)}>
        <Icon icon={Ellipsis} size={18} />
      </Menu>
    </>
  );
}

/** The actions on a pruned session, except for undoing the prune, which the tombstone itself offers. */
function DeleteButton({ row }: { readonly row: SessionRow }): VNode {
  return (
    <Button icon={Trash2} busy={isBusy(row, "delete")} onClick={() => void remove(row)}>
      Delete for good…
    </Button>
  );
}

function isBusy(row: SessionRow, operation: Operation): boolean {
  return busy.value.get(row.id)?.operation === operation;
}

interface Step {
  readonly operation: Operation;
  readonly label: string;
  readonly icon: IconNode;
  readonly run: (row: SessionRow) => Promise<boolean>;
}

const ARCHIVE: Step = { operation: "archive", label: "Archive", icon: Archive, run: archive };
const RESTORE: Step = { operation: "restore", label: "Restore", icon: ArchiveRestore, run: restore };

/** The usual next step. It is always the same button, so that it keeps the focus when the state changes. */
function NextStep({ row }: { readonly row: SessionRow }): VNode {
  return <StepButton row={row} step={row.state === "archived" ? RESTORE : ARCHIVE} look="primary" />;
}

interface StepButtonProps {
  readonly row: SessionRow;
  readonly step: Step;
  readonly look: "primary" | "plain";
}

function StepButton({ row, step, look }: StepButtonProps): VNode {
  const isRunning = isBusy(row, step.operation);
  return (
    <Button
      look={look}
      icon={step.icon}
      busy={isRunning}
      disabled={busy.value.has(row.id) && !isRunning}
      onClick={(event: MouseEvent) => {
        if (event.detail < 2) void step.run(row); // the second half of a double click would do the opposite
      }}
    >
      {step.label}
    </Button>
  );
}

function AgentButton({ row }: { readonly row: SessionRow }): VNode {
  const running = row.agentRunning;
  return (
    <Button
      icon={running ? CircleStop : Bot}
      busy={isBusy(row, "agent")}
      title={running ? "Stop the simulated agent" : "Let a simulated agent write to this session"}
      onClick={() => void setAgent(row, !running)}
    >
      {running ? "Stop agent" : "Start agent"}
    </Button>
  );
}

function PinButton({ row }: { readonly row: SessionRow }): VNode {
  return (
    <Button
      icon={row.pinned ? PinOff : Pin}
      busy={isBusy(row, "pin")}
      title={row.pinned ? "Let sweeps archive and prune it again" : "Keep it from being swept and pruned"}
      onClick={() => void setPinned(row, !row.pinned)}
    >
      {row.pinned ? "Unpin" : "Pin"}
    </Button>
  );
}

function ExportButton({ row }: { readonly row: SessionRow }): VNode {
  return (
    <Button
      icon={FileDown}
      busy={isBusy(row, "export")}
      title="Export as .jsonl.gz"
      onClick={() => void exportGzip(row)}
    >
      Export
    </Button>
  );
}
