/** How much the browser lets this site store, and whether it promises to keep it. */
import { ShieldAlert, ShieldCheck } from "lucide";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { keepData, loadStorage, storageFailed, storageStatus } from "../client/storage.ts";
import { Button } from "../ui/button.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { bytes } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";

/** From this share on the meter warns. */
const NEARLY_FULL = 0.8;

export function QuotaCard(): VNode | null {
  const status = storageStatus.value;
  if (storageFailed.value !== undefined) {
    return (
      <ErrorNote
        doing="The browser did not say how much this site uses"
        error={storageFailed.value}
        onRetry={() => void loadStorage()}
      />
    );
  }
  if (!status) return <span class="skeleton quota-skeleton" role="status" aria-label="Loading the quota" />;
  return (
    <section class="card quota" aria-label="Quota">
      <Meter used={status.usageBytes} quota={status.quotaBytes} reserved={status.reservedBytes} />
      <KeepPromise persisted={status.persisted} />
    </section>
  );
}

interface MeterProps {
  readonly used: number | null;
  readonly quota: number | null;
  readonly reserved: number;
}

function Meter({ used, quota, reserved }: MeterProps): VNode {
  if (used === null || quota === null || quota === 0)
    return <p>This browser doesn’t say how much this site may use.</p>;
  const fraction = used / quota;
  const percent = fraction < 0.001 ? "under 0.1" : (fraction * 100).toFixed(fraction < 0.1 ? 1 : 0);
  return (
    <div class="quota-meter">
      <p class="tabular">
        <strong>{bytes(used)}</strong> used of the {bytes(quota)} this browser allows
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: browsers draw <meter> each in their own way */}
      <div
        class="progress"
        role="meter"
        aria-label="Storage used"
        aria-valuemin={0}
        aria-valuemax={quota}
        aria-valuenow={used}
        aria-valuetext={`${percent} %: ${bytes(used)} of ${bytes(quota)}`}
        data-nearly-full={fraction >= NEARLY_FULL || undefined}
      >
        <div class="progress-fill" style={{ width: `max(4px, ${fraction * 100}%)` }} />
      </div>
      <p class="hint">
        {fraction >= NEARLY_FULL
          ? "Nearly full: sweep old sessions, or export some and delete them."
          : `That is ${percent} %. Browsers count in their own way, and give freed space back a little later.`}
        {reserved > 0 && ` ${bytes(reserved)} of it are kept free for archiving, so that a full store can be swept.`}
      </p>
    </div>
  );
}

function KeepPromise({ persisted }: { readonly persisted: boolean }): VNode {
  const [isBusy, setBusy] = useState(false);
  if (persisted) {
    return (
      <p class="quota-promise">
        <Icon icon={ShieldCheck} size={18} />
        The browser keeps this data until you delete it.
      </p>
    );
  }
  return (
    <div class="quota-promise">
      <Icon icon={ShieldAlert} size={18} />
      <p>The browser may drop all of this when the disk runs full.</p>
      <Button
        busy={isBusy}
        onClick={() => {
          setBusy(true);
          void keepData().finally(() => setBusy(false));
        }}
      >
        Keep my data
      </Button>
    </div>
  );
}
