// A process that writes a file for ever, a line for each write that is done: for stores-file.test.mjs.
const [, , part, path] = process.argv;
const { guardedFile } = await import(part);
const file = guardedFile(path, 30_000);
for (;;) {
  const number = await file.exclusively(async () => {
    const before = JSON.parse((await file.read()) ?? '{"number":0}').number;
    await file.replace(JSON.stringify({ number: before + 1, text: "t".repeat(20_000) }));
    return before + 1;
  });
  process.stdout.write(`${number}\n`);
  // lets others have the lock, who look for it now and then
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
}
