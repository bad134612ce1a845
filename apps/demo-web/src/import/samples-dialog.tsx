/** Asks how many sample sessions to make, how large, of which agent, and how old. */
import type { VNode } from "preact";
import { useId, useState } from "preact/hooks";
import { generate } from "../client/import-job.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { bytes, counted } from "../ui/format.ts";
import { Select } from "../ui/select.tsx";
import { Slider } from "../ui/slider.tsx";

const KB = 1000;
const SIZES = [50 * KB, 300 * KB, 2000 * KB, 20_000 * KB];
const SPANS = [7, 30, 90, 365];

export function SamplesDialog({ onClose }: { readonly onClose: () => void }): VNode {
  const [count, setCount] = useState(24);
  const [size, setSize] = useState("300000");
  const [kind, setKind] = useState<"mixed" | "claude-code" | "codex">("mixed");
  const [overDays, setOverDays] = useState("90");
  const formId = useId();
  const submit = (event: Event): void => {
    event.preventDefault();
    onClose();
    const common = { count, bytes: Number(size), overDays: Number(overDays) };
    void generate(kind === "mixed" ? common : { ...common, kind });
  };
  return (
    <Dialog
      title="Make sample sessions"
      onClose={onClose}
      footer={
        <>
          <p class="dialog-note tabular">About {bytes(count * Number(size))} in all</p>
          <Button look="primary" type="submit" form={formId}>
            Make {counted(count, "session")}
          </Button>
        </>
      }
    >
      <form id={formId} class="form" onSubmit={submit}>
        <Slider
          label="Sessions"
          hint="Realistic transcripts, generated on the spot."
          min={1}
          max={200}
          value={count}
          text={String(count)}
          onInput={setCount}
        />
        <Select
          label="Size of each, about"
          value={size}
          options={SIZES.map((each) => [String(each), bytes(each)])}
          onChange={setSize}
        />
        <Select
          label="Kind"
          value={kind}
          options={[
            ["mixed", "Claude Code and Codex"],
            ["claude-code", "Claude Code"],
            ["codex", "Codex"],
          ]}
          onChange={setKind}
        />
        <Select
          label="Last activity"
          value={overDays}
          options={SPANS.map((days) => [String(days), `Within the last ${days} days`])}
          onChange={setOverDays}
        />
      </form>
    </Dialog>
  );
}
