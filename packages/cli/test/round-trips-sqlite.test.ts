import { testRoundTrips } from "./support/round-trips.js";

testRoundTrips(["--store", "sqlite:live.db", "--archives", "fs:archives"]);
