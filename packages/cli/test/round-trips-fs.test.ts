import { testRoundTrips } from "./support/round-trips.js";

testRoundTrips(["--store", "fs:live", "--archives", "fs:archives"]);
