/** Tasks in which the simulated agent changes a program. */
import type { Step } from "./steps.ts";

export const CODING_TASKS: readonly (readonly Step[])[] = [
  [
    { type: "user", text: "The search box fires a request on every key. Can you debounce it?" },
    { type: "assistant", text: "I'll look at how the search box makes its requests first." },
    {
      type: "read",
      path: "src/search/search-box.tsx",
      output:
        'export function SearchBox({ onResults }: Props) {\n  const [query, setQuery] = useState("");\n  useEffect(() => {\n    fetchResults(query).then(onResults);\n  }, [query]);\n  return <input value={query} onInput={(event) => setQuery(event.currentTarget.value)} />;\n}\n',
    },
    {
      type: "assistant",
      text: "Each key changes `query`, and the effect fetches at once. Besides the load there is a race: an **older answer can arrive after a newer one** and replace it. I'll fix both with one timer and an `AbortController`.",
    },
    {
      type: "edit",
      path: "src/search/search-box.tsx",
      before: "    fetchResults(query).then(onResults);\n",
      after:
        "    const controller = new AbortController();\n    const timer = setTimeout(() => {\n      fetchResults(query, controller.signal).then(onResults, ignoreAbort);\n    }, 200);\n    return () => {\n      clearTimeout(timer);\n      controller.abort();\n    };\n",
    },
    {
      type: "run",
      command: "npm test -- search",
      output:
        " ✓ src/search/search-box.test.tsx (5 tests) 214ms\n\n Test Files  1 passed (1)\n      Tests  5 passed (5)\n   Duration  1.02s\n",
    },
    {
      type: "assistant",
      text: "Done. A request now goes out **200 ms after the last key**, and an answer that comes too late is dropped:\n\n- `fetchResults` takes a signal\n- the effect's clean-up clears the timer and aborts the request\n\nAll five tests pass.",
    },
  ],
  [
    { type: "user", text: "CI fails on main since this morning, only on Windows. Please find out why." },
    {
      type: "run",
      command: "git log --oneline -5",
      output:
        "4be12aa Build the docs index from file names\n9c01d3e Bump the test runner\nf77a0b1 Add a page on backups\n51e6a2c Fix a typo\n0d9b8f3 Release 2.4.0\n",
    },
    {
      type: "assistant",
      text: "The first suspect is `4be12aa`: it works with file names, and paths are where Windows differs.",
    },
    {
      type: "read",
      path: "scripts/docs-index.mjs",
      output:
        'import { readdirSync } from "node:fs";\n\nexport function pages(root) {\n  return readdirSync(root, { recursive: true })\n    .filter((path) => path.endsWith(".md"))\n    .map((path) => path.split("/").at(-1));\n}\n',
    },
    {
      type: "assistant",
      text: '`readdirSync` gives `guide\\backups.md` on Windows, so splitting at `"/"` leaves the folder in the name. `path.basename` knows both:\n\n```js\n.map((path) => basename(path))\n```',
    },
    {
      type: "edit",
      path: "scripts/docs-index.mjs",
      before: '    .map((path) => path.split("/").at(-1));\n',
      after: "    .map((path) => basename(path));\n",
    },
    {
      type: "run",
      command: "node --test scripts/",
      output:
        "✔ names are those of the files (2.1ms)\n✔ folders are not part of a name (0.4ms)\nℹ tests 2\nℹ pass 2\nℹ fail 0\n",
    },
    {
      type: "assistant",
      text: "Fixed, with a test that feeds it Windows paths, so that Linux would catch it next time.",
    },
  ],
  [
    { type: "user", text: "Add an endpoint that lists the invoices of a customer, newest first, 50 a page." },
    {
      type: "run",
      command: "rg -n 'router.get' src/routes | head",
      output:
        'src/routes/customers.ts:14:router.get("/customers/:id", async (req, res) => {\nsrc/routes/health.ts:5:router.get("/health", (_req, res) => res.json({ ok: true }));\n',
    },
    {
      type: "assistant",
      text: "Offsets would skip rows when an invoice is added between two pages, so I'll page by a **cursor** on `(issued_at, id)`:\n\n| parameter | meaning |\n| --- | --- |\n| `after` | cursor from the page before |\n| `limit` | 1 to 50, default 50 |",
    },
    {
      type: "edit",
      path: "src/routes/customers.ts",
      before: "export default router;\n",
      after:
        'router.get("/customers/:id/invoices", async (req, res) => {\n  const { after, limit } = pageOf(req.query);\n  const rows = await db.invoices.newestFirst(req.params.id, after, limit + 1);\n  res.json({ invoices: rows.slice(0, limit), next: rows[limit] ? cursorOf(rows[limit - 1]) : null });\n});\n\nexport default router;\n',
    },
    {
      type: "run",
      command: "npm test -- customers",
      exitCode: 1,
      output:
        " FAIL  src/routes/customers.test.ts > invoices > refuses a limit of 0\nAssertionError: expected 200 to be 400\n\n      Tests  1 failed | 7 passed (8)\n",
    },
    { type: "assistant", text: "A limit of 0 got through: `pageOf` checks the upper bound only." },
    {
      type: "edit",
      path: "src/routes/page.ts",
      before: "  if (limit > 50) throw badRequest();\n",
      after: "  if (!(limit >= 1 && limit <= 50)) throw badRequest();\n",
    },
    {
      type: "run",
      command: "npm test -- customers",
      output: " ✓ src/routes/customers.test.ts (8 tests) 331ms\n\n      Tests  8 passed (8)\n",
    },
    {
      type: "assistant",
      text: "The endpoint is there, and a bad limit is a `400`. The query uses the index `invoices_customer_issued`, so a page costs the same however long the list is.",
    },
  ],
];
