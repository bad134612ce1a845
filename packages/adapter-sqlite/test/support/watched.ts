/** A host's handle that tells which rows are read through it. */
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
