// Imported before all else, it makes kit.mjs collect cases in place of handing them to node:test.
globalThis[Symbol.for("plaudit.cases")] = [];
