/** Tasks of the simulated agent around a program: its image, an expression, its database. */
import type { Step } from "./steps.ts";

export const OTHER_TASKS: readonly (readonly Step[])[] = [
  [
    { type: "user", text: "Our Docker image is 1.4 GB. What is in it, and can it be smaller?" },
    {
      type: "run",
      command: "docker history --format '{{.Size}}\\t{{.CreatedBy}}' app:latest | head -6",
      output:
        '0B\tCMD ["node" "dist/main.js"]\n212MB\tRUN npm run build\n684MB\tRUN npm ci\n3.1MB\tCOPY . .\n402MB\t/bin/sh -c apt-get install -y build-essential\n117MB\tdebian:bookworm\n',
    },
    {
      type: "assistant",
      text: "Two thirds are tools that only the build needs: the compiler and the development dependencies. A **second stage** that takes the result alone gets rid of both.",
    },
    {
      type: "edit",
      path: "Dockerfile",
      before: 'CMD ["node", "dist/main.js"]\n',
      after:
        'FROM node:24-slim\nWORKDIR /app\nCOPY --from=build /app/dist ./dist\nCOPY --from=build /app/package*.json ./\nRUN npm ci --omit=dev\nUSER node\nCMD ["node", "dist/main.js"]\n',
    },
    {
      type: "run",
      command: "docker build -q -t app:slim . && docker images app --format '{{.Tag}}\\t{{.Size}}'",
      output: "slim\t243MB\nlatest\t1.42GB\n",
    },
    { type: "assistant", text: "From **1.42 GB to 243 MB**. It also no longer runs as root." },
  ],
  [
    { type: "user", text: "Explain what this regular expression does and whether it can be slow: ^(\\w+\\s?)*$" },
    {
      type: "assistant",
      text: "It accepts words with at most one space after each. And yes, it can be **very** slow: `(\\w+\\s?)*` can split a run of letters in many ways, and on a mismatch all of them are tried. Let me show it.",
    },
    {
      type: "run",
      command:
        'node -e \'for (const n of [20, 24, 28]) { const t = performance.now(); /^(\\w+\\s?)*$/.test("a".repeat(n) + "!"); console.log(n, Math.round(performance.now() - t), "ms"); }\'',
      output: "20 11 ms\n24 168 ms\n28 2714 ms\n",
    },
    {
      type: "assistant",
      text: "Four letters more make it 16 times slower: exponential. This one accepts the same and is linear:\n\n```js\n/^(?:\\w+(?:\\s\\w+)*\\s?)?$/\n```\n\nBetween two words there must now be a space, so there is only one way to split.",
    },
  ],
  [
    { type: "user", text: "Write a migration that makes emails unique without regard to case." },
    {
      type: "run",
      command: 'psql -c "select lower(email), count(*) from users group by 1 having count(*) > 1"',
      output:
        "       lower        | count \n--------------------+-------\n ana@example.com    |     2\n j.doe@example.com  |     2\n(2 rows)\n",
    },
    {
      type: "assistant",
      text: "There are **two pairs of duplicates** already, so a unique index would fail. I won't merge accounts by myself; the migration stops with a clear message until they are resolved.",
    },
    {
      type: "edit",
      path: "migrations/0042_unique_email.sql",
      before: "",
      after:
        "do $$ begin\n  if exists (select 1 from users group by lower(email) having count(*) > 1) then\n    raise exception 'Resolve duplicate emails first: see docs/duplicates.md';\n  end if;\nend $$;\n\ncreate unique index concurrently users_email_lower on users (lower(email));\n",
    },
    {
      type: "assistant",
      text: "Before this can run, somebody has to decide on `ana@example.com` and `j.doe@example.com`. I've listed both accounts of each, with their last logins, in `docs/duplicates.md`.",
    },
  ],
];
