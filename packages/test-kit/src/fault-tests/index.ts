export { defineDiskTests } from "./disks.js";
export { defineKillTests } from "./kills.js";
