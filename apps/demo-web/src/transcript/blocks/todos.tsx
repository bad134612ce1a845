import type { TodosBlock } from "@session-archiver/transcripts";
import { Circle, CircleCheck, CircleDot } from "lucide";
import type { VNode } from "preact";
import { Icon } from "../../ui/icon.tsx";

const ICONS = { pending: Circle, active: CircleDot, done: CircleCheck } as const;
const SAID = { pending: "To do", active: "In progress", done: "Done" } as const;

export function Todos({ todos }: { readonly todos: TodosBlock }): VNode {
  return (
    <ul class="todos">
      {todos.items.slice(0, 200).map((item, i) => (
        <li key={i} class={`todo-${item.status}`}>
          <Icon icon={ICONS[item.status]} size={15} />
          <span class="visually-hidden">{SAID[item.status]}: </span>
          <span>{item.text.slice(0, 500)}</span>
        </li>
      ))}
    </ul>
  );
}
