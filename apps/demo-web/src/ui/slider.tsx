/** A range with its value in words. */
import type { VNode } from "preact";
import { useId } from "preact/hooks";

interface SliderProps {
  readonly label: string;
  readonly hint: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
  /** The value as people say it. */
  readonly text: string;
  readonly disabled?: boolean;
  readonly onInput: (value: number) => void;
}

export function Slider({ label, hint, min, max, value, text, disabled = false, onInput }: SliderProps): VNode {
  const id = useId();
  return (
    <div class="slider">
      <div class="slider-head">
        <label for={id}>{label}</label>
        <output for={id} class="tabular">
          {text}
        </output>
      </div>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        value={value}
        disabled={disabled}
        aria-valuetext={text}
        aria-describedby={`${id}-hint`}
        style={{ "--filled": `${((value - min) / (max - min)) * 100}%` }}
        onInput={(event) => onInput(event.currentTarget.valueAsNumber)}
      />
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
    </div>
  );
}
