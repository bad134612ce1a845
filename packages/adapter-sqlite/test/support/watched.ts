/** Hosts' handles that tell what goes through them. */
import type { Row, SqliteHandle, SqliteHandleStatement } from "../../src/driver.js";

/** `onRow`: gets each row that comes with others of its page. */
export function watched(host: SqliteHandle, onRow: (row: Row) => void): SqliteHandle {
  return {
    exec: (sql) => host.exec(sql),
    prepare(sql) {
      const statement = host.prepare(sql);
      const every = statement.all.bind(statement);
      const all: SqliteHandleStatement["all"] = (...values) => {
        const rows = every(...values);
        for (const row of rows as Row[]) onRow(row);
        return rows;
      };
      return Object.assign(statement, { all });
    },
  };
}

/** `onRun`: called before each `run`, which fails if it throws. */
export function counting(host: SqliteHandle, onRun: (sql: string) => void): SqliteHandle {
  return {
    exec: (sql) => host.exec(sql),
    prepare(sql) {
      const statement = host.prepare(sql);
      const run = statement.run.bind(statement);
      return Object.assign(statement, { run: (...values: never[]) => [onRun(sql), run(...values)][1] });
    },
  };
}
