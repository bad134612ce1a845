/** Buttons with words, and buttons with only an icon, which need a label. */
import type { IconNode } from "lucide";
import type { ButtonHTMLAttributes, ComponentChildren, VNode } from "preact";
import { Icon } from "./icon.tsx";
import { Spinner } from "./spinner.tsx";

interface ButtonProps extends ButtonHTMLAttributes {
  readonly look?: "primary" | "plain" | "quiet" | "danger";
  readonly icon?: IconNode;
  /** Shows a spinner and ignores clicks; keeps the focus. */
  readonly busy?: boolean;
  readonly children?: ComponentChildren;
}

export function Button({ look = "plain", icon, busy = false, children, onClick, ...rest }: ButtonProps): VNode {
  return (
    <button
      type="button"
      {...rest}
      class={`button button-${look}`}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? undefined : onClick}
    >
      {busy ? <Spinner /> : icon && <Icon icon={icon} />}
      {children !== undefined && <span class="button-label">{children}</span>}
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes {
  readonly icon: IconNode;
  readonly label: string;
}

export function IconButton({ icon, label, ...rest }: IconButtonProps): VNode {
  return (
    <button type="button" {...rest} class="icon-button" aria-label={label} title={label}>
      <Icon icon={icon} size={18} />
    </button>
  );
}
