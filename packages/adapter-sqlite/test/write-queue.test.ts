import { expect, test } from "vitest";
import { type Line, type Write, WriteQueue } from "../src/write-queue.js";

const write = (line: Line, name: string): Write & { readonly name: string } => ({
  name,
  line,
  call: {},
  since: 0,
  late: false,
  work: () => {},
  resolve: () => {},
  reject: () => {},
});

test("writes that go alone take turns with all others, and have all turns if there are none", () => {
  const queue = new WriteQueue();
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => write("alone", name));
  for (const each of [a, b, c, d]) if (each) queue.add(each);
  queue.add(write("soon", "append"));
  expect(queue.takeAlone()).toBe(a);
  expect(queue.takeAlone()).toBeUndefined();
  expect(queue.takeAlone()).toBe(b);
  queue.take("soon");
  expect(queue.takeAlone()).toBe(c);
  expect(queue.takeAlone()).toBe(d);
  expect(queue.isEmpty).toBe(true);
});

test("writes that are put back come before those that came meanwhile, each in its line", () => {
  const queue = new WriteQueue();
  const taken = [write("soon", "1"), write("others", "2"), write("others", "3")];
  for (const line of ["soon", "others"] as const) queue.add(write(line, "later"));
  queue.putBack(taken);
  const names = (line: Line): unknown[] => {
    const found: unknown[] = [];
    for (let next = queue.take(line); next; next = queue.take(line)) found.push((next as { name?: string }).name);
    return found;
  };
  expect(names("soon")).toEqual(["1", "later"]);
  expect(names("others")).toEqual(["2", "3", "later"]);
});
